"""The live stream: who is told what, and that who is cut, slow or late misses nothing and has nothing twice."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deploy.devstack.plain_http import PLAIN
from libs.chassis.http.application import application
from libs.chassis.identity.oidc import Issuer, ServiceTokens
from libs.chassis.streaming.entries import Audience, Entry, Places
from services.gateway.live import hub
from services.gateway.live.api import place_of
from services.gateway.live.client import Reader, blocks
from services.gateway.live.hub import Follower, Hub
from services.gateway.live.record import Record, Told
from tests.chassis.conftest import LiveIssuer
from tests.conftest import NewDatabase
from tests.gateway.browser import Browser
from tests.gateway.conftest import Start
from tests.gateway.serving import serving
from tests.gateway.triage import Triage, triage

PATIENCE = 60.0
EVERYBODY = Audience(frozenset(["agent", "engineer"]))
Blocks = AsyncIterator[dict[str, str]]


@pytest.fixture
async def service(new_database: NewDatabase, issuer: LiveIssuer) -> AsyncIterator[Triage]:
    made = await new_database("triage")
    async with triage(made.url, issuer) as running:
        yield running


@dataclass
class Front:
    """A gateway that is nothing but the live stream of one service; who asks is an agent."""

    url: str
    hub: Hub

    @asynccontextmanager
    async def follow(self, last: str | None = None, who: str = "anna") -> AsyncIterator[Blocks]:
        """The blocks of a stream, from where it is ready on."""
        headers = {"Who": who, **({"Last-Event-ID": last} if last else {})}
        async with (
            httpx.AsyncClient(**PLAIN, timeout=PATIENCE) as http,
            http.stream("GET", f"{self.url}/events", headers=headers) as answer,
        ):
            assert answer.status_code == 200, await answer.aread()
            yield blocks(answer.aiter_lines())

    async def heard(self, last: str | None, most: int) -> tuple[str | None, list[dict[str, Any]]]:
        """The last id and the first so many entries after a place."""
        found: list[dict[str, Any]] = []
        async with asyncio.timeout(PATIENCE), self.follow(last) as stream:
            async for block in stream:
                last = block.get("id", last)
                if "data" in block and "event" not in block:
                    found.append(json.loads(block["data"]))
                if len(found) == most:
                    break
        return last, found


@asynccontextmanager
async def fronting(service: Triage, issuer: LiveIssuer) -> AsyncIterator[Front]:
    """One that has just started."""
    own = Hub(["triage"])

    async def events(request: Request) -> Response:
        session = request.headers["who"].encode()
        place = place_of(request.headers.get("last-event-id"), len(own.services))
        return await own.stream(Follower(session, frozenset(["agent"]), "none"), place)

    app = application("Gateway", "The live stream.", [])
    app.router.routes.append(Route("/events", events))
    async with httpx.AsyncClient(**PLAIN) as http, serving(app) as url:
        tokens = ServiceTokens(Issuer(issuer.url, http), "gateway", issuer.state / "clients/gateway")
        reading = asyncio.create_task(Reader("triage", service.url, own, http, tokens).run())
        yield Front(url, own)
        own.end()
        reading.cancel()
        with suppress(asyncio.CancelledError):
            await reading


async def until(true: Callable[[], bool]) -> None:
    """Other tasks get their turns until it is true."""
    for _ in range(int(PATIENCE * 100)):
        if true():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it never came true")


@pytest.fixture
async def front(service: Triage, issuer: LiveIssuer) -> AsyncIterator[Front]:
    async with fronting(service, issuer) as one:
        await until(lambda: not one.hub.away)
        yield one


async def next_of(stream: Blocks, name: str = "data") -> dict[str, str]:
    """The next block that has such a field."""
    async with asyncio.timeout(PATIENCE):
        async for block in stream:
            if name in block:
                return block
    raise AssertionError("the stream ended")


async def next_ticket(stream: Blocks) -> str:
    """Of the next entry."""
    while "event" in (block := await next_of(stream)):
        pass
    return str(json.loads(block["data"])["ticket_id"])


def tickets(count: int) -> list[str]:
    return [str(uuid4()) for _ in range(count)]


async def test_an_entry_says_type_id_and_version_and_nothing_else(front: Front, service: Triage) -> None:
    async with front.follow() as stream:
        assert (await next_of(stream, "event"))["data"] == "[]"
        (ticket,) = tickets(1)
        await service.publish(ticket, ticket)
        told = [json.loads((await next_of(stream))["data"]) for _ in range(2)]
    assert told == [{"type": "triage.TriageStarted", "ticket_id": ticket, "version": number} for number in (1, 2)]


async def test_who_is_cut_again_and_again_misses_and_doubles_nothing(front: Front, service: Triage) -> None:
    start, _ = await first_place(front)
    all_tickets = tickets(60)

    async def publish() -> None:
        for begin in range(0, 60, 6):
            await service.publish(*all_tickets[begin : begin + 6])

    async def come_and_go(most: int) -> list[str]:
        place: str | None = start
        seen: list[str] = []
        while len(seen) < 60:
            place, found = await front.heard(place, min(most, 60 - len(seen)))
            seen += [entry["ticket_id"] for entry in found]
        return seen

    publishing = asyncio.create_task(publish())
    for seen in await asyncio.gather(*(come_and_go(most) for most in (1, 7, 60))):
        assert sorted(seen) == sorted(all_tickets)
    await publishing


async def first_place(front: Front) -> tuple[str, Blocks]:
    async with front.follow() as stream:
        return (await next_of(stream, "id"))["id"], stream


async def test_who_was_at_another_gateway_before_goes_on_at_this_one(
    front: Front, service: Triage, issuer: LiveIssuer
) -> None:
    before, after = tickets(5), tickets(5)
    start, _ = await first_place(front)
    await service.publish(*before)
    place, found = await front.heard(start, 3)
    await service.publish(*after)
    async with fronting(service, issuer) as second:
        await until(lambda: not second.hub.away)  # else they wait three seconds for that, and then begin anew
        _, more = await second.heard(place, 7)
    seen = [entry["ticket_id"] for entry in found + more]
    assert sorted(seen) == sorted(before + after)


@pytest.mark.parametrize("place", ["0", "1:" + ".".join(["900000"] * 16), "7:" + ".".join(["0"] * 16)])
async def test_a_place_that_is_known_no_more_is_said_before_all_else(place: str, front: Front, service: Triage) -> None:
    await service.publish(*tickets(20))
    async with front.follow(place) as stream:
        first = await next_of(stream, "event")
        assert first["event"] == "reset"
        (ticket,) = tickets(1)
        await service.publish(ticket)
        while await next_ticket(stream) != ticket:
            pass


@pytest.mark.parametrize("place", ["x", "1:2", "1:" + ".".join(["0"] * 15), "~", "1" * 3000])
async def test_what_is_no_place_is_422(place: str, front: Front) -> None:
    async with httpx.AsyncClient(**PLAIN) as http:
        answer = await http.get(f"{front.url}/events", headers={"Who": "anna", "Last-Event-ID": place})
    assert (answer.status_code, answer.json()["code"]) == (422, "malformed-place")


async def test_who_does_not_keep_up_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "WAITING", 3)
    own = begun()
    slow, quick = (Follower(name, frozenset(["agent"]), "none") for name in (b"slow", b"quick"))
    streams = [await own.stream(each, None) for each in (slow, quick)]
    for seq in range(1, 6):
        tell(own, seq)
        assert len(await quick.listen(1)) == 1
    assert (slow.is_over, quick.is_over) == (True, False)
    assert [told.entry.seq for told in await slow.listen(1) if told] == [1, 2, 3]
    assert await slow.listen(1) == []
    assert len(streams) == 2


async def test_a_session_has_four_streams_and_the_oldest_ends(front: Front, service: Triage) -> None:
    async with front.follow() as oldest:
        await next_of(oldest, "event")
        await asyncio.gather(*(first_place(front) for _ in range(2)))
        async with front.follow(), front.follow(), front.follow(), front.follow() as newest, front.follow(who="bert"):
            async with asyncio.timeout(PATIENCE):
                assert [block async for block in oldest if "data" in block] == []
            (ticket,) = tickets(1)
            await service.publish(ticket)
            assert await next_ticket(newest) == ticket


async def test_so_many_streams_and_no_more(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "STREAMS_AT_MOST", 2)
    async with front.follow(who="anna"), front.follow(who="bert"), httpx.AsyncClient(**PLAIN) as http:
        answer = await http.get(f"{front.url}/events", headers={"Who": "carl"})
    assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (503, "too-many-streams", "10")
    await until(lambda: not front.hub.sessions)
    await first_place(front)


def entry(seq: int, audience: Audience = EVERYBODY, epoch: int = 1) -> Entry:
    return Entry("triage.TriageStarted", epoch, 0, seq, 1, {"ticket_id": "t1"}, audience)


def position(seq: int, epoch: int = 1) -> str:
    return f"{epoch}:{seq}" + ".0" * 15


def begun() -> Hub:
    """One whose service begins with nothing."""
    own = Hub(["triage"])
    own.begin("triage", position(0))
    return own


def tell(own: Hub, seq: int, audience: Audience = EVERYBODY) -> None:
    own.add("triage", entry(seq, audience), position(seq))


@pytest.mark.parametrize(
    ("roles", "actor", "known"),
    [(["agent"], "a", True), (["engineer"], "a", True), (["engineer"], "b", False), ([], "b", False)],
)
def test_an_entry_is_for_the_roles_and_people_that_its_service_names(roles: list[str], actor: str, known: bool) -> None:
    told = Record(1).add(0, entry(1, Audience(frozenset(["agent"]), frozenset(["a"]))), position(1))
    assert Follower(b"1", frozenset(roles), actor).may_know(told) is known


async def test_what_somebody_may_not_know_moves_their_place_all_the_same() -> None:
    own = begun()
    follower = Follower(b"1", frozenset(["agent"]), "none")
    stream = (await own.stream(follower, None)).body_iterator
    tell(own, 1, Audience(frozenset(["director"])))
    tell(own, 2)
    said = b""
    async with asyncio.timeout(PATIENCE):
        while b"ticket_id" not in said:
            said = await anext(stream)
    assert said.count(b"ticket_id") == 1
    assert str(follower.place) == position(2)


def test_the_oldest_are_forgotten_and_the_place_behind_them_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.gateway.live.record.KEPT", 3)
    record = Record(1)
    record.begin(0, position(0))
    for seq in range(1, 6):
        record.add(0, entry(seq), position(seq))
    known = [record.knows(Places.parse(position(seq), 1)) for seq in range(6)]
    assert known == [False, False, True, True, True, True]


def test_after_a_restore_earlier_places_are_known_no_more() -> None:
    own = begun()
    tell(own, 1)
    own.add("triage", entry(1, epoch=2), position(1, epoch=2))
    assert not own.record.knows(Places.parse(position(1), 1))
    assert own.record.knows(Places.parse(position(1, epoch=2), 1))


def test_somebody_ahead_in_one_service_and_behind_in_another_gets_what_is_missing_once() -> None:
    """They come from another gateway, which heard the two services in another order."""
    record = Record(2)
    for service in (0, 1):
        record.begin(service, position(0))
    told = [record.add(service, entry(seq), position(seq)) for service, seq in ((0, 1), (1, 1), (0, 2))]
    place = Places.parse(f"{position(2)}~{position(0)}", 2)
    seen: list[Told] = []
    for each in told:
        if (moved := each.move(place)) is not None:
            place = moved
            seen.append(each)
    assert seen == [told[1]]
    assert place == record.last
    assert f"id: {place}\n".encode() in told[1].block_at(place)


async def test_a_signed_in_browser_follows_until_it_is_signed_out(start: Start, service: Triage, password: str) -> None:
    running = start(TRIAGE_INTERNAL_URL=service.url)
    await asyncio.to_thread(running.until, "/health/ready", 200)
    browser = Browser(running.url)
    async with httpx.AsyncClient(base_url=running.url, **PLAIN, timeout=PATIENCE) as http:
        answer = await http.get("/events")
        assert (answer.status_code, answer.json()["code"]) == (401, "not-signed-in")
        await asyncio.to_thread(browser.sign_in, "agent", password)
        async with http.stream("GET", "/events", headers={"Cookie": f"__Host-sid={browser.session}"}) as following:
            assert following.headers["content-type"].startswith("text/event-stream")
            assert following.headers["cache-control"] == "no-store"
            stream = blocks(following.aiter_lines())
            away: list[str] = []
            while "triage" in away or not away:
                away = json.loads((await next_of(stream, "event"))["data"])
            assert away == ["dispatch", "intake", "sla", "survey"]
            (ticket,) = tickets(1)
            await service.publish(ticket)
            assert await next_ticket(stream) == ticket
            await asyncio.to_thread(browser.press, "/auth/logout")
            async with asyncio.timeout(40):
                assert [block async for block in stream if "data" in block] == []
    browser.http.close()
