"""`python -m tests.pythons`: the unit tests on the newest Python that the product runs on; FULL=1: on each other."""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from deploy.devstack.artefacts import cache_folder
from deploy.environment import LOCK, ROOT
from tests.__main__ import PARTS, SERVED, SOME_FAILED, WORKERS
from tests.second_try import second_try

VERSIONS = ("3.11", "3.12", "3.13")
"""Everything is tested on the oldest. The images have the newest, and what passes on both seldom fails between."""
FEW = "--hypothesis-profile=few"
"""The rules are the same on each Python: what may differ shows in a few examples."""


def found(version: str) -> Path | None:
    """A Python of this version that answers; where there is pyenv, its newest of that version."""
    if (named := shutil.which(f"python{version}")) and _answers(Path(named)):
        return Path(named)
    if not (pyenv := shutil.which("pyenv")):
        return None
    prefix = subprocess.run([pyenv, "prefix", version], capture_output=True, text=True, check=False).stdout.strip()
    inside = Path(prefix) / "bin/python"
    return inside if prefix and _answers(inside) else None


def _answers(python: Path) -> bool:
    try:
        return subprocess.run([python, "--version"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def environment(python: Path, version: str) -> Path:
    """Its own environment with what the lock names, kept outside the checkout; its interpreter.

    Raises CalledProcessError where that cannot be made.
    """
    key = hashlib.sha256(f"{python}\n".encode() + LOCK.read_bytes()).hexdigest()[:12]
    folder = cache_folder() / "pythons" / f"{version}-{key}"
    if not (folder / "ready").exists():
        uv: list[str | Path] = [sys.executable, "-m", "uv"]
        subprocess.run([*uv, "venv", "--quiet", "--clear", "--python", python, folder], check=True)
        sync = [*uv, "pip", "sync", "--quiet", "--compile-bytecode", "--require-hashes"]
        subprocess.run([*sync, "--python", folder / "bin/python", LOCK], check=True)
        (folder / "ready").touch()
    return folder / "bin/python"


def others() -> Iterator[tuple[str, Path | None]]:
    """Each version asked for but the one that runs this, and where it is."""
    for version in VERSIONS if os.environ.get("FULL") else VERSIONS[-1:]:
        if version != "{}.{}".format(*sys.version_info):
            yield version, found(version)


def passes(python: Path) -> bool:
    """Whether the unit tests pass there; a few with servers have a second try, and are named then (ADR 87)."""
    folders = [f"tests/{name}" for name in PARTS["unit"]]
    path = f"{python.parent}{os.pathsep}{os.environ['PATH']}"
    command = [str(python), "-m", "pytest", "-q", "--cache-clear", FEW, *WORKERS, *folders]
    ended = subprocess.run(command, cwd=ROOT, env={**os.environ, "PATH": path}, check=False).returncode
    raced = second_try(ROOT, SERVED["unit"], python) if ended == SOME_FAILED else []
    for test in raced:
        print(f"a race, to be mended: {test} failed, and passed alone", flush=True)
    return ended == 0 or bool(raced)


def told(version: str, python: Path | None) -> tuple[str, bool]:
    """How it went on one Python, and whether nothing failed; one that is not here says nothing of us."""
    if python is None:
        return f"Python {version} is not here", True
    began = time.monotonic()
    try:
        inside = environment(python, version)
    except subprocess.CalledProcessError:
        return f"FAILED: what the lock names cannot be installed on {python}", False
    passed = passes(inside)
    minutes = (time.monotonic() - began) / 60
    return f"unit tests on {python}: {'passed' if passed else 'FAILED'}, {minutes:.1f} min", passed


def main() -> int:
    """The exit status: 0 if they pass wherever they could be run."""
    results = [told(version, python) for version, python in others()]
    print("\n".join(line for line, _ in results), flush=True)
    return 0 if all(passed for _, passed in results) else 1


if __name__ == "__main__":
    sys.exit(main())
