"""A PostgreSQL 18 server of our own: its folder, its port, and the check that it is ours that answers."""

import signal
import struct
import subprocess
import sys

import asyncpg

from deploy.devstack.artefacts import postgres_home
from deploy.devstack.blocking import finish
from deploy.devstack.folder import RunFolder
from deploy.devstack.process import LAUNCHER, Process, clean_environment, free_port, wait_until
from deploy.devstack.trouble import Trouble

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "300",
    "shared_buffers": "128MB",
    "max_wal_size": "2GB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
UNSAFE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "scram_iterations": "1"}
"""For tests that kill no server: a crash of the machine may lose data, and nobody guesses a random password anyway."""


class PostgresServer(Process):
    """PostgreSQL in `<data>/postgres` on 127.0.0.1. `durable=False` turns fsync off.

    The port stays the same while this object lives, so that clients find a restarted server again.
    """

    def __init__(self, folder: RunFolder, durable: bool = True, port: int = 0) -> None:
        self.data = folder.data / "postgres"
        super().__init__("postgres", folder, signal.SIGINT, unroot=self.data)
        self.settings = SETTINGS | ({} if durable else UNSAFE)
        self.port = port
        self.password = folder.secret("postgres")

    @property
    def url(self) -> str:
        """The administrator's URL."""
        return f"postgresql://postgres:{self.password}@127.0.0.1:{self.port}/postgres"

    def prepare(self) -> None:
        """Fetch the package and make the cluster, if that was not done before."""
        self.home = postgres_home()
        self.port = free_port(self.port)
        if not (self.data / "PG_VERSION").exists():
            self._initialise()

    def begin(self) -> None:
        """Start the server; returns before it is ready."""
        options = [f"-c{name}={value}" for name, value in self.settings.items()]
        command = [str(self.home / "bin" / "postgres"), "-D", str(self.data), "-p", str(self.port)]
        self.spawn([*command, *options], clean_environment())

    def wait_ready(self, patience: float = 60.0) -> None:
        """Wait until our own cluster answers."""
        wait_until(self.answers, self, patience, "PostgreSQL")

    def start(self) -> None:
        self.prepare()
        self.begin()
        self.wait_ready()

    def answers(self) -> bool:
        """Whether a server answers at our port; Trouble if it is another cluster than ours."""
        found = finish(self._identity())
        if found is not None and found != self.identity:
            raise Trouble(f"port {self.port} is answered by another PostgreSQL (system identifier {found})")
        return found is not None

    @property
    def identity(self) -> int:
        """The cluster's system identifier, the first eight bytes of its control file."""
        with (self.data / "global" / "pg_control").open("rb") as file:
            return int(struct.unpack("=Q", file.read(8))[0])

    async def _identity(self) -> int | None:
        try:
            connection = await asyncpg.connect(self.url, timeout=5)
        except asyncpg.InvalidPasswordError as error:
            raise Trouble(f"port {self.port} is answered by a PostgreSQL that refuses our password") from error
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError):
            return None
        try:
            identifier = await connection.fetchval("SELECT system_identifier FROM pg_control_system()")
            return int(identifier) % 2**64  # a signed bigint there, unsigned in the file
        finally:
            await connection.close()

    def _initialise(self) -> None:
        self.data.mkdir(mode=0o700, exist_ok=True)
        locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--encoding=UTF8"]
        command = [self.home / "bin" / "initdb", "-D", self.data, "-U", "postgres", *locale, "--no-sync"]
        command += ["--auth=scram-sha-256", "--pwfile=/dev/stdin", "--no-instructions"]
        command += [f"--set={name}={value}" for name, value in self.settings.items() if name == "scram_iterations"]
        launch = [sys.executable, "-I", "-S", str(LAUNCHER), "--unroot", str(self.data), "--", *map(str, command)]
        with self.folder.log(self.name).open("ab") as log:
            run = subprocess.run(launch, input=f"{self.password}\n".encode(), stdout=log, stderr=log, check=False)
        if run.returncode:
            raise Trouble(f"PostgreSQL's initdb failed; {self.folder.log(self.name)} ends:\n{self.last_words()}")
