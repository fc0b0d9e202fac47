"""Bad states of what is around a process: one clear line, and back by itself when it is put right."""

import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import structlog

from deploy.devstack.databases import Database
from deploy.devstack.process import free_port
from libs.chassis.http.application import application
from libs.chassis.running.clock import Clock, own_now
from libs.chassis.telemetry import CLOCK_OFFSET
from libs.events.database.connections import Pool
from tests.chassis.running import Start

TRIES_SECONDS = 3.0
"""Six more tries, of which none may add a line: that nothing is said shows by waiting alone."""


def test_a_wrong_password_is_one_line_and_the_right_one_needs_no_restart(
    start: Start, database: Database, tmp_path: Path
) -> None:
    password, secret = urlsplit(database.url).password or "", tmp_path / "password"
    secret.write_text("wrong")
    bare = database.url.replace(f":{password}@", "@")
    running = start("http", TRIAGE_DATABASE_URL=bare, TRIAGE_DATABASE_PASSWORD_FILE=str(secret))
    assert running.until("/health/ready", 503).json()["status"] == "waiting for the database"
    time.sleep(TRIES_SECONDS)
    secret.write_text(password)
    assert running.until("/health/ready", 200).status_code == 200
    running.process.terminate()
    _, told = running.process.communicate(timeout=40)
    refused = [line for line in told.splitlines() if "InvalidPasswordError" in line]
    assert len(refused) == 1
    assert password not in told


def test_who_is_started_before_its_database_is_made_waits_for_it(start: Start, database: Database) -> None:
    address = urlsplit(database.url)
    running = start("http", TRIAGE_DATABASE_URL=address._replace(path="/not_made_yet").geturl())
    assert running.until("/health/ready", 503).json()["status"] == "waiting for the database"
    time.sleep(TRIES_SECONDS)
    running.process.terminate()
    _, told = running.process.communicate(timeout=40)
    assert running.process.returncode == 0, told
    (line,) = [line for line in told.splitlines() if "InvalidCatalogNameError" in line]
    assert "not_made_yet" in line


def test_who_cannot_check_tokens_is_not_ready_until_the_issuer_answers(start: Start, tmp_path: Path) -> None:
    port = free_port(0)
    running = start("http", OIDC_ISSUER=f"http://127.0.0.1:{port}")
    running.until_it_waits_for("the issuer's keys")
    command = [sys.executable, "-m", "deploy.devstack.issuer", "--port", str(port), "--state", str(tmp_path)]
    with subprocess.Popen(command) as issuer:
        try:
            assert running.until("/health/ready", 200).status_code == 200
        finally:
            issuer.terminate()


async def test_a_clock_that_is_ten_minutes_off_is_said_once_until_it_is_right(pool: Pool) -> None:
    ahead = timedelta(minutes=10)
    clock = Clock(lambda: own_now() + ahead)
    with structlog.testing.capture_logs() as told:
        assert timedelta(seconds=599) < await clock.compare(pool) < timedelta(seconds=601)
        await clock.compare(pool)
        assert clock.pause_seconds == 1
        assert 599 < CLOCK_OFFSET._value.get() < 601
        ahead = timedelta()
        assert await clock.compare(pool) == timedelta()
        await clock.compare(pool)
        assert clock.pause_seconds == 10
    assert [line["event"] for line in told] == [
        "clock differs from the database's",
        "clock agrees with the database's again",
    ]
    assert abs(CLOCK_OFFSET._value.get()) < 1


async def test_answers_of_a_clock_that_is_off_say_what_time_it_is() -> None:
    app = application("Aftercare nothing", "", [])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://nothing") as http:
        assert "aftercare-now" not in (await http.get("/openapi.json")).headers
        app.state.vitals.offset = timedelta(days=5000)
        told = (await http.get("/openapi.json")).headers["aftercare-now"]
    assert abs(own_now() - timedelta(days=5000) - datetime.fromisoformat(told)) < timedelta(seconds=5)
