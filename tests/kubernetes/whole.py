"""LEVEL=3: a whole node, built and started in namespaces of its own, on which the overlay `ci` runs under load."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import psutil

from deploy.check.needs import Lacking, install, install_packages
from deploy.check.standins import Images
from deploy.devstack.artefacts import cache_folder
from deploy.devstack.folder import RunFolder
from deploy.devstack.process import LAUNCHER, ROOT
from deploy.images.engine import Engine
from deploy.setup.__main__ import Installation
from tests.compose.__main__ import CONTAINERS_CONF
from tests.compose.keycloak import CLIENTS
from tests.compose.load import tell
from tests.compose.upgrade import MIGRATION, NEXT, SERVICE
from tests.kubernetes import node
from tests.kubernetes.server import ETCD

KEYCLOAK_URL = "https://keycloak:8443"
PACKAGES = {**ETCD, "/usr/lib/cni/bridge": "containernetworking-plugins"}
OWN = ("unshare", "--mount", "--net", "--pid", "--mount-proc", "--fork", "--kill-child")
"""Processes, mounts and the network are the run's own: with its first process all of them end, however that ends."""
GONE_SECONDS = 20.0
PODS = "kubepods"
"""The control group that a kubelet makes."""


def whole() -> bool:
    """Whether every check on a node held. Raises Lacking."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    install()
    install_packages(PACKAGES)
    node.programs()
    folder = RunFolder(cache_folder() / "node")
    with folder.held("make k8s-check LEVEL=3"):
        if any(process.name() == "kubelet" for process in psutil.process_iter()):
            raise Lacking("a kubelet runs here: two of them would share one control group")
        _clear(folder)
        try:
            _prepare(folder)
            held = _run(folder) or _tell_why(folder)
        finally:
            is_gone = _clear(folder)
            tell("nothing is left running" if is_gone else f"control groups of pods are left: see {PODS}")
        return held and is_gone


def archive(folder: RunFolder) -> Path:
    """All images in one file; each has the name that names.txt gives it on the node."""
    return folder.path / "images.tar"


def names(folder: RunFolder) -> dict[str, str]:
    """The images' names as manifests have them, written out as containerd wants them, and as the archive has them."""
    lines = (folder.path / "names.txt").read_text(encoding="utf-8").splitlines()
    return dict(line.split(" ") for line in lines)


def _prepare(folder: RunFolder) -> None:
    """The images, and an installation's secrets where the guide has them."""
    engine = Engine("podman", environment={"CONTAINERS_CONF": str(CONTAINERS_CONF)})
    images = Images(engine)
    images.make()
    images.pause()
    images.next(SERVICE, NEXT, MIGRATION)
    made = {name: kept for name, kept in images.running.items() if not name.startswith("prom/")}
    engine.run("save", "--quiet", "--multi-image-archive", "--output", str(archive(folder)), *made.values())
    lines = "".join(f"{_whole_name(name)} {kept}\n" for name, kept in made.items())
    (folder.path / "names.txt").write_text(lines, encoding="utf-8")
    deploy = folder.path / "clone/deploy"
    deploy.mkdir(parents=True)
    (deploy / "k8s").symlink_to(ROOT / "deploy/k8s")
    Installation(deploy).write(KEYCLOAK_URL, CLIENTS)
    tell(f"images: {', '.join(made)}")


def _whole_name(name: str) -> str:
    """As containerd completes it: `postgres:18` is docker.io/library/postgres:18."""
    host, slash, _ = name.partition("/")
    return name if slash and "." in host else f"docker.io/{name}" if slash else f"docker.io/library/{name}"


def _run(folder: RunFolder) -> bool:
    launch = [sys.executable, "-I", "-S", str(LAUNCHER), "--signal", "9", "--"]  # it ends with us
    drive = [sys.executable, "-m", "tests.kubernetes.drive", str(folder.path)]
    return subprocess.run([*launch, *OWN, *drive], cwd=ROOT, check=False).returncode == 0


def _tell_why(folder: RunFolder) -> bool:
    """Keep what pods and programs have said."""
    kept = Path(tempfile.gettempdir()) / f"aftercare-k8s-{os.getpid()}"
    for name in ("log", "pods"):
        with suppress(FileNotFoundError):
            shutil.copytree(folder.path / name, kept / name)
    tell(f"what pods and programs said is in {kept}")
    return False


def _clear(folder: RunFolder) -> bool:
    """Remove what a run leaves: control groups without processes, and files. Whether no group is left."""
    give_up = time.monotonic() + GONE_SECONDS
    while not (is_gone := _without_groups()) and time.monotonic() < give_up:
        time.sleep(0.2)  # the kernel is still ending what was in them
    for each in folder.path.iterdir():
        if each.is_dir():
            shutil.rmtree(each)
        elif each != folder.lock_file:
            each.unlink()
    return is_gone


def _without_groups() -> bool:
    """Remove the control groups that are empty; whether none is left."""
    groups = Path("/sys/fs/cgroup")
    found = [*groups.glob(PODS), *groups.glob(f"*/{PODS}")]
    for path in (path for group in found for path, _, _ in os.walk(group, topdown=False)):
        with suppress(OSError):
            Path(path).rmdir()
    return not any(group.exists() for group in found)
