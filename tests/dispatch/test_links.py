"""What the customer of a link sees and says of a visit's time, over HTTP; and that no other link does."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from libs.chassis.identity.auth import LinkClaims
from tests.caller import Caller
from tests.dispatch.story import W1, T
from tests.dispatch.test_http import BOARD, POSITION, authorised, engineer, said, slot

PATH = f"{BOARD}/{W1}"
OWN = LinkClaims(T, "appointment", W1)
OTHERS = [
    (LinkClaims(str(uuid4()), "appointment", W1), "not-your-work-order"),
    (LinkClaims(T, "appointment", str(uuid4())), "not-your-work-order"),
    (LinkClaims(T, "appointment"), "not-your-work-order"),
    (LinkClaims(T, "rating", W1), "forbidden"),
    (None, "forbidden"),
]


def span(days: int = 0) -> dict[str, Any]:
    """A time so many days after tomorrow."""
    return {name: value for name, value in slot(timedelta(days=days)).items() if name != "confirmed"}


async def offered(caller: Caller) -> None:
    """A visit whose time is on offer; its customer's link calls."""
    await authorised(caller)
    assignment = {"engineer_id": await engineer(caller)}
    await said(caller, PATH, ("assignment", assignment), ("appointment", span() | {"confirmed": False}))
    customer(caller, OWN)


def customer(caller: Caller, link: LinkClaims | None) -> None:
    caller.as_person("link:1", "customer")
    caller.tokens.link = link


async def sheet(caller: Caller) -> dict[str, Any]:
    caller.as_person("anna", "dispatcher")
    found: dict[str, Any] = (await caller.get(PATH)).json()
    return found


@pytest.mark.requirement("R010")
async def test_a_customer_sees_the_time_and_confirms_it(caller: Caller) -> None:
    await offered(caller)
    assert (await caller.get(f"{PATH}/planned-time")).json() == span() | {"confirmed": False, "is_open": True}
    await said(caller, PATH, ("link-confirmation", span()))
    assert (await caller.get(f"{PATH}/planned-time")).json()["confirmed"]
    assert (await sheet(caller))["appointment"] == span() | {"confirmed": True}


@pytest.mark.requirement("R010")
async def test_a_wish_is_shown_to_the_dispatcher_until_a_time_is_planned(caller: Caller) -> None:
    await offered(caller)
    key, wish = uuid4().hex, span(2) | {"note": "下班后都可以"}
    first, again = [await caller.post(f"{PATH}/wish", wish, key) for _ in range(2)]
    assert (first.status_code, again.content) == (200, first.content)
    shown = await sheet(caller)
    assert (shown["wish"], shown["appointment"]) == (wish, span() | {"confirmed": False})
    assert "下班" not in str(await caller.inbox.store.read(f"work_order-{W1}"))
    await said(caller, PATH, ("appointment", span(2) | {"confirmed": True}))
    assert (await sheet(caller))["wish"] is None


async def test_a_time_that_was_changed_meanwhile_is_not_confirmed(caller: Caller) -> None:
    await offered(caller)
    answer = await caller.post(f"{PATH}/link-confirmation", span(1))
    assert (answer.status_code, answer.json()["code"]) == (409, "appointment-changed")


async def test_no_time_is_answered_once_the_engineer_set_out(caller: Caller) -> None:
    await offered(caller)
    caller.as_person("anna", "dispatcher")
    await said(caller, PATH, ("departure", {}))
    customer(caller, OWN)
    assert not (await caller.get(f"{PATH}/planned-time")).json()["is_open"]
    for step in ("link-confirmation", "wish"):
        answer = await caller.post(f"{PATH}/{step}", span())
        assert (answer.status_code, answer.json()["code"]) == (409, "already-departed")


@pytest.mark.parametrize(("link", "code"), OTHERS)
async def test_another_link_says_nothing(caller: Caller, link: LinkClaims | None, code: str) -> None:
    await offered(caller)
    before = len(await caller.inbox.store.read(f"work_order-{W1}"))
    customer(caller, link)
    for step in ("link-confirmation", "wish"):
        answer = await caller.post(f"{PATH}/{step}", span())
        assert (answer.status_code, answer.json()["code"]) == (403, code)
    assert (await caller.get(f"{PATH}/planned-time")).status_code == (403 if code == "forbidden" else 404)
    assert len(await caller.inbox.store.read(f"work_order-{W1}")) == before


async def test_nobody_of_the_department_answers_for_a_customer(caller: Caller) -> None:
    await offered(caller)
    caller.as_role("dispatcher", "manager", "agent", "engineer", "service")
    for step in ("link-confirmation", "wish"):
        assert (await caller.post(f"{PATH}/{step}", span())).status_code == 403
    assert (await caller.get(f"{PATH}/planned-time")).status_code == 403
    customer(caller, OWN)
    assert (await caller.post(f"{PATH}/arrival", POSITION)).status_code == 403
    assert (await caller.get(PATH)).status_code == 403
