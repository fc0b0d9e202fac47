"""Chromium, from Debian's packages: installed where it is missing and we are root, else unpacked into the cache."""

import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from deploy.check.needs import Lacking, install_packages
from deploy.check.unpacked import libraries, unpacked

FEATURES_OFF = (
    "AimEnabled",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "TcpPortRandomizationWin",
    "ThirdPartyStoragePartitioning",
    "msEdgeUpdateLaunchServicesPreferredVersion",
    "msForceBrowserSignIn",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxPopup",
)
"""Those that Playwright turns off, for of two such flags Chromium obeys the last. And what no test looks at: two pages
of the address bar, which each window loads in a process of its own."""
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-sync",
    f"--disable-features={','.join(FEATURES_OFF)}",
)
"""Without a display and as root; and nothing asked of anybody but the page's own server."""


@dataclass(frozen=True)
class Chromium:
    """The browser's programme, and what its environment has to say beside."""

    programme: str
    environment: dict[str, str] = field(default_factory=dict)


def chromium() -> Chromium:
    """The machine's, which is installed if it can be, or one that was unpacked. Raises Lacking."""
    if not shutil.which("chromium") and os.geteuid() == 0:
        install_packages({"chromium": "chromium"})
    if found := shutil.which("chromium"):
        return Chromium(found)
    return _within(unpacked("chromium"))


def _within(root: Path) -> Chromium:
    programme = root / "usr/lib/chromium/chromium"
    if not programme.exists():
        raise Lacking("the package chromium has no browser: install one by hand")
    environment = {"LD_LIBRARY_PATH": os.pathsep.join(map(str, libraries(root)))}
    if not Path("/etc/fonts/fonts.conf").exists():
        environment["FONTCONFIG_SYSROOT"] = str(root)
    return Chromium(str(programme), environment)
