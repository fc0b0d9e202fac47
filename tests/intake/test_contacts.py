"""Who sees which field of a contact in intake, and that every look at one is on record."""

from typing import Any

import pytest

from libs.chassis.identity.auth import ROLES
from tests.caller import Caller, actor_id
from tests.intake.test_api import CONTACT, opened, problem

ALL = {"name", "phones", "address"}
SEES = {"agent": ALL, "manager": ALL, "dispatcher": ALL, "triage": {"name", "phones"}}


async def looks(caller: Caller, **filters: Any) -> list[dict[str, Any]]:
    caller.as_person("otto", "auditor")
    answer = await caller.get("/v1/contact-views", **filters)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


@pytest.mark.parametrize("role", sorted(ROLES))
async def test_a_ticket_shows_each_role_what_it_needs(caller: Caller, role: str) -> None:
    answer = await opened(caller)
    caller.as_person("lea", role)
    customer = (await caller.get(f"/v1/tickets/{answer['id']}")).json()["customer"]
    shown = {name for name in ALL if customer and customer[name] is not None}
    assert shown == SEES.get(role, set())
    found = await looks(caller)
    if role not in SEES:
        assert (customer, found) == (None, [])
        return
    (look,) = found
    assert (look["customer_id"], look["actor"]) == (answer["customer_id"], actor_id("lea"))
    assert set(look["fields"]) == SEES[role]
    assert look["route"] == "GET /v1/tickets/{ticket_id}"


async def test_several_roles_show_what_each_of_them_does(caller: Caller) -> None:
    answer = await opened(caller)
    caller.as_person("lea", "triage", "agent", "engineer")
    customer = (await caller.get(f"/v1/tickets/{answer['id']}")).json()["customer"]
    assert customer["address"] == CONTACT["address"]


async def test_a_history_shows_no_contact_and_the_list_no_more_than_names(caller: Caller) -> None:
    id = (await opened(caller))["id"]
    story = (await caller.get(f"/v1/tickets/{id}/history")).text
    assert ("王芳" in story, await looks(caller)) == (False, [])
    items = (await caller.get("/v1/tickets")).text
    for hidden in ("13800000000", "建国路"):
        assert hidden not in story + items


@pytest.mark.parametrize("role", sorted(ROLES - {"auditor"}))
async def test_only_an_auditor_reads_who_looked(caller: Caller, role: str) -> None:
    caller.as_role(role)
    assert problem(await caller.get("/v1/contact-views")) == (403, "forbidden")


async def test_looks_are_listed_newest_first_by_customer_and_person_with_names(caller: Caller) -> None:
    one, other = await opened(caller), await opened(caller)
    for subject, name, ticket in (("lea", "李娜", one), ("max", None, one), ("lea", "李娜", other)):
        caller.tokens.name = name
        caller.as_person(subject, "agent")
        await caller.get(f"/v1/tickets/{ticket['id']}")
    newest = await looks(caller)
    assert [look["actor_name"] for look in newest] == ["李娜", None, "李娜"]
    assert [look["customer_id"] for look in newest] == [other["customer_id"], one["customer_id"], one["customer_id"]]
    assert len(await looks(caller, customer_id=one["customer_id"])) == 2
    assert len(await looks(caller, actor=actor_id("max"))) == 1


async def test_no_look_is_published_and_none_holds_what_was_shown(caller: Caller) -> None:
    id = (await opened(caller))["id"]
    await caller.get(f"/v1/tickets/{id}")
    pool = caller.inbox.store.pool
    (row,) = await pool.fetch("SELECT v::text FROM viewed AS v")
    for word in ("王芳", "13800000000", "建国路"):
        assert word not in row["v"]
    assert await pool.fetchval("SELECT count(*) FROM event WHERE type LIKE '%View%'") == 0


async def test_a_contact_that_is_gone_is_nothing_to_look_at(caller: Caller) -> None:
    answer = await opened(caller)
    await caller.inbox.store.pool.execute("DELETE FROM contact")
    assert (await caller.get(f"/v1/tickets/{answer['id']}")).json()["customer"] is None
    assert await looks(caller) == []
