"""Real servers of our own: they are who they say, come back on the same port, and keep what was committed."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import asyncpg
import psutil
import pytest

from deploy.devstack.environment import read_environment, write_environment
from deploy.devstack.folder import RunFolder
from deploy.devstack.kafka import KafkaServer
from deploy.devstack.postgres import PostgresServer
from deploy.devstack.probe import groups_ready
from deploy.devstack.process import LAUNCHER, ROOT, free_port
from deploy.devstack.stack import Stack
from deploy.devstack.trouble import Trouble

SIDE_BY_SIDE = """
import sys, time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from deploy.devstack.process import free_port
at_once = Path.open
def slowly(*arguments):
    time.sleep(0.2)
    return at_once(*arguments)
Path.open = slowly
with ThreadPoolExecutor(4) as threads:
    print(*threads.map(lambda _: free_port(), range(4)), flush=True)
sys.stdin.read()
"""
STARTS_A_STACK = """
import sys, time
from pathlib import Path
from deploy.devstack.folder import RunFolder
from deploy.devstack.stack import Stack
stack = Stack(RunFolder(Path(sys.argv[1])), environment={}).start()
print(stack.postgres.pid, stack.kafka.pid, flush=True)
time.sleep(600)
"""


async def test_killed_servers_come_back_at_the_same_address_with_what_was_committed(killable: Stack) -> None:
    addresses = killable.database_url, killable.kafka_bootstrap
    await _execute(killable.database_url, "CREATE TABLE kept AS SELECT 1 AS one")
    for server in killable.servers:
        server.kill()
        assert not server.answers()
        server.begin()
        server.wait_ready()
    assert (killable.database_url, killable.kafka_bootstrap) == addresses
    assert await _fetch(killable.database_url, "SELECT one FROM kept") == 1
    assert groups_ready(killable.kafka.port)


async def test_servers_of_others_are_recognised(killable: Stack, tmp_path: Path) -> None:
    postgres = PostgresServer(RunFolder(tmp_path / "other"), port=killable.postgres.port)
    with pytest.raises(Trouble, match="refuses our password"):
        postgres.answers()
    postgres.password = killable.postgres.password
    (postgres.data / "global").mkdir(parents=True)
    (postgres.data / "global" / "pg_control").write_bytes(b"another!")
    with pytest.raises(Trouble, match="another PostgreSQL"):
        postgres.answers()
    kafka = KafkaServer(RunFolder(tmp_path / "other"), port=killable.kafka.port)
    (kafka.data / "log").mkdir(parents=True)
    write_environment(kafka.data / "log" / "meta.properties", {"cluster.id": "another"})
    with pytest.raises(Trouble, match="another Kafka"):
        kafka.answers()


def test_a_port_in_use_is_left_to_its_user(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        postgres = PostgresServer(RunFolder(tmp_path), durable=False, port=taken.getsockname()[1])
        postgres.start()
        assert postgres.port != taken.getsockname()[1]
        postgres.end()


def test_servers_end_with_a_parent_that_was_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", STARTS_A_STACK, str(tmp_path / "run")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        servers = [psutil.Process(int(pid)) for pid in parent.stdout.readline().split()]
        assert len(servers) == 2
        parent.send_signal(signal.SIGKILL)
    _, alive = psutil.wait_procs(servers, timeout=15)
    assert alive == []


def test_a_plain_user_starts_them_too(tmp_path: Path) -> None:
    """As root, the whole stack is started by nobody; a plain user's tests have shown it by then."""
    run = tmp_path / "run"
    RunFolder(run)
    plain = [sys.executable, str(LAUNCHER), "--unroot", str(run), "--"] if os.geteuid() == 0 else []
    stack = [sys.executable, "-m", "deploy.devstack"]
    up = [*plain, *stack, "up", "--run", str(run), "--services", "none"]
    subprocess.run(up, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    assert read_environment(run / "env")["DATABASE_URL"]
    subprocess.run([*stack, "down", "--run", str(run)], cwd=ROOT, check=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become nobody")
def test_root_without_user_namespaces_runs_postgresql_as_nobody(tmp_path: Path) -> None:
    """Containers often refuse user namespaces; then the data goes to nobody, even below a folder closed to him."""
    folder = RunFolder(tmp_path / "run")
    folder.path.chmod(0o700)
    server = PostgresServer(folder, durable=False)
    server.prepare()
    script = (
        f"import sys; sys.path.insert(0, {str(LAUNCHER.parent)!r}); import child;"
        "child.namespaces_allowed = lambda: False; child.main(sys.argv[1:])"
    )
    begin = [sys.executable, "-c", script, "--signal", "2", "--unroot", str(server.data), "--"]
    begin += [str(server.home / "bin" / "postgres"), "-D", str(server.data), "-p", str(server.port)]
    begin += [f"-c{name}={value}" for name, value in server.settings.items()]
    with subprocess.Popen(begin, stderr=subprocess.DEVNULL) as running:
        while not server.answers():
            assert running.poll() is None
        assert psutil.Process(running.pid).uids().real == 65534
        running.send_signal(signal.SIGINT)


def test_addresses_of_servers_of_yours_are_used_as_they_are(tmp_path: Path) -> None:
    yours = {"DATABASE_URL": "postgresql://me@db/postgres", "KAFKA_BOOTSTRAP_SERVERS": "broker:9092"}
    stack = Stack(RunFolder(tmp_path), environment=yours)
    assert [stack.database_url, stack.kafka_bootstrap] == list(yours.values())
    assert stack.servers == []
    with pytest.raises(Trouble, match="not ours"):
        _ = stack.kafka


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(statement)
    await connection.close()


async def _fetch(url: str, query: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


def test_no_port_is_given_twice_before_anybody_listens_there() -> None:
    given = [free_port() for _ in range(1000)]
    assert len(set(given)) == len(given)


def test_nor_to_another_process_for_as_long_as_we_live() -> None:
    port = free_port()
    assert given_elsewhere(port) != port
    assert free_port(port) == port  # as whoever begins again on the port that was theirs


def test_what_a_stranger_has_is_anybody_s_once_the_stranger_is_gone() -> None:
    port = given_elsewhere(0)
    with socket.create_server(("127.0.0.1", port)):
        assert free_port(port) != port
    assert given_elsewhere(port) == port


def test_ports_that_are_asked_for_side_by_side_are_all_kept() -> None:
    command = [sys.executable, "-c", SIDE_BY_SIDE]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdin
        assert other.stdout
        theirs = [int(port) for port in other.stdout.readline().split()]
        assert [port for port in theirs if free_port(port) == port] == []
        other.stdin.close()
    assert len(theirs) == 4


def given_elsewhere(wished: int) -> int:
    """What another process gets that wishes for this port."""
    wishes = f"from deploy.devstack.process import free_port; print(free_port({wished}))"
    other = subprocess.run([sys.executable, "-c", wishes], cwd=ROOT, capture_output=True, text=True, check=True)
    return int(other.stdout)
