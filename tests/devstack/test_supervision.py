"""`make up` and `make down` with the servers alone: what dies comes back, what ends leaves nothing."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from deploy.devstack.environment import read_environment
from deploy.devstack.folder import RunFolder
from deploy.devstack.process import ROOT
from deploy.devstack.trouble import Trouble


class Devstack:
    """The commands, on a run folder of the test's own."""

    def __init__(self, path: Path) -> None:
        self.folder = RunFolder(path)

    def __call__(self, *command: str) -> subprocess.CompletedProcess[str]:
        line = [sys.executable, "-m", "deploy.devstack", *command, "--run", str(self.folder.path)]
        return subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)

    def up(self) -> None:
        done = self("up", "--services", "none")
        assert done.returncode == 0, done.stderr

    def pid(self, name: str) -> int:
        return int(self.folder.pid_file(name).read_text())

    def is_another(self, name: str, before: int) -> bool:
        """Whether another process has its name; the file is empty at the moment in which it is written."""
        written = self.folder.pid_file(name).read_text()
        return bool(written) and int(written) != before and psutil.pid_exists(int(written))


@pytest.fixture(scope="module")
def devstack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Devstack]:
    own = Devstack(tmp_path_factory.mktemp("supervised"))
    own.up()
    yield own
    own("down")


def test_up_twice_is_harmless(devstack: Devstack) -> None:
    before = _pids(devstack)
    devstack.up()
    assert _pids(devstack) == before


def test_its_addresses_and_passwords_are_for_the_owner_only(devstack: Devstack) -> None:
    secrets = [devstack.folder.environment_file, *(devstack.folder.data / "secrets").iterdir()]
    assert {path.stat().st_mode & 0o777 for path in secrets} == {0o600}
    environment = read_environment(devstack.folder.environment_file)
    names = ("INTAKE", "TRIAGE", "DISPATCH", "SLA", "SURVEY")
    assert {f"{name}_{role}DATABASE_URL" for name in names for role in ("", "OWNER_")} <= environment.keys()


@pytest.mark.parametrize("name", ["kafka", "postgres"])
def test_what_died_is_started_again_within_two_seconds(devstack: Devstack, name: str) -> None:
    killed = devstack.pid(name)
    os.kill(killed, signal.SIGKILL)
    _within(2, lambda: devstack.is_another(name, killed))


def test_another_owner_is_refused_in_one_line(devstack: Devstack) -> None:
    with pytest.raises(Trouble, match=r"^make up is running here \(process \d+\)[^\n]*$"), devstack.folder.held("demo"):
        pass


def test_up_is_refused_while_the_demo_runs(tmp_path: Path) -> None:
    other = Devstack(tmp_path)
    with other.folder.held("make demo"):
        refused = other("up", "--services", "none")
    assert refused.returncode == 1
    assert refused.stderr.startswith("aftercare: make demo is running here")
    assert refused.stderr.count("\n") == 1


def test_a_killed_supervisor_leaves_nothing_that_up_cannot_put_right(devstack: Devstack) -> None:
    before = _pids(devstack)
    address = read_environment(devstack.folder.environment_file)["DATABASE_URL"]
    os.kill(devstack.pid("supervisor"), signal.SIGKILL)
    devstack.up()
    assert not before & _pids(devstack)
    assert not any(psutil.pid_exists(pid) for pid in before)
    assert read_environment(devstack.folder.environment_file)["DATABASE_URL"] == address


def test_down_leaves_nothing_running_even_after_a_killed_supervisor(devstack: Devstack) -> None:
    before = _pids(devstack)
    os.kill(devstack.pid("kafka"), signal.SIGSTOP)  # so that it cannot follow its parent
    os.kill(devstack.pid("supervisor"), signal.SIGKILL)
    assert devstack("down").returncode == 0
    assert not any(psutil.pid_exists(pid) for pid in before)
    assert not devstack.folder.environment_file.exists()
    assert list((devstack.folder.path / "pids").iterdir()) == []
    assert "nothing was running" in devstack("down").stdout


def _pids(devstack: Devstack) -> set[int]:
    return {devstack.pid(name) for name in ("kafka", "postgres", "supervisor")}


def _within(seconds: float, true: Callable[[], bool]) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)
