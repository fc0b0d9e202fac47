"""Survey over HTTP on a real database: calls until the customer was reached, and every way to get it wrong."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from msgspec.structs import replace

from libs.chassis.identity.auth import LinkClaims
from tests.caller import Caller
from tests.survey.story import ACCEPTED, C, T, W

LIST = "/v1/callbacks"
CALL = f"{LIST}/{C}"


@pytest.fixture
async def scheduled(caller: Caller) -> Caller:
    """Somebody at survey after dispatch said that a repair was accepted."""
    await caller.hears(ACCEPTED)
    return caller


@pytest.mark.requirement("R063", "R064", "R276")
async def test_a_customer_is_called_until_reached(scheduled: Caller) -> None:
    first = await scheduled.post(f"{CALL}/attempts", {"outcome": "no_answer"})
    assert (first.status_code, first.json()) == (200, {"id": C, "version": 2, "status": "scheduled"})
    last = await scheduled.post(f"{CALL}/attempts", {"outcome": "reached", "score": 5, "comment": "师傅很准时"})
    assert (last.json()["status"], last.headers["etag"]) == ("completed", '"4"')
    sheet = (await scheduled.get(CALL, min_version=4)).json()
    assert (sheet["status"], sheet["attempts"], sheet["score"], sheet["comment"]) == ("completed", 2, 5, "师傅很准时")
    assert (sheet["ticket_id"], sheet["work_order_id"]) == (T, W)
    assert "准时" not in str(await scheduled.inbox.store.read(f"callback-{C}"))


@pytest.mark.requirement("R064")
async def test_a_customer_rates_by_a_link(scheduled: Caller) -> None:
    scheduled.as_person("link:1", "customer")
    scheduled.tokens.link = LinkClaims(T, "rating", C)
    body, key = {"score": 4, "comment": "师傅很准时"}, uuid4().hex
    first, again = [await scheduled.post(f"{CALL}/rating", body, key=key) for _ in range(2)]
    assert (first.status_code, first.json()) == (200, {"id": C, "version": 2, "status": "completed"})
    assert (again.json(), again.headers["idempotency-replayed"]) == (first.json(), "true")
    other = await scheduled.post(f"{CALL}/rating", body | {"score": 1}, key=key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")
    scheduled.as_person("anna", "agent")
    sheet = (await scheduled.get(CALL)).json()
    assert (sheet["status"], sheet["last_outcome"], sheet["attempts"]) == ("completed", "by_link", 0)
    assert (sheet["score"], sheet["comment"]) == (4, "师傅很准时")
    assert "准时" not in str(await scheduled.inbox.store.read(f"callback-{C}"))


@pytest.mark.parametrize(
    ("link", "code"),
    [
        (LinkClaims(str(uuid4()), "rating", C), "not-your-callback"),
        (LinkClaims(T, "rating", str(uuid4())), "not-your-callback"),
        (LinkClaims(T, "rating"), "not-your-callback"),
        (LinkClaims(T, "progress", C), "forbidden"),
        (None, "forbidden"),
    ],
)
async def test_another_link_rates_nothing(scheduled: Caller, link: LinkClaims | None, code: str) -> None:
    scheduled.as_role("customer")
    scheduled.tokens.link = link
    answer = await scheduled.post(f"{CALL}/rating", {"score": 1})
    assert (answer.status_code, answer.json()["code"]) == (403, code)
    assert len(await scheduled.inbox.store.read(f"callback-{C}")) == 1


async def test_nobody_of_the_department_rates_for_a_customer(scheduled: Caller) -> None:
    scheduled.tokens.link = LinkClaims(T, "rating", C)
    scheduled.as_role("manager", "agent", "service")
    assert (await scheduled.post(f"{CALL}/rating", {"score": 5})).status_code == 403
    made_up = await scheduled.post(f"{CALL}/attempts", {"outcome": "by_link", "score": 5})
    assert (made_up.status_code, made_up.json()["errors"][0]["field"]) == (422, "body.outcome")


async def test_a_completed_callback_takes_no_more_calls(scheduled: Caller) -> None:
    assert (await scheduled.post(f"{CALL}/attempts", {"outcome": "refused"})).status_code == 200
    answer = await scheduled.post(f"{CALL}/attempts", {"outcome": "later", "comment": "x"})
    assert (answer.status_code, answer.json()["code"]) == (409, "callback-completed")
    assert await scheduled.inbox.store.pool.fetchval("SELECT count(*) FROM text") == 0


async def test_the_list_waits_for_the_callback_of_one_work_order(scheduled: Caller) -> None:
    (found,) = (await scheduled.get(LIST, work_order_id=W, min_version=1)).json()["items"]
    assert found["id"] == C
    assert (await scheduled.get(LIST, work_order_id=str(uuid4()))).json()["items"] == []
    early = await scheduled.get(LIST, work_order_id=W, min_version=2)
    assert (early.status_code, early.json()["code"]) == (409, "version-not-reached")
    unclear = await scheduled.get(LIST, min_version=1)
    assert (unclear.status_code, unclear.json()["errors"][0]["field"]) == (422, "query.min_version")


async def test_who_prefers_chinese_reads_why_in_chinese(scheduled: Caller) -> None:
    await scheduled.post(f"{CALL}/attempts", {"outcome": "refused"})
    asked = {"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5"}
    answer = await scheduled.post(f"{CALL}/attempts", {"outcome": "later"}, **asked)
    assert (answer.json()["code"], answer.headers["content-language"]) == ("callback-completed", "zh-CN")
    assert answer.json()["detail"] == "回访已完成：客户已接通、拒绝，或已通过链接评价。"
    assert answer.json()["title"] == "与当前状态冲突"
    absent = await scheduled.post(f"{CALL}/attempts", {}, **asked)
    assert absent.json()["errors"] == [{"field": "body.outcome", "detail": "此项必填"}]
    plain = await scheduled.post(f"{CALL}/attempts", {"outcome": "later"})
    assert "content-language" not in plain.headers
    assert plain.json()["detail"].startswith("The callback is completed")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "body.outcome"),
        ({"outcome": "busy"}, "body.outcome"),
        ({"outcome": "reached"}, "body.score"),
        ({"outcome": "reached", "score": None}, "body.score"),
        ({"outcome": "reached", "score": 6}, "body.score"),
        ({"outcome": "reached", "score": "5"}, "body.score"),
        ({"outcome": "reached", "score": True}, "body.score"),
        ({"outcome": "reached", "score": 4.5}, "body.score"),
        ({"outcome": "no_answer", "score": 3}, "body.score"),
        ({"outcome": "later", "comment": "  "}, "body.comment"),
        ({"outcome": "later", "note": "x"}, "body.note"),
        ({"outcome": "refused", "again_at": "2026-12-01T09:00:00+08:00"}, "body.again_at"),
        ({"outcome": "reached", "score": 5, "again_at": "2026-12-01T09:00:00+08:00"}, "body.again_at"),
        ({"outcome": "later", "again_at": "2026-12-01T09:00:00"}, "body.again_at"),
    ],
)
async def test_half_filled_input_is_told_field_by_field(scheduled: Caller, body: Any, field: str) -> None:
    answer = await scheduled.post(f"{CALL}/attempts", body)
    assert answer.status_code == 422, answer.text
    assert field in [error["field"] for error in answer.json()["errors"]]
    assert (await scheduled.get(CALL)).json()["version"] == 1


async def test_who_is_to_be_called_when_is_listed_by_when_it_is_due(scheduled: Caller) -> None:
    other = str(uuid4())
    await scheduled.hears(replace(ACCEPTED, work_order_id=other))
    soon = (datetime.now(UTC) + timedelta(hours=2)).replace(microsecond=0)
    later = {"outcome": "later", "again_at": soon.isoformat()}
    assert (await scheduled.post(f"{CALL}/attempts", later)).status_code == 200

    async def due(**query: Any) -> list[str]:
        return [item["due_at"] for item in (await scheduled.get(LIST, status="scheduled", **query)).json()["items"]]

    at_once, agreed = await due(sort="due_at")
    assert datetime.fromisoformat(agreed) == soon
    assert await due(sort="-due_at") == [agreed, at_once]
    now = datetime.now(UTC).isoformat()
    assert (await due(due_to=now), await due(due_from=now)) == ([at_once], [agreed])
    empty = await scheduled.get(LIST, due_from=now, due_to=now)
    assert (empty.status_code, empty.json()["code"]) == (422, "empty-range")
    counted = await scheduled.get(f"{LIST}/counts", group_by="status", due_to=now)
    assert counted.json()["total"] == 1


async def test_nobody_is_to_be_called_again_before_the_call(scheduled: Caller) -> None:
    past = {"outcome": "later", "again_at": "2026-01-01T00:00:00Z"}
    answer = await scheduled.post(f"{CALL}/attempts", past)
    assert (answer.status_code, answer.json()["code"]) == (409, "again-before-attempt")


async def test_no_score_may_be_said_as_null(scheduled: Caller) -> None:
    answer = await scheduled.post(f"{CALL}/attempts", {"outcome": "later", "score": None, "comment": None})
    assert answer.status_code == 200


async def test_callbacks_are_found_by_ticket_and_status(scheduled: Caller) -> None:
    for wanted, found in (({"ticket_id": T}, [C]), ({"ticket_id": str(uuid4())}, []), ({"status": "completed"}, [])):
        assert [item["id"] for item in (await scheduled.get(LIST, **wanted)).json()["items"]] == found


async def test_a_callback_is_read_as_it_was_known(scheduled: Caller) -> None:
    before = (await scheduled.inbox.store.read(f"callback-{C}"))[0].recorded_at.isoformat()
    await scheduled.post(f"{CALL}/attempts", {"outcome": "refused"})
    assert (await scheduled.get(CALL, as_of=before)).json()["attempts"] == 0


async def test_there_is_no_such_callback(caller: Caller) -> None:
    for answer in (await caller.get(CALL), await caller.post(f"{CALL}/attempts", {"outcome": "later"})):
        assert answer.status_code == 404


async def test_a_follower_hears_of_each_call(scheduled: Caller) -> None:
    await scheduled.post(f"{CALL}/attempts", {"outcome": "no_answer"})
    told = await scheduled.follows(f"{LIST}/stream")
    assert [event["type"] for event in told] == ["survey.CallbackScheduled", "survey.CallbackAttempted"]
    assert {(event["subject"], event["data"]["callback_id"]) for event in told} == {(T, C)}
    assert await scheduled.follows(f"{LIST}/stream", ticket_id=str(uuid4())) == []


async def test_the_list_is_asked_by_ids_dates_and_sort_and_counted(scheduled: Caller) -> None:
    other = str(uuid4())
    await scheduled.hears(replace(ACCEPTED, work_order_id=other))
    (found,) = (await scheduled.get(LIST, work_order_id=other)).json()["items"]

    async def listed(**query: Any) -> list[str]:
        return [item["id"] for item in (await scheduled.get(LIST, **query)).json()["items"]]

    assert await listed(id=found["id"]) == [found["id"]]
    assert await listed(id=C, work_order_id=other) == []
    assert await listed(sort="opened_at") == (await listed())[::-1]
    assert sorted(await listed()) == sorted([C, found["id"]])
    assert await listed(opened_to="2026-01-01T00:00:00Z") == []
    await scheduled.post(f"{CALL}/attempts", {"outcome": "no_answer"})
    counted = (await scheduled.get(f"{LIST}/counts", group_by="last_outcome")).json()
    assert counted["items"] == [{"value": "no_answer", "count": 1}, {"value": None, "count": 1}]
