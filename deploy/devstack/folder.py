"""The run folder: data, logs, process ids and secrets of one running stack, and the lock that says it runs."""

import fcntl
import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import psutil

from deploy.devstack.environment import write_private
from deploy.devstack.trouble import Trouble

MARK = "AFTERCARE_RUN"
"""Every process of a stack has this in its environment, naming its run folder: so strays are known."""


class RunFolder:
    """A folder `.run`: `data/` (or another name), `log/`, `pids/`, `env`, `lock`, `status`."""

    def __init__(self, path: Path, data: str = "data") -> None:
        self.path = path.resolve()
        self.data = self.path / data
        self.environment_file = self.path / "env"
        self.status_file = self.path / "status"
        self.lock_file = self.path / "lock"
        for folder in (self.path, self.data, self.path / "log", self.path / "pids"):
            folder.mkdir(parents=True, exist_ok=True)

    def log(self, name: str) -> Path:
        return self.path / "log" / f"{name}.log"

    def pid_file(self, name: str) -> Path:
        return self.path / "pids" / name

    def secret(self, name: str, new: Callable[[], str] = lambda: secrets.token_urlsafe(24)) -> str:
        """A random password, or another `new` secret, made at first use, kept beside the data with mode 0600."""
        path = self.secret_file(name)
        if not path.exists():
            path.parent.mkdir(mode=0o700, exist_ok=True)
            write_private(path, new())
        return path.read_text()

    def secret_file(self, name: str) -> Path:
        return self.data / "secrets" / name

    @contextmanager
    def held(self, owner: str) -> Iterator[None]:
        """Hold the folder for one owner (`make up`, `make demo`); Trouble, in one line, if another has it."""
        with self.lock_file.open("a+") as file:
            self._lock(file)
            file.truncate(0)
            file.write(f"{owner} {os.getpid()}\n")
            file.flush()
            try:
                yield
            finally:
                file.truncate(0)

    def holder(self) -> tuple[str, int] | None:
        """Who holds the folder now: owner and process id."""
        end = time.monotonic() + 5
        while time.monotonic() < end:
            with self.lock_file.open("a+") as file:
                try:
                    fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
                except BlockingIOError:
                    owner, _, pid = self.lock_file.read_text().strip().rpartition(" ")
                else:
                    return None
            if pid:
                return owner, int(pid)
            time.sleep(0.02)  # the holder is just coming or going
        raise Trouble(f"{self.lock_file} is held by a process that does not say who it is")

    def sweep(self, patience: float = 15.0) -> int:
        """End what an earlier, killed run of this folder left behind; how many processes that were."""
        strays = list(self.processes())
        for stray in strays:
            with suppress(psutil.NoSuchProcess):
                stray.terminate()
                stray.resume()  # or one that was stopped would not hear it
        _, stubborn = psutil.wait_procs(strays, timeout=patience)
        for stray in stubborn:
            with suppress(psutil.NoSuchProcess):
                stray.kill()
        psutil.wait_procs(stubborn, timeout=5)
        for file in (self.path / "pids").iterdir():
            file.unlink(missing_ok=True)
        return len(strays)

    def processes(self) -> Iterator[psutil.Process]:
        """Every process that was started for this folder, but for us and those we descend from."""
        ours = {os.getpid(), *(parent.pid for parent in psutil.Process().parents())}
        for process in psutil.process_iter():
            try:
                if process.pid not in ours and process.environ().get(MARK) == str(self.path):
                    yield process
            except (psutil.AccessDenied, psutil.NoSuchProcess, OSError):
                continue

    def _lock(self, file: IO[str]) -> None:
        for _ in range(25):  # somebody who only looks who holds it is in the way for a moment
            with suppress(BlockingIOError):
                return fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            time.sleep(0.02)
        raise Trouble(self._who_holds())

    def _who_holds(self) -> str:
        owner, pid = self.holder() or ("another run", 0)
        stop = "`make down`" if owner == "make up" else "Ctrl-C there"
        return f"{owner} is running here (process {pid}): stop it first, with {stop}"
