"""A visit planned in one command over HTTP on a real database, tried before, and whom one could send instead."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.caller import Caller
from tests.dispatch.test_http import BOARD, POSITION, SIGNED, SLOT, TOMORROW, authorised, engineer, said, slot
from tests.dispatch.test_schedule import overlaps, planned, visit


def plan(engineer_id: str, when: dict[str, Any] = SLOT) -> dict[str, Any]:
    return {"engineer_id": engineer_id} | when


async def trial(caller: Caller, path: str, body: dict[str, Any], key: str | None = None) -> Any:
    """What the plan would be answered."""
    return await caller.post(f"{path}/plan?dry_run=true", body, key=key)


@pytest.mark.requirement("R010", "R029")
async def test_an_engineer_and_a_time_are_one_command(caller: Caller) -> None:
    path, lea = await authorised(caller), await engineer(caller)
    (answer,) = await said(caller, path, ("plan", plan(lea)))
    assert (answer["status"], answer["version"]) == ("assigned", 3)
    sheet = (await caller.get(path)).json()
    assert (sheet["engineer_id"], sheet["appointment"]) == (lea, SLOT)


async def test_a_refused_plan_leaves_nothing_of_itself(caller: Caller) -> None:
    lea, ida = await engineer(caller), await engineer(caller, "艾达")
    first, second = await planned(caller, lea), await visit(caller)
    await said(caller, second, ("assignment", {"engineer_id": ida}))
    overlaps(await caller.post(f"{second}/plan", plan(lea)), first)
    sheet = (await caller.get(second)).json()
    assert (sheet["engineer_id"], sheet["appointment"]) == (ida, None)


async def test_a_moved_visit_gives_its_old_time_back(caller: Caller) -> None:
    lea, ida = await engineer(caller), await engineer(caller, "艾达")
    first, second = await planned(caller, lea), await visit(caller)
    await said(caller, first, ("plan", plan(ida, slot(timedelta(hours=4)))))
    await said(caller, second, ("plan", plan(lea)))


async def test_who_is_unassigned_has_the_time_free_and_the_customer_keeps_it(caller: Caller) -> None:
    lea, ida = await engineer(caller), await engineer(caller, "艾达")
    first, second = await planned(caller, lea), await visit(caller)
    await said(caller, first, ("unassignment", {}))
    sheet = (await caller.get(first)).json()
    assert (sheet["status"], sheet["engineer_id"], sheet["appointment"]) == ("created", None, SLOT)
    assert (await caller.get("/v1/workload")).json()["items"] == []
    (nobodys,) = (await caller.get(BOARD, unassigned="true", sort="appointment", limit="1")).json()["items"]
    assert f"{BOARD}/{nobodys['id']}" == first
    await said(caller, second, ("plan", plan(lea)))
    overlaps(await caller.post(f"{first}/assignment", {"engineer_id": lea}), second)
    await said(caller, first, ("assignment", {"engineer_id": ida}))
    assert [one["engineer_id"] for one in (await caller.get("/v1/workload")).json()["items"]] == sorted([lea, ida])


async def test_nobody_is_taken_off_a_visit_that_has_begun(caller: Caller) -> None:
    path, lea = await authorised(caller), await engineer(caller)
    await said(caller, path, ("assignment", {"engineer_id": lea}), ("departure", {}))
    answer = await caller.post(f"{path}/unassignment")
    assert (answer.status_code, answer.json()["code"]) == (409, "already-departed")


async def test_a_trial_says_what_the_plan_would_and_records_nothing(caller: Caller) -> None:
    lea, key = await engineer(caller), str(uuid4())
    first, second = await planned(caller, lea), await visit(caller)
    overlaps(await trial(caller, second, plan(lea)), first)
    later = plan(lea, slot(timedelta(hours=4)))
    answer = await trial(caller, second, later, key)
    assert (answer.status_code, answer.json()["status"], answer.json()["version"]) == (200, "assigned", 3)
    assert "etag" not in answer.headers
    assert (await caller.get(second)).json()["version"] == 1
    made = await caller.post(f"{second}/plan", later, key=key)
    assert "idempotency-replayed" not in made.headers
    assert made.json() == answer.json()


async def test_a_trial_of_a_visit_that_is_not_there_is_a_404(caller: Caller) -> None:
    answer = await trial(caller, f"{BOARD}/{uuid4()}", plan(await engineer(caller)))
    assert answer.status_code == 404


async def test_nobody_plans_with_an_engineer_who_is_not_there(caller: Caller) -> None:
    answer = await caller.post(f"{await authorised(caller)}/plan", plan(str(uuid4())))
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown-engineer")


async def candidates(caller: Caller, path: str, **question: object) -> Any:
    asked = {"start": f"{TOMORROW:%Y-%m-%dT%H:%M:%SZ}"} | question
    answer = await caller.get(f"{path}/candidates", **asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.requirement("R010")
async def test_candidates_come_with_reasons(caller: Caller) -> None:
    lea, ida = await engineer(caller), await engineer(caller, "艾达")
    await caller.post("/v1/engineers", {"name": "无技能", "skills": [], "region": "north"})
    await planned(caller, lea)
    path = await visit(caller)
    busy = await candidates(caller, path)
    assert [(one["engineer_id"], one["name"]) for one in busy["items"]] == [(ida, "艾达")]
    assert sorted(busy["blocked"], key=str) == [
        {"code": "overlap", "engineers": 1},
        {"code": "skill-missing", "engineers": 1},
    ]
    later = await candidates(caller, path, start=slot(timedelta(hours=2))["start"])
    assert [(one["engineer_id"], one["visits"]) for one in later["items"]] == [(ida, 0), (lea, 1)]
    assert [one["engineer_id"] for one in (await candidates(caller, path, minutes=15, limit=1))["items"]] == [ida]


async def test_whom_the_customer_knows_comes_first(caller: Caller) -> None:
    path, lea = await visit(caller), await engineer(caller)
    await engineer(caller, "艾达")
    done = {"result": "换电容"}
    await said(caller, path, ("assignment", {"engineer_id": lea}), ("arrival", POSITION), ("completion", done))
    await said(caller, path, ("acceptance", SIGNED))
    await planned(caller, lea, slot(timedelta(hours=6)))
    first, second = (await candidates(caller, await visit(caller)))["items"]
    assert (first["engineer_id"], first["knows_customer"], first["visits"]) == (lea, True, 1)
    assert (second["knows_customer"], second["visits"]) == (False, 0)


async def test_a_visit_does_not_stand_in_its_own_way(caller: Caller) -> None:
    lea = await engineer(caller)
    path = await planned(caller, lea)
    assert [one["engineer_id"] for one in (await candidates(caller, path))["items"]] == [lea]
