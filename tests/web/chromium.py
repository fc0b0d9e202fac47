"""Chromium, from Debian's packages: installed where it is missing and we are root."""

import os
import shutil

from deploy.check.needs import Lacking, install_packages

FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync")
"""Without a display and as root; and nothing asked of anybody but the page's own server."""


def chromium() -> str:
    """The browser's programme. Raises Lacking."""
    if not shutil.which("chromium") and os.geteuid() == 0:
        install_packages({"chromium": "chromium"})
    if (found := shutil.which("chromium")) is None:
        raise Lacking("there is no Chromium: install the package chromium")
    return found
