"""A child process with a log, a pid file, and a life that ends with ours."""

import fcntl
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from threading import Lock
from typing import IO

from deploy.devstack.folder import MARK, RunFolder
from deploy.devstack.trouble import Trouble

ROOT = Path(__file__).parents[2]
LAUNCHER = Path(__file__).parent / "child.py"
LOG_LIMIT = 16 * 1024 * 1024

# A death signal comes when the THREAD that forked ends, so one thread that lives as long as we do starts them all.
_spawner = ThreadPoolExecutor(1, "spawner")


class Process(ABC):
    """One named child of a run folder; may be started again and again under its name.

    `end_signal` asks it to stop in good order and reaches it when we die; `unroot` is a folder that it must own
    and that makes it run as nobody when we are root. `root` is the tree that a module of ours is read from at its next
    start: another one is another release.
    """

    def __init__(
        self,
        name: str,
        folder: RunFolder,
        end_signal: signal.Signals = signal.SIGTERM,
        unroot: Path | None = None,
    ) -> None:
        self.name = name
        self.folder = folder
        self.end_signal = end_signal
        self.unroot = unroot
        self.root = ROOT
        self._child: subprocess.Popen[bytes] | None = None

    @abstractmethod
    def begin(self) -> None:
        """Start it; returns before it is ready."""

    def spawn(self, command: Sequence[str | Path], environment: Mapping[str, str]) -> None:
        """Start it and write its pid file; returns at once."""
        options = ["--signal", str(int(self.end_signal))]
        if self.unroot:
            options += ["--unroot", str(self.unroot)]
        launch = [sys.executable, "-I", "-S", str(LAUNCHER), *options, "--", *map(str, command)]
        with _rotated(self.folder.log(self.name)).open("ab") as log:
            self._child = _spawner.submit(
                subprocess.Popen,
                launch,
                cwd=self.root,
                env={**environment, MARK: str(self.folder.path)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for us alone: we stop them in our order
            ).result()
        self.folder.pid_file(self.name).write_text(f"{self._child.pid}\n")

    @property
    def pid(self) -> int:
        """The process id, Trouble if it was never started."""
        if self._child is None:
            raise Trouble(f"{self.name} was not started")
        return self._child.pid

    @property
    def alive(self) -> bool:
        return self._child is not None and self._child.poll() is None

    def end(self, patience: float = 20.0) -> None:
        """Stop it in good order, by force if that takes too long; nothing if it does not run."""
        if self.alive:
            self.signal(self.end_signal)
            self.resume()  # or a paused one would not hear it
            self.wait(patience)
        self.folder.pid_file(self.name).unlink(missing_ok=True)

    def wait(self, patience: float) -> None:
        """Wait for its end; SIGKILL when patience is over."""
        assert self._child is not None
        try:
            self._child.wait(patience)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """SIGKILL, and wait until it is gone."""
        if self.alive:
            self.signal(signal.SIGKILL)
        if self._child is not None:
            self._child.wait()

    def pause(self) -> None:
        """SIGSTOP: it lives and does nothing."""
        self.signal(signal.SIGSTOP)

    def resume(self) -> None:
        self.signal(signal.SIGCONT)

    def signal(self, number: signal.Signals) -> None:
        assert self._child is not None
        self._child.send_signal(number)

    def last_words(self, lines: int = 8) -> str:
        """The end of its log, for a message about its death."""
        log = self.folder.log(self.name)
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:]) if log.exists() else ""


def wait_until(ready: Callable[[], bool], process: Process, patience: float, what: str) -> None:
    """Poll until ready; Trouble with the end of the log if the process ends or patience does."""
    end = time.monotonic() + patience
    log = process.folder.log(process.name)
    while not ready():
        if not process.alive:
            raise Trouble(f"{what} ended at its start; {log} ends:\n{process.last_words()}")
        if time.monotonic() > end:
            raise Trouble(f"{what} is not ready after {patience:.0f} s; see {log}")
        time.sleep(0.05)


PORTS = range(15_000, 32_000)
"""Below those that the kernel takes for outgoing connections: one of them may have gone before its server comes."""
TRIES = 200
_given: set[int] = set()
_giving = Lock()
"""Servers are started side by side. Who opened the shared file a second time and let go of it would free all."""


def free_port(wished: int = 0) -> int:
    """The wished port of 127.0.0.1 if it is free, else any free one that was not given to anybody before.

    Nor to another process of this machine that lives, whose server may be still to come.
    """
    with _giving:
        others = [port for port in random.sample(PORTS, TRIES) if port not in _given]
        for port in [wished, *others] if wished else others:
            if _is_ours(port):
                _given.add(port)
                return port
    raise Trouble("no free port on 127.0.0.1")


def _is_ours(port: int) -> bool:
    """Take the byte of the port in a file that all processes share: it is free again when we end, however that is."""
    try:
        fcntl.lockf(_shared(), fcntl.LOCK_EX | fcntl.LOCK_NB, 1, port)
    except OSError:
        return False
    is_free = _is_free(port)
    if not is_free and port not in _given:  # a stranger's, who may leave it to another process of ours
        fcntl.lockf(_shared(), fcntl.LOCK_UN, 1, port)
    return is_free


def _is_free(port: int) -> bool:
    """Whether nobody has it at this moment."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


@cache
def _shared() -> IO[bytes]:
    """Open as long as we live: closing it would free all."""
    return (Path(tempfile.gettempdir()) / f"aftercare-ports-{os.getuid()}").open("ab")


def clean_environment() -> dict[str, str]:
    """Our environment for a child, without what would change how servers of ours behave."""
    unwanted = ("PG", "KAFKA_", "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS")
    return {key: value for key, value in os.environ.items() if not key.startswith(unwanted)}


def _rotated(log: Path) -> Path:
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        os.replace(log, log.with_suffix(".log.1"))
    return log
