"""A customer is erased in the running product: afterwards nobody has a word of theirs, wherever one looks."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import pytest

from deploy.servers.erasures import ordered
from libs.events.database.connections import connect
from libs.events.log.erase import repeat
from libs.events.transport.broker import Kafka
from libs.services import EVENT_SERVICES
from services.dispatch.work_orders.api.forms import SCRAWL
from tests.journeys.people import PATIENCE_SECONDS, People
from tests.journeys.story import Story
from tests.libs.topic import read_topic

NAME, PHONE, PLACE, WORDS = "司徒百灵鸟", "13900000002", "百灵鸟巷八号", "百灵鸟在说话"
SEEN = ("百灵鸟", PHONE, "28.654321", NAME.encode("unicode_escape").decode(), SCRAWL[:60])
EVERYTHING = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
CONTACTS = "intake.contacts"


def seen(text: str, but: str = "") -> list[str]:
    return [word for word in SEEN if word in text and word != but]


async def tables_with(people: People, service: str) -> list[str]:
    """The tables of a service's database that hold any of it, bytes read as text."""
    connection = await asyncpg.connect(people.product.database_url(service))
    found = []
    try:
        for (table,) in await connection.fetch(EVERYTHING):
            rows = await connection.fetch(f"SELECT to_jsonb(t)::text AS row FROM {table} AS t")
            if any(seen(row["row"], SCRAWL[:60]) for row in rows):
                found.append(table)
        for (value,) in await connection.fetch("SELECT encode(value, 'escape') FROM parked"):
            found += ["parked"] if seen(value) else []
    finally:
        await connection.close()
    return found


async def until(done: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await done():  # noqa: ASYNC110  # other processes' databases have no event to await
            await asyncio.sleep(0.1)


@pytest.fixture(scope="module")
async def spoken(people: People) -> tuple[Story, str]:
    """A ticket whose every field for words, names, places and pictures is filled in, and its customer's id."""
    customer = {"name": NAME, "phones": [PHONE], "address": PLACE}
    story = await Story.begin(people, customer=customer, summary=WORDS, requirements=f"{WORDS} {PHONE}")
    for outcome in ("started", "failed"):
        await people.do("triage", "triage", f"{story.case}/remote-support", {"outcome": outcome, "note": WORDS})
    await people.do("triage", "triage", f"{story.case}/cause", {"cause": "customer", "explanation": WORDS})
    await story.classify()
    await story.authorise()
    await story.assign()
    await story.on_site("arrival", latitude=28.654321)
    await story.on_site("pause", reason="waiting", note=WORDS)
    await story.on_site("resumption")
    await story.on_site("completion", result=WORDS)
    await story.on_site("rejection", reasons=[WORDS, PHONE])
    await story.next_visit(visits=2)
    await story.repair()
    await story.on_site("acceptance", signed_by=NAME, signature=SCRAWL)
    await story.call_back("no_answer", comment=WORDS)
    customer_id = (await people.see("intake", story.ticket))["customer_id"]
    await people.until(lambda shown: shown["name"] == NAME, "dispatch", f"{story.visit}/contact", role="dispatcher")
    return story, customer_id


@pytest.fixture(scope="module")
async def erased(people: People, spoken: tuple[Story, str]) -> tuple[Story, str]:
    """The same, after two managers erased the customer, everybody obeyed, and a late call was noted."""
    story, customer_id = spoken
    for service in ("intake", "triage", "dispatch", "survey"):
        assert await tables_with(people, service), service
    path = f"/v1/customers/{customer_id}/erasure"
    await people.do("manager", "intake", path, {"reason": "customer_request"})
    other = {"Authorization": f"Bearer {people.product.token('manager', subject='another-manager')}"}
    confirmed = await people.send("manager", "intake", f"{path}/confirmation", None, None, **other)
    assert confirmed.json()["status"] == "erased"
    for service in ("intake", "triage", "dispatch", "survey"):

        async def obeyed(service: str = service) -> bool:
            return not await tables_with(people, service)

        await until(obeyed)
    await story.call_back(score=5, comment=WORDS)
    await story.told("survey.CallbackCompleted")
    return spoken


@pytest.mark.parametrize("service", EVENT_SERVICES)
async def test_no_table_of_any_database_holds_a_word(people: People, erased: Any, service: str) -> None:
    assert await tables_with(people, service) == []


async def test_the_order_can_be_read_from_intakes_topic(people: People, erased: tuple[Story, str]) -> None:
    """A restore of all databases to a moment before it makes every ledger forget it."""
    _, customer_id = erased
    orders = await ordered(Kafka(people.product.kafka_bootstrap))
    assert customer_id in {order.subject_id for order in orders}


async def test_the_newest_of_the_contact_on_its_topic_is_a_tombstone(people: People, erased: tuple[Story, str]) -> None:
    _, customer_id = erased

    async def buried() -> bool:
        records = await read_topic(people.product.kafka_bootstrap, CONTACTS)
        values = [record.value for record in records if record.key == customer_id.encode()]
        return len(values) > 1 and values[-1] is None

    await until(buried)


async def test_no_event_topic_ever_had_it(people: People, erased: tuple[Story, str]) -> None:
    story, heard = erased[0], 0
    topics = [f"{service}.events" for service in EVENT_SERVICES]
    for record in await read_topic(people.product.kafka_bootstrap, *topics):
        heard += story.ticket_id in str(record.headers)
        assert not seen((record.value or b"").decode(errors="replace") + str(record.headers))
    assert heard > 20


async def test_no_log_shows_it(people: People, erased: Any) -> None:
    for service in EVENT_SERVICES:
        assert not seen(people.product.folder.log(service).read_text()), service


async def test_nobody_is_shown_it_any_more(people: People, erased: tuple[Story, str]) -> None:
    story, _ = erased
    answers = [
        await people.see("intake", story.ticket, role="agent"),
        await people.see("triage", story.case),
        await people.see("dispatch", "/v1/work-orders", role="manager", ticket_id=story.ticket_id),
        await people.see("survey", "/v1/callbacks", ticket_id=story.ticket_id),
    ]
    assert not seen(json.dumps(answers, ensure_ascii=False))
    assert (await people.ask("dispatch", f"{story.visit}/contact", role="dispatcher")).status_code == 404


async def test_what_a_backup_brings_back_is_erased_again(people: People, erased: tuple[Story, str]) -> None:
    _, customer_id = erased
    pools = {name: await connect(people.product.database_url(name), 1) for name in ("triage", "intake")}
    await pools["triage"].execute("DELETE FROM erasure WHERE subject_id = $1", customer_id)
    await pools["triage"].execute("INSERT INTO text VALUES ('restored', $1, $2, 'text/plain')", customer_id, WORDS)
    assert await repeat(pools["triage"], [pools["intake"]]) >= 1
    assert await tables_with(people, "triage") == []
    for pool in pools.values():
        await pool.close()
