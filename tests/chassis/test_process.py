"""The process: takes commands with Kafka down, ends of a defect and of nothing less, and stops in order."""

import asyncio
import signal
import socket
import time
from uuid import uuid4

import asyncpg
import httpx
import pytest

from deploy.devstack.databases import Database
from tests.chassis.conftest import LiveIssuer
from tests.chassis.running import NOBODY, Running, Start
from tests.locks import WAITING_FOR

CONNECTIONS = """
SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND usename = 'triage_app'
"""


def test_it_takes_commands_with_kafka_down_and_ends_what_is_in_flight(start: Start, issuer: LiveIssuer) -> None:
    running = start()
    assert running.until("/health/ready", 200).status_code == 200
    headers = {"Authorization": f"Bearer {issuer.token('agent')}", "Idempotency-Key": str(uuid4())}
    posted = httpx.post(f"{running.url}/v1/jobs", json={"note": "x"}, headers=headers, trust_env=False, timeout=30)
    assert posted.status_code == 201
    assert running.get("/health/live").status_code == 200
    running.process.send_signal(signal.SIGTERM)
    _, told = running.process.communicate(timeout=40)
    assert running.process.returncode == 0, told
    assert "Traceback" not in told


def test_who_asks_while_it_starts_waits_until_it_can_answer(start: Start, issuer: LiveIssuer) -> None:
    assert _first_answer(start("http"), issuer).status_code == 200


def test_who_asks_while_it_waits_for_its_database_is_told_so(start: Start, issuer: LiveIssuer) -> None:
    answer = _first_answer(start("http", TRIAGE_DATABASE_URL=f"postgresql://nobody@{NOBODY}/none"), issuer)
    assert (answer.status_code, answer.json()["code"]) == (503, "database-unreachable")


def _first_answer(running: Running, issuer: LiveIssuer) -> httpx.Response:
    """Of its public port, asked from the moment it listens."""
    headers = {"Authorization": f"Bearer {issuer.token('agent')}"}
    while True:
        try:
            return running.get("/v1/jobs", headers=headers)
        except httpx.ConnectError:
            assert running.process.poll() is None, running.process.communicate()
            time.sleep(0.002)


async def test_a_request_in_flight_at_sigterm_is_answered(start: Start, issuer: LiveIssuer, database: Database) -> None:
    owner, onlooker = await asyncpg.connect(database.owner_url), await asyncpg.connect(database.owner_url)
    running = start("http")
    running.until("/health/ready", 200)
    headers = {"Authorization": f"Bearer {issuer.token('agent')}"}
    host, port = running.url.removeprefix("http://").split(":")
    await owner.execute("BEGIN; LOCK TABLE event")
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        lines = [
            f"GET /v1/jobs/{uuid4()}?min_version=1 HTTP/1.1",
            "Host: x",
            *(f"{k}: {v}" for k, v in headers.items()),
        ]
        connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        async with asyncio.timeout(60):
            while not await onlooker.fetchval(WAITING_FOR, "event"):  # noqa: ASYNC110  # until it has come so far
                await asyncio.sleep(0.01)
        running.process.send_signal(signal.SIGTERM)
        await owner.execute("COMMIT")  # now it waits two seconds for its version
        assert connection.recv(100).startswith(b"HTTP/1.1 409 ")
    assert running.process.wait(30) == 0
    await owner.close()
    await onlooker.close()


def test_it_waits_for_the_database_as_long_as_it_takes(start: Start) -> None:
    running = start(TRIAGE_DATABASE_URL=f"postgresql://nobody@{NOBODY}/none")
    assert running.until("/health/live", 200).status_code == 200
    assert running.until("/health/ready", 503).json()["status"] == "waiting for the database"
    assert running.process.poll() is None
    running.process.terminate()
    assert running.process.wait(20) == 0


async def test_waiting_for_a_database_that_does_not_answer_leaves_no_connections_behind(
    start: Start, database: Database
) -> None:
    """What it has to look at is locked, so each try ends after two seconds, with a connection that was made for it."""
    owner, onlooker = await asyncpg.connect(database.owner_url), await asyncpg.connect(database.owner_url)
    seen: set[int] = set()
    await owner.execute("BEGIN; LOCK TABLE alembic_version")
    running = start("http")
    deadline = time.monotonic() + 90
    while len(seen) < 4:
        assert time.monotonic() < deadline, seen
        held = {row["pid"] for row in await onlooker.fetch(CONNECTIONS)}
        if len(held) == 1:  # the server may be a moment behind with one that was closed; one that is left would stay
            seen |= held
        await asyncio.sleep(0.05)
    await owner.execute("COMMIT")
    assert running.until("/health/ready", 200).status_code == 200
    await owner.close()
    await onlooker.close()


async def test_a_defect_in_a_timer_parks_it_and_the_process_goes_on(start: Start, database: Database) -> None:
    running = start("worker")
    running.until_it_waits_for("Kafka")
    connection = await asyncpg.connect(database.url)
    await connection.execute("INSERT INTO timer (id, stream_id, due_at) VALUES ('t', 's', now())")
    deadline = time.monotonic() + 40
    while not (parked := await connection.fetch("SELECT consumer, key FROM parked")):
        assert time.monotonic() < deadline
        await asyncio.sleep(0.05)
    await connection.close()
    assert [row["consumer"] for row in parked] == ["timer:triage"]
    assert running.get("/health/live").status_code == 200
    assert running.process.poll() is None


def test_background_work_runs_in_workers_and_ends_with_the_process(start: Start) -> None:
    running = start("worker")
    running.until_it_counts("workshop_floor_swept_total 1.0")
    running.process.terminate()
    _, told = running.process.communicate(timeout=40)
    assert (running.process.returncode, "floor is swept" in told, "Traceback" in told) == (0, True, False)
    asked = start("http", WORKSHOP_FLOOR="rotten")
    asked.until("/health/ready", 200)
    asked.process.terminate()
    assert asked.process.wait(20) == 0


def test_a_worker_has_the_internal_port_alone_and_answers_there_until_it_ends(start: Start) -> None:
    running = start("worker", DRAIN_SECONDS="5")
    running.until_it_waits_for("Kafka")
    assert "aftercare_relay_lag_events" in running.get("/metrics").text
    with pytest.raises(httpx.ConnectError):
        running.get("/v1/jobs")
    running.process.terminate()
    running.until_it_is("stopping")
    assert running.process.wait(30) == 0


def test_a_defect_in_background_work_ends_the_process(start: Start) -> None:
    running = start("worker", WORKSHOP_FLOOR="rotten")
    _, told = running.process.communicate(timeout=40)
    assert running.process.returncode == 1
    assert "a defect in background work" in told


async def test_it_refuses_an_older_schema_in_one_line(start: Start, database: Database) -> None:
    owner = await asyncpg.connect(database.owner_url)
    await owner.execute("DELETE FROM alembic_version")
    await owner.close()
    running = start()
    _, told = running.process.communicate(timeout=40)
    assert running.process.returncode == 1
    assert told.count("\n") == 1
    assert "make migrate" in told


def test_a_port_in_use_and_a_missing_setting_are_told_in_one_line(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        running = start(port=taken.getsockname()[1])
        _, told = running.process.communicate(timeout=40)
        assert running.process.returncode == 1
        assert told.count("\n") == 1
        assert "in use" in told
    running = start(TRIAGE_DATABASE_URL="")
    _, told = running.process.communicate(timeout=40)
    assert (running.process.returncode, told.count("\n")) == (1, 1)
    assert "TRIAGE_DATABASE_URL" in told


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"OIDC_CLIENT_SECRET_FILE": ""}, "OIDC_CLIENT_SECRET_FILE: needed by a service that hears others"),
        ({"HTTPS_CAFILE": "/nowhere"}, "HTTPS_CAFILE: cannot be read: FileNotFoundError"),
        ({"OIDC_REACHED_AT": "http://inner.example.org"}, "OIDC_REACHED_AT: an issuer is https"),
    ],
)
def test_what_a_worker_could_not_do_without_is_told_before_it_is_ready(
    start: Start, changed: dict[str, str], told: str
) -> None:
    running = start("worker", **changed)
    _, said = running.process.communicate(timeout=40)
    assert (running.process.returncode, said.count("\n")) == (1, 1)
    assert told in said


def test_who_only_answers_requests_needs_no_client(start: Start) -> None:
    running = start("http", OIDC_CLIENT_SECRET_FILE="")
    assert running.until("/health/ready", 200).status_code == 200


def test_a_process_needs_no_log(start: Start, issuer: LiveIssuer) -> None:
    running = start("http", programme="plain")
    assert running.until("/health/ready", 200).json() == {"status": "ready"}
    told = {"Authorization": f"Bearer {issuer.token('agent')}"}
    deadline = time.monotonic() + 20
    while not (answer := running.get("/v1/beats", headers=told)).json():
        assert (answer.status_code, time.monotonic() < deadline) == (200, True)
    assert running.get("/v1/beats").status_code == 401
    assert "aftercare_" in running.get("/metrics").text
    running.process.terminate()
    assert running.process.wait(20) == 0
