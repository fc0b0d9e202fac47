"""Poison: what a service cannot apply is parked and told, its key waits, and everybody else goes on."""

from typing import Any
from uuid import uuid4

import asyncpg
from aiokafka import AIOKafkaProducer

from tests.journeys.people import People
from tests.journeys.story import Story

PARKED = "/v1/operations/parked"
WHY = {"reason": "看过日志，来源服务有缺陷"}

POISON = """
WITH sent AS (
    INSERT INTO event (id, stream, version, type, schema_version, data, key, occurred_at, recorded_at, actor)
    VALUES ($1, $2, 1, 'survey.CallbackCompleted', 1, '{"score": "many"}', $3, now(), now(), 'poisoner')
    RETURNING position, key
) INSERT INTO outbox (position, lane) SELECT position, lane_of(key) FROM sent
"""
"""An event that no catalogue decodes, published by a service that has a defect."""


async def test_a_record_of_a_stranger_is_parked_listed_and_discarded_and_what_comes_after_goes_on(
    people: People,
) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=people.product.kafka_bootstrap)
    await producer.start()
    mark = uuid4().hex
    await producer.send_and_wait("dispatch.events", f"no event {mark}".encode(), headers=[("ce_type", b"x")])
    await producer.stop()
    story = await Story.begin(people)
    await story.classify()
    await story.authorise()
    await story.repair()
    await story.sign()
    await story.status("accepted")

    listed = await people.until(lambda page: mark in str(page), "intake", PARKED, limit=200)
    (parked,) = (item for item in listed["items"] if mark in item["data"])
    assert "no envelope" in parked["error"]
    path = f"{PARKED}/{parked['id']}"
    assert (await people.see("intake", path))["data"] == parked["data"]
    retried = await people.send("operator", "intake", f"{path}/retry", WHY)
    assert (retried.status_code, retried.json()["code"]) == (409, "not-retriable")
    assert (await people.do("operator", "intake", f"{path}/discard", WHY))["status"] == "discarded"
    assert (await people.ask("intake", path)).status_code == 404


async def test_poison_holds_up_its_own_ticket_only_until_an_operator_decides(people: People) -> None:
    story, other = await Story.begin(people), await Story.begin(people)
    await story.classify()
    await story.authorise()
    await story.repair()
    await story.sign()
    await story.status("accepted")
    await people.until(lambda page: page["items"], "survey", "/v1/callbacks", ticket_id=story.ticket_id)
    await _poison(people, story.ticket_id)

    def failed(page: Any) -> list[Any]:
        return [item for item in page["items"] if item["key"] == story.ticket_id and item["error"] is not None]

    (poison,) = failed(await people.until(failed, "intake", PARKED, limit=200))

    await story.call_back(score=5)

    def behind(page: Any) -> list[Any]:
        return [item for item in page["items"] if item["key"] == story.ticket_id and item["error"] is None]

    late = {"survey.CallbackAttempted", "survey.CallbackCompleted"}
    held = await people.until(lambda page: late <= {item["type"] for item in behind(page)}, "intake", PARKED, limit=200)
    waiting = behind(held)
    assert (await people.send("agent", "intake", f"{story.ticket}/closure")).status_code == 409
    for outcome in ("started", "succeeded"):
        await people.do("triage", "triage", f"{other.case}/remote-support", {"outcome": outcome})
    await other.status("repaired")

    path = f"{PARKED}/{poison['id']}"
    retried = await people.send("operator", "intake", f"{path}/retry", WHY)
    assert (retried.status_code, retried.json()["code"]) == (409, "still-failing")
    await people.do("operator", "intake", f"{path}/discard", WHY)
    freed = await people.do("operator", "intake", f"{PARKED}/{waiting[0]['id']}/retry", WHY)
    assert freed["retried"] >= len(waiting)
    await story.told("survey.CallbackCompleted")
    await people.do("agent", "intake", f"{story.ticket}/closure")


async def _poison(people: People, ticket_id: str) -> None:
    connection = await asyncpg.connect(people.product.database_url("survey"))
    try:
        await connection.execute(POISON, str(uuid4()), f"poison-{uuid4()}", ticket_id)
    finally:
        await connection.close()
