"""Whose visit it is: a login is bound to an engineer, who works on visits of their own and sees no others."""

import asyncio
from typing import Any

import pytest

from tests.caller import Caller, actor_id
from tests.dispatch.story import W1
from tests.dispatch.test_contacts import PUT
from tests.dispatch.test_http import BOARD, POSITION, SIGNED, authorised, engineer, said

STEPS: list[tuple[str, Any]] = [
    ("confirmation", {}),
    ("customer-call", {"outcome": "reached", "note": "下午在家"}),
    ("departure", {}),
    ("arrival", POSITION),
    ("conduct", {"items": ["badge", "uniform"]}),
    ("pause", {"reason": "waiting_parts"}),
    ("resumption", {}),
    ("completion", {"result": "换电容"}),
    ("rejection", {"reasons": ["仍有异响"]}),
    ("acceptance", SIGNED),
]
DECLINE: tuple[str, Any] = ("decline", {"reason": "no_time", "note": "当天已有两次上门"})
FAILURE: tuple[str, Any] = ("failure", {"reason": "part_missing", "next_step": "await_parts", "note": "控制板无货"})
"""Two other ends of a visit."""


async def bound(caller: Caller, login: str) -> str:
    """The id of a new engineer whose login has this subject."""
    id = await engineer(caller, login)
    answer = await caller.post(f"/v1/engineers/{id}/binding", {"subject": login})
    assert (answer.status_code, answer.json()["status"]) == (200, "bound"), answer.text
    return id


async def assigned(caller: Caller) -> str:
    """The path of lea's visit; max is an engineer too, and lea calls."""
    path = await authorised(caller)
    await said(caller, path, ("assignment", {"engineer_id": await bound(caller, "lea")}))
    await bound(caller, "max")
    caller.as_person("lea", "engineer")
    return path


@pytest.mark.requirement("R326")
async def test_an_engineer_makes_the_visit_that_is_theirs(caller: Caller) -> None:
    await said(caller, await assigned(caller), *(step for step in STEPS if step[0] != "rejection"))


@pytest.mark.requirement("R049", "R326")
@pytest.mark.parametrize("login", ["max", "nobody"])
async def test_nobody_else_takes_a_step_of_it(caller: Caller, login: str) -> None:
    path = await assigned(caller)
    code = "not-your-visit" if login == "max" else "no-engineer"
    for step, body in STEPS:
        caller.as_person(login, "engineer")
        answer = await caller.post(f"{path}/{step}", body)
        assert (answer.status_code, answer.json()["code"]) == (403, code), step
        caller.as_person("lea", "engineer")
        if step != "rejection":
            await said(caller, path, (step, body))
    assert {one.actor for one in await caller.inbox.store.read(f"work_order-{W1}") if one.actor} >= {actor_id("lea")}
    assert actor_id(login) not in {one.actor for one in await caller.inbox.store.read(f"work_order-{W1}")}


@pytest.mark.parametrize("roles", [["dispatcher"], ["manager"], ["engineer", "dispatcher"]])
async def test_the_office_acts_for_anybody(caller: Caller, roles: list[str]) -> None:
    path = await assigned(caller)
    caller.as_person("max", *roles)
    await said(caller, path, ("departure", {}))


@pytest.mark.requirement("R298")
async def test_who_was_relieved_or_unbound_is_out(caller: Caller) -> None:
    path = await assigned(caller)
    await said(caller, path, ("departure", {}))
    caller.as_person("anna", "dispatcher")
    own, other = [item["id"] for item in (await caller.get("/v1/engineers")).json()["items"]][::-1]
    await said(caller, path, ("assignment", {"engineer_id": other}))
    caller.as_person("lea", "engineer")
    assert (await caller.post(f"{path}/arrival", POSITION)).json()["code"] == "not-your-visit"
    caller.as_person("anna", "dispatcher")
    for id in (own, other):
        assert (await caller.post(f"/v1/engineers/{id}/unbinding")).json()["status"] == "registered"
    caller.as_person("max", "engineer")
    assert (await caller.post(f"{path}/arrival", POSITION)).json()["code"] == "no-engineer"


async def test_an_engineer_sees_own_visits_and_whom_they_are_for(caller: Caller) -> None:
    path = await assigned(caller)
    await caller.inbox.store.pool.execute(PUT)
    assert [item["id"] for item in (await caller.get(BOARD)).json()["items"]] == [W1]
    assert (await caller.get(path)).status_code == 200
    assert (await caller.get(f"{path}/contact")).json()["name"] == "王芳"
    for login, code in (("max", "not-your-visit"), ("nobody", "no-engineer")):
        caller.as_person(login, "engineer")
        for shown in (path, f"{path}/contact"):
            answer = await caller.get(shown)
            assert (answer.status_code, answer.json()["code"]) == (403, code)
    caller.as_person("max", "engineer")
    assert (await caller.get(BOARD)).json()["items"] == []
    assert await caller.inbox.store.pool.fetchval("SELECT count(*) FROM viewed") == 1


async def test_an_engineer_finds_their_own_record(caller: Caller) -> None:
    id = await bound(caller, "lea")
    caller.as_person("lea", "engineer")
    mine = await caller.get("/v1/engineers/me")
    assert (mine.json()["id"], mine.json()["actor_id"]) == (id, actor_id("lea"))
    assert mine.headers["etag"].startswith('"2-')
    caller.as_person("max", "engineer")
    assert (await caller.get("/v1/engineers/me")).status_code == 404
    caller.as_person("anna", "dispatcher")
    assert (await caller.get("/v1/engineers/me")).status_code == 403


async def test_a_login_and_an_engineer_belong_to_each_other_alone(caller: Caller) -> None:
    first, second = await bound(caller, "lea"), await bound(caller, "max")
    for body, code in (({"subject": "lea"}, "engineer-already-bound"), ({"subject": "eva"}, "engineer-already-bound")):
        answer = await caller.post(f"/v1/engineers/{second}/binding", body)
        assert (answer.status_code, answer.json()["code"]) == (409, code)
    await caller.post(f"/v1/engineers/{second}/unbinding", {})
    answer = await caller.post(f"/v1/engineers/{second}/binding", {"actor_id": actor_id("lea")})
    assert (answer.status_code, answer.json()["code"]) == (409, "login-already-bound")
    await caller.post(f"/v1/engineers/{first}/unbinding", {})
    assert (await caller.post(f"/v1/engineers/{second}/binding", {"actor_id": actor_id("lea")})).status_code == 200


async def test_of_many_who_want_one_login_one_gets_it(caller: Caller) -> None:
    ids = [await engineer(caller) for _ in range(6)]
    answers = await asyncio.gather(*(caller.post(f"/v1/engineers/{id}/binding", {"subject": "lea"}) for id in ids))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 5
    listed = (await caller.get("/v1/engineers")).json()["items"]
    assert [one["actor_id"] for one in listed if one["actor_id"]] == [actor_id("lea")]


@pytest.mark.parametrize("body", [{}, {"subject": ""}, {"subject": "lea", "actor_id": actor_id("lea")}])
async def test_a_login_is_named_in_one_way(caller: Caller, body: Any) -> None:
    answer = await caller.post(f"/v1/engineers/{await engineer(caller)}/binding", body)
    assert answer.status_code == 422


async def test_a_record_is_amended_field_by_field(caller: Caller) -> None:
    id = await engineer(caller)
    for body in ({"skills": ["hvac", "lifts"]}, {"region": "south", "name": "李强二"}, {"region": "south"}):
        assert (await caller.post(f"/v1/engineers/{id}/amendment", body)).status_code == 200
    shown = (await caller.get(f"/v1/engineers/{id}")).json()
    assert (shown["name"], shown["skills"], shown["region"], shown["version"]) == (
        "李强二",
        ["hvac", "lifts"],
        "south",
        3,
    )


async def test_there_is_no_such_engineer(caller: Caller) -> None:
    for verb, body in (("amendment", {}), ("binding", {"subject": "lea"}), ("unbinding", {})):
        assert (await caller.post(f"/v1/engineers/{W1}/{verb}", body)).status_code == 404
