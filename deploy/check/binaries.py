"""Kubernetes' own programs, built once a machine from its releases' modules: Debian has no packages of them."""

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from deploy.check.needs import Lacking
from deploy.devstack.artefacts import cache_folder

KUBERNETES = "1.37.2"
STAGED = re.compile(r"^\s*(?:require )?(k8s\.io/[a-z-]+) v0\.0\.0$", re.MULTILINE)
"""Its own parts, which its go.mod takes from folders beside it, and everybody else from the release of that number."""
STAMP = "k8s.io/component-base/version"


def kubernetes(*programs: str) -> Path:
    """The folder with these programs, each built if it is not there yet (minutes). Raises Lacking."""
    folder = cache_folder() / f"kubernetes-{KUBERNETES}"
    if missing := [name for name in programs if not (folder / name).exists()]:
        _build(missing, folder)
    return folder


def _build(programs: Sequence[str], folder: Path) -> None:
    if not shutil.which("go"):
        raise Lacking("no Go compiler: install one, 1.26 or newer, to build Kubernetes")
    print(f"· building {', '.join(programs)} {KUBERNETES}, once (minutes)", flush=True)
    packages = [f"k8s.io/kubernetes/cmd/{name}" for name in programs]
    with tempfile.TemporaryDirectory() as scratch:
        module = json.loads(_go(scratch, "mod", "download", "-json", f"k8s.io/kubernetes@v{KUBERNETES}"))
        Path(scratch, "go.mod").write_text(_go_mod(module), encoding="utf-8")
        imports = "".join(f'import _ "{package}"\n' for package in packages)
        Path(scratch, "programs.go").write_text(f"//go:build never\n\npackage programs\n\n{imports}")
        _go(scratch, "mod", "tidy", "-e")
        for name, package in zip(programs, packages, strict=True):
            _go(scratch, "build", "-trimpath", "-ldflags", _stamps(), "-o", name, package)
            folder.mkdir(parents=True, exist_ok=True)
            shutil.move(Path(scratch, name), folder / f"{name}.new")
            (folder / f"{name}.new").rename(folder / name)


def _go_mod(module: Any) -> str:
    """A module that takes the release with its parts of the same number."""
    staged = STAGED.findall(Path(module["GoMod"]).read_text(encoding="utf-8"))
    parts = "".join(f"replace {part} => {part} v0{KUBERNETES[1:]}\n" for part in sorted(set(staged)))
    return f"module programs\n\ngo 1.26.0\n\nrequire k8s.io/kubernetes v{KUBERNETES}\n\n{parts}"


def _stamps() -> str:
    major, minor, _ = KUBERNETES.split(".")
    told = {"gitVersion": f"v{KUBERNETES}", "gitMajor": major, "gitMinor": minor}
    return " ".join(["-s -w", *(f"-X {STAMP}.{name}={value}" for name, value in told.items())])


def _go(folder: str, *arguments: str) -> str:
    settings = os.environ | {"CGO_ENABLED": "0", "GOFLAGS": "-mod=mod"}
    done = subprocess.run(["go", *arguments], cwd=folder, env=settings, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Lacking(f"go {arguments[0]} failed: {done.stderr.strip().splitlines()[-1:]}")
    return done.stdout
