"""The stream of clocks over a real socket from a real process: filtered, cut and resumed, and ended by SIGTERM."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg
import httpx
import msgspec
import pytest

from deploy.devstack.databases import Database
from deploy.devstack.issuer import Issuer
from deploy.devstack.supervisor import Programme
from services.sla.app import service
from tests.http.seeds import ids, opened, seeding
from tests.mail import Mail

PATIENCE = 30
MAIL = Mail()
"""One for all tests here, so that the service finds no gap and nothing twice."""


@pytest.fixture
def headers(issuer: Issuer) -> dict[str, str]:
    return {"Authorization": f"Bearer {issuer.token('anna', ['manager'], 3600)}"}


async def open_tickets(database: Database, count: int) -> list[str]:
    """So many tickets are opened, each with three clocks, and what is told of them is sealed as the relay would."""
    tickets = ids(count)
    async with seeding(service, database.url) as seeded:
        seeded.mail = MAIL
        await seeded.hear(*map(opened, tickets))
        await seeded.store.pool.fetchval("SELECT seal_outbox(2000)")
    return tickets


@contextmanager
def following(url: str, headers: dict[str, str], **asked: str) -> Iterator[Iterator[dict[str, str]]]:
    """The stream's events, as a client reads them off the line."""
    with (
        httpx.Client(trust_env=False, timeout=PATIENCE) as client,
        client.stream("GET", f"{url}/v1/clocks/stream", params=asked, headers=headers) as answer,
    ):
        assert answer.status_code == 200, answer.read()
        yield _events(answer.iter_lines())


def _events(lines: Iterator[str]) -> Iterator[dict[str, str]]:
    event: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(": ")
        if line:
            event[name] = value
        else:
            if "data" in event:
                yield event
            event = {}


async def test_a_client_that_is_cut_comes_back_to_everything_it_missed(
    url: str, database: Database, headers: dict[str, str]
) -> None:
    with following(url, headers, after="0") as events:
        first = await open_tickets(database, 3)
        seen = [next(events) for _ in range(4)]
    second = await open_tickets(database, 3)
    with following(url, headers | {"Last-Event-ID": seen[-1]["id"]}) as events:
        seen += [next(events) for _ in range(5 + 9)]
        third = await open_tickets(database, 1)
        seen += [next(events) for _ in range(3)]
    started = [msgspec.json.decode(event["data"])["data"]["clock_id"] for event in seen]
    assert len(started) == len(set(started)) == 3 * 7
    assert {msgspec.json.decode(event["data"])["subject"] for event in seen} == {*first, *second, *third}


async def test_a_follower_of_one_ticket_hears_of_no_other(
    url: str, database: Database, headers: dict[str, str]
) -> None:
    one, _, _ = await open_tickets(database, 3)
    with following(url, headers, after="0", ticket_id=one, seconds="0") as events:
        told = list(events)
    assert {event["event"] for event in told} == {"sla.ClockStarted"}
    assert {msgspec.json.decode(event["data"])["subject"] for event in told} == {one}


def test_nobody_follows_without_a_role(url: str, issuer: Issuer) -> None:
    address = f"{url}/v1/clocks/stream"
    assert httpx.get(address, trust_env=False, timeout=60).status_code == 401
    nobody = {"Authorization": f"Bearer {issuer.token('nobody', [], 60)}"}
    assert httpx.get(address, headers=nobody, trust_env=False, timeout=60).status_code == 403


async def test_an_idle_stream_holds_no_connection_of_the_database(
    url: str, database: Database, headers: dict[str, str]
) -> None:
    asked = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle'"
    connection = await asyncpg.connect(database.owner_url)
    with following(url, headers), following(url, headers), following(url, headers):
        async with asyncio.timeout(PATIENCE):
            while await connection.fetchval(asked) > 1:  # noqa: ASYNC110  # others of the process are at work at times
                await asyncio.sleep(0.01)
    await connection.close()


async def test_sigterm_ends_the_streams_at_once(process: Programme, headers: dict[str, str]) -> None:
    """The last test here: the process is gone afterwards."""
    with following(process.url, headers) as events:
        began = time.monotonic()
        process.signal(process.end_signal)
        assert list(events) == []
        process.wait(PATIENCE)
    assert time.monotonic() - began < 10
