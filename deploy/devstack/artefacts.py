"""Kafka, PostgreSQL and Keycloak as packages: locked jars, fetched once into the user's cache and checked by hash.

A lock file has a line `group:artifact:version sha256=…` for each jar (`…:version:zip` for a zip) and names no host: jgo
knows where Maven's repository is. A file enters the cache by an atomic rename after its hash was checked, so that two
runs may fetch side by side and an interrupted one leaves nothing half done.
"""

import hashlib
import os
import platform
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from deploy.devstack.trouble import Trouble

HERE = Path(__file__).parent
KAFKA_LOCK = HERE / "kafka-4.3.0.lock"
POSTGRES_LOCK = HERE / "postgres-18.6.0.lock"
KEYCLOAK_LOCK = HERE / "keycloak-26.7.3.lock"


@dataclass(frozen=True)
class Jar:
    """One line of a lock file."""

    group: str
    artifact: str
    version: str
    sha256: str
    packaging: str = "jar"

    @property
    def file_name(self) -> str:
        return f"{self.artifact}-{self.version}.{self.packaging}"


Download = Callable[[Jar, Path], Path]
"""Fetches a jar into a folder: where it is then."""


def read_lock(path: Path) -> list[Jar]:
    """The jars of a lock file, in its order."""
    lines = (line.split() for line in path.read_text().splitlines() if line.strip())
    split = ((*coordinates.split(":"), digest.removeprefix("sha256=")) for coordinates, digest in lines)
    return [Jar(group, artifact, version, sha256, *more) for group, artifact, version, *more, sha256 in split]


def cache_folder() -> Path:
    """Where fetched files are kept: `$XDG_CACHE_HOME/aftercare`, else `~/.cache/aftercare`."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "aftercare"


def fetch(jars: Sequence[Jar], download: Download | None = None) -> list[Path]:
    """Paths of the jars in the cache, in order; what is missing or damaged there is fetched first."""
    folder = cache_folder() / "jars"
    folder.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(12) as threads:
        return list(threads.map(lambda jar: _cached(jar, folder, download or _download), jars))


def kafka_classpath() -> str:
    """The class path of the broker."""
    return os.pathsep.join(str(path) for path in fetch(read_lock(KAFKA_LOCK)))


def postgres_home() -> Path:
    """The folder with PostgreSQL's bin, lib and share for this machine, unpacked at first use."""
    jar = _postgres_jar()
    home = cache_folder() / f"{jar.artifact}-{jar.version}-{jar.sha256[:8]}"
    if not home.exists():
        _unpack(fetch([jar])[0], home)
    return home


def _postgres_jar() -> Jar:
    machine = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64v8", "arm64": "arm64v8"}.get(platform.machine())
    wanted = f"embedded-postgres-binaries-{sys.platform}-{machine}"
    for jar in read_lock(POSTGRES_LOCK):
        if jar.artifact == wanted:
            return jar
    raise Trouble(
        f"no PostgreSQL package for {sys.platform} {platform.machine()}: point DATABASE_URL at a PostgreSQL 18 of yours"
    )


def _cached(jar: Jar, folder: Path, download: Download) -> Path:
    path = folder / f"{jar.sha256[:8]}-{jar.file_name}"
    if path.exists() and _digest(path) == jar.sha256:
        return path
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        fetched = download(jar, Path(scratch))
        if (found := _digest(fetched)) != jar.sha256:
            raise Trouble(f"{jar.file_name} has sha256 {found}, the lock says {jar.sha256}: not used")
        os.replace(fetched, path)
    return path


def _download(jar: Jar, scratch: Path) -> Path:
    # jgo's import costs half a second: only a cold cache pays it.
    from jgo.maven import MavenContext  # noqa: PLC0415
    from requests import RequestException  # noqa: PLC0415

    context = MavenContext(repo_cache=scratch, timeout=60)
    try:
        component = context.project(jar.group, jar.artifact).at_version(jar.version)
        artifact: Path = component.artifact(packaging=jar.packaging).resolve()
    except (RequestException, RuntimeError, OSError) as error:
        raise Trouble(f"cannot fetch {jar.file_name}; is there a network? ({error})") from error
    return artifact


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _unpack(jar: Path, home: Path) -> None:
    with tempfile.TemporaryDirectory(dir=home.parent) as scratch:
        with zipfile.ZipFile(jar) as archive:
            inner = next(name for name in archive.namelist() if name.endswith(".txz"))
            archive.extract(inner, scratch)
        target = Path(scratch) / "home"
        with tarfile.open(Path(scratch) / inner) as tar:
            tar.extractall(target, filter="tar")
        target.chmod(0o755)
        try:
            os.rename(target, home)
        except OSError:
            if not home.exists():  # else another run was first, with the same files
                raise
