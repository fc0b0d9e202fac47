"""Programs of a Kubernetes node, built once a machine from their releases' modules: Debian has no packages of them."""

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deploy.check.needs import Lacking
from deploy.devstack.artefacts import cache_folder

HERE = Path(__file__).parent
STAGED = re.compile(r"^\s*(?:require )?(k8s\.io/[a-z-]+) v0\.0\.0$", re.MULTILINE)
"""Kubernetes' own parts: its go.mod takes them from folders beside it, others take the release of that number."""


@dataclass(frozen=True)
class Release:
    """One release of a module of Go, and the packages that programs are made of, relative to the module."""

    name: str
    version: str
    module: str
    commands: str = "cmd"
    stamps: Mapping[str, str] = field(default_factory=dict)
    """Variables that the linker sets, to what a program says of its `{version}`, `{major}` or `{minor}`."""
    main: Path | None = None
    """Our own main, where only some of its parts are wanted: it is built instead of `commands`."""

    @property
    def folder(self) -> Path:
        """Where its programs are kept."""
        return cache_folder() / f"{self.name}-{self.version}"

    def package(self, program: str) -> str:
        """What a program is built from."""
        return "." if self.main else f"{self.module}/{self.commands}/{program}"


KUBERNETES = Release(
    "kubernetes",
    "1.37.2",
    "k8s.io/kubernetes",
    stamps={
        "k8s.io/component-base/version.gitVersion": "v{version}",
        "k8s.io/component-base/version.gitMajor": "{major}",
        "k8s.io/component-base/version.gitMinor": "{minor}",
    },
)
CONTAINERD = Release(
    "containerd",
    "2.4.2",
    "github.com/containerd/containerd/v2",
    stamps={"github.com/containerd/containerd/v2/version.Version": "v{version}"},
)
COREDNS = Release("coredns", "1.15.0", "github.com/coredns/coredns", main=HERE / "coredns.go")


def built(release: Release, *programs: str) -> Path:
    """The folder with these programs, each built if it is not there yet (minutes). Raises Lacking."""
    if missing := [name for name in programs if not (release.folder / name).exists()]:
        _build(release, missing)
    return release.folder


def _build(release: Release, programs: list[str]) -> None:
    if not shutil.which("go"):
        raise Lacking(f"no Go compiler: install one, 1.26 or newer, to build {release.name}")
    print(f"· building {', '.join(programs)} {release.version}, once (minutes)", flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        module = json.loads(_go(scratch, "mod", "download", "-json", f"{release.module}@v{release.version}"))
        Path(scratch, "go.mod").write_text(_go_mod(release, module), encoding="utf-8")
        Path(scratch, "programs.go").write_text(_source(release, programs), encoding="utf-8")
        _go(scratch, "mod", "tidy", "-e")
        for name in programs:
            _go(scratch, "build", "-trimpath", "-ldflags", _flags(release), "-o", name, release.package(name))
            release.folder.mkdir(parents=True, exist_ok=True)
            shutil.move(Path(scratch, name), release.folder / f"{name}.new")
            (release.folder / f"{name}.new").rename(release.folder / name)


def _source(release: Release, programs: list[str]) -> str:
    """Our own main, or a file that names what is built, so that its modules are kept."""
    if release.main:
        return release.main.read_text(encoding="utf-8")
    imports = "".join(f'import _ "{release.package(name)}"\n' for name in programs)
    return f"//go:build never\n\npackage programs\n\n{imports}"


def _go_mod(release: Release, module: Any) -> str:
    """A module that takes the release with its parts of the same number."""
    staged = STAGED.findall(Path(module["GoMod"]).read_text(encoding="utf-8"))
    parts = "".join(f"replace {part} => {part} v0{release.version[1:]}\n" for part in sorted(set(staged)))
    return f"module programs\n\ngo 1.26.0\n\nrequire {release.module} v{release.version}\n\n{parts}"


def _flags(release: Release) -> str:
    major, minor, _ = release.version.split(".")
    told = {
        name: text.format(version=release.version, major=major, minor=minor) for name, text in release.stamps.items()
    }
    return " ".join(["-s -w", *(f"-X {name}={value}" for name, value in told.items())])


def _go(folder: str, *arguments: str) -> str:
    settings = os.environ | {"CGO_ENABLED": "0", "GOFLAGS": "-mod=mod"}
    done = subprocess.run(["go", *arguments], cwd=folder, env=settings, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Lacking(f"go {arguments[0]} failed: {done.stderr.strip().splitlines()[-1:]}")
    return done.stdout
