"""`python -m deploy.images [SERVICE …]`: what `make images` does."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Annotated

import typer

from deploy import front
from deploy.devstack.trouble import Trouble
from deploy.images.engine import ROOT, Engine
from libs.services import SERVICES

DOCKERFILE = ROOT / "deploy/Dockerfile"


def build(engine: Engine, service: str, tag: str = "dev", base: str = "") -> str:
    """Build a service's image, and before it the console if that is not built; the image's name."""
    front.build()
    name = f"{os.environ.get('AFTERCARE_REGISTRY', '')}aftercare-{service}:{tag}"
    arguments = {"SERVICE": service, "VERSION": version(), "REVISION": revision()}
    engine.build(name, ROOT, DOCKERFILE, arguments | ({"BASE": base} if base else {}))
    return name


def version() -> str:
    """The release that pyproject.toml names."""
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"])


def revision() -> str:
    """The commit, with a plus for what is not committed; unknown outside a clone."""
    command = ["git", "describe", "--always", "--abbrev=40", "--exclude=*", "--dirty=+"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"


def main(
    services: Annotated[list[str] | None, typer.Argument(help="Which services; none: all.")] = None,
    tag: Annotated[str, typer.Option(help="The images' tag.")] = "dev",
    base: Annotated[str, typer.Option(help="Another base image than the Dockerfile's.")] = "",
    sbom: Annotated[Path | None, typer.Option(help="A folder for an SPDX list of what each image holds.")] = None,
) -> None:
    """Build the services' images."""
    if unknown := set(services or ()) - set(SERVICES):
        raise Trouble(f"there is no service {', '.join(sorted(unknown))}")
    engine = Engine.of_this_machine()
    for service in services or SERVICES:
        name = build(engine, service, tag, base)
        print(name, flush=True)
        if sbom:
            _list_contents(engine, name, sbom / f"aftercare-{service}.spdx.json")


def _list_contents(engine: Engine, name: str, file: Path) -> None:
    """By syft, from an archive: it asks no engine and no network."""
    if not shutil.which("syft"):
        raise Trouble("no syft here: go install github.com/anchore/syft/cmd/syft@v1.57.1")
    file.parent.mkdir(parents=True, exist_ok=True)
    archive = file.with_suffix(".tar")
    try:
        engine.run("save", "--output", str(archive), name)
        settings = os.environ | {"SYFT_CHECK_FOR_APP_UPDATE": "false"}
        command = ["syft", "scan", f"docker-archive:{archive}", "--quiet", "--output", f"spdx-json={file}"]
        if subprocess.run(command, env=settings, check=False).returncode:
            raise Trouble(f"syft failed on {name}")
    finally:
        archive.unlink(missing_ok=True)
    print(file, flush=True)


if __name__ == "__main__":
    try:
        typer.run(main)
    except Trouble as trouble:
        print(f"aftercare: {trouble}", file=sys.stderr)
        raise SystemExit(1) from None
