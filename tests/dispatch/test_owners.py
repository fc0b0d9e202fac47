"""Routes × roles × owners: every route of a visit, for every role, with the login of its engineer and with others.

The routes are counted against the application's own, so that a new one cannot be forgotten here.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from libs.chassis.http.routing import Route
from libs.chassis.identity.auth import ROLES
from services.dispatch.app import service
from tests.caller import Caller
from tests.dispatch.story import W1
from tests.dispatch.test_contacts import PUT
from tests.dispatch.test_crew import DECLINE, FAILURE, STEPS, bound
from tests.dispatch.test_http import BOARD, POSITION, SIGNED, SLOT, authorised, engineer, said

OFFICE = {"dispatcher", "manager"}
OWNERS = ("own", "another", "nobody")
"""The login of the visit's engineer, of another engineer, and one that is bound to no engineer."""

ROUTE = f"{BOARD}/{{work_order_id}}"
COUNTS, STREAM = f"{BOARD}/counts", f"{BOARD}/stream"
READS = (ROUTE, f"{ROUTE}/contact", f"{ROUTE}/candidates", f"{ROUTE}/signature")
OF_CUSTOMERS = {
    *(("GET", f"{ROUTE}/planned-time"), ("POST", f"{ROUTE}/link-confirmation"), ("POST", f"{ROUTE}/wish")),
    *(("GET", f"{ROUTE}/repair"), ("POST", f"{ROUTE}/link-acceptance"), ("POST", f"{ROUTE}/link-rejection")),
}
"""Nobody of the department is let in there: test_links.py and test_verdicts.py."""
OF_AUDITORS = {("GET", f"{ROUTE}/events")}
"""Whose visit it is makes no difference there."""
PLANS = ("assignment", "appointment", "plan", "unassignment")
CREW = tuple(step for step, _ in (*STEPS, DECLINE, FAILURE))


def people(allowed: bool, roles: set[str], crew: bool) -> Iterator[tuple[str, str, str]]:
    """Login, role and, if it is not let in, the code of the refusal, of all who are let in on a route or are not.

    The route is for `roles`; with `crew`, an engineer is let in as the visit's own alone.
    """
    for role in sorted(ROLES):
        for owner in OWNERS:
            code = refusal(role, owner, roles, crew)
            if (code == "") == allowed:
                yield owner, role, code


def refusal(role: str, owner: str, roles: set[str], crew: bool) -> str:
    """The code that such a caller is refused with; empty: let in."""
    if role not in roles:
        return "forbidden"
    if not crew or role != "engineer" or owner == "own":
        return ""
    return "not-your-visit" if owner == "another" else "no-engineer"


async def visit(caller: Caller) -> tuple[str, dict[str, Any]]:
    """The path of a visit of the login `own`, and what its plans are made of."""
    path = await authorised(caller)
    await caller.inbox.store.pool.execute(PUT)
    id = await bound(caller, "own")
    await bound(caller, "another")
    assignment = {"engineer_id": id}
    plan = assignment | SLOT
    return path, {"unassignment": {}, "assignment": assignment, "appointment": SLOT, "plan": plan}


def steps_until(last: str) -> list[tuple[str, Any]]:
    """The steps of a visit that ends so."""
    if last in ("decline", "failure"):
        begin = STEPS[:1] if last == "decline" else STEPS[:4]
        return [*begin, DECLINE if last == "decline" else FAILURE]
    return [(step, body) for step, body in STEPS if step not in ("acceptance", "rejection") or step == last]


def test_every_route_of_a_visit_is_asked() -> None:
    shown = {
        (method, route.path)
        for route in service.http().routes
        if isinstance(route, Route) and route.path.startswith(BOARD)
        for method in route.methods or ()
    }
    asked = {("GET", path) for path in (BOARD, COUNTS, STREAM, *READS)}
    asked |= {("POST", f"{ROUTE}/{verb}") for verb in (*PLANS, *CREW)}
    assert shown == asked | OF_CUSTOMERS | OF_AUDITORS


@pytest.mark.requirement("R067", "R227")
@pytest.mark.parametrize("last", ["acceptance", "rejection", "decline", "failure"])
async def test_commands(caller: Caller, last: str) -> None:
    path, plans = await visit(caller)
    for verb, body in (*plans.items(), *steps_until(last)):
        crew = verb in CREW
        roles = OFFICE | {"engineer"} if crew else OFFICE
        version = len(await caller.inbox.store.read(f"work_order-{W1}"))
        for login, role, code in people(False, roles, crew):
            caller.as_person(login, role)
            answer = await caller.post(f"{path}/{verb}", body)
            assert (answer.status_code, answer.json()["code"]) == (403, code), (verb, role, login)
        assert len(await caller.inbox.store.read(f"work_order-{W1}")) == version
        answers = []
        for login, role, _ in people(True, roles, crew):
            caller.as_person(login, role)
            answers.append((await caller.post(f"{path}/{verb}", body)).status_code)
        assert answers[0] == 200, verb
        assert set(answers) <= ({200, 403, 409} if verb == "decline" else {200, 409}), verb


async def test_reads(caller: Caller) -> None:
    path, plans = await visit(caller)
    assert (await caller.post(f"{path}/assignment", plans["assignment"])).status_code == 200
    for shown, roles, asked in (
        (path, set(ROLES), {}),
        (f"{path}/contact", OFFICE | {"engineer"}, {}),
        (f"{path}/candidates", OFFICE, {"start": SLOT["start"]}),
    ):
        for allowed in (False, True):
            for login, role, code in people(allowed, roles, crew=True):
                caller.as_person(login, role)
                answer = await caller.get(shown, **asked)
                expected = (200, None) if allowed else (403, code)
                assert (answer.status_code, answer.json().get("code")) == expected, (shown, role, login)


async def test_the_signature(caller: Caller) -> None:
    path, plans = await visit(caller)
    assert (await caller.post(f"{path}/assignment", plans["assignment"])).status_code == 200
    await said(caller, path, ("arrival", POSITION), ("completion", {"result": "换电容"}), ("acceptance", SIGNED))
    for allowed in (False, True):
        for login, role, code in people(allowed, OFFICE | {"agent", "engineer"}, crew=True):
            caller.as_person(login, role)
            answer = await caller.get(f"{path}/signature")
            expected = (200, None) if allowed else (403, code)
            assert (answer.status_code, answer.json().get("code")) == expected, (role, login)


async def test_the_board(caller: Caller) -> None:
    path, plans = await visit(caller)
    assert (await caller.post(f"{path}/assignment", plans["assignment"])).status_code == 200
    for allowed in (False, True):
        for login, role, code in people(allowed, set(ROLES), crew=True):
            caller.as_person(login, role)
            answer = await caller.get(BOARD)
            if code == "no-engineer":
                assert (answer.status_code, answer.json()["code"]) == (403, code)
            else:
                assert [one["id"] for one in answer.json()["items"]] == ([W1] if allowed else []), (role, login)
            counted = await caller.get(COUNTS, group_by="status")
            assert (counted.status_code, counted.json().get("total")) == (
                (403, None) if code == "no-engineer" else (200, int(allowed))
            )


async def test_news_of_every_visit_are_not_for_an_engineer(caller: Caller) -> None:
    caller.as_person("own", "engineer")
    answer = await caller.get(STREAM, seconds=1)
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


async def test_a_visit_that_is_nobodys_yet_is_no_engineers(caller: Caller) -> None:
    path = await authorised(caller)
    await bound(caller, "own")
    await engineer(caller, "无人")
    caller.as_person("own", "engineer")
    for verb, body in (*STEPS, DECLINE, FAILURE):
        answer = await caller.post(f"{path}/{verb}", body)
        assert (answer.status_code, answer.json()["code"]) == (403, "not-your-visit"), verb
    assert (await caller.get(path)).status_code == 403
    assert (await caller.get(BOARD)).json()["items"] == []
