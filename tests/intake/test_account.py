"""A customer's account over HTTP: people and sites by role, as they were, and gone with an erasure."""

from typing import Any

import pytest

from tests.caller import Caller
from tests.intake.test_accounts import customer
from tests.intake.test_api import CONTACT, problem
from tests.intake.test_contacts import looks
from tests.intake.test_erasure import erased, everything

ANNA = {"role": "management", "responsible": True, "name": "安娜", "phones": ["13611112222"]}
BRANCH = {
    "name": "鼓楼分院",
    "timezone": "Asia/Shanghai",
    "region": "华东",
    "address": "福州市鼓楼区东街口8号",
    "latitude": 26.0881,
    "longitude": 119.3,
}


async def shown(caller: Caller, who: str, **query: Any) -> dict[str, Any]:
    answer = await caller.get(f"/v1/customers/{who}/account", **query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def noted(caller: Caller, who: str, what: str, form: dict[str, Any]) -> None:
    answer = await caller.post(f"/v1/customers/{who}/account/{what}", form)
    assert answer.status_code == 200, answer.text


@pytest.mark.requirement("R089", "R093")
async def test_an_account_has_people_and_sites_and_its_history(caller: Caller) -> None:
    who = await customer(caller)
    assert (await shown(caller, who))["version"] == 0
    await noted(caller, who, "kind", {"kind": "organisation"})
    await noted(caller, who, "people", ANNA)
    await noted(caller, who, "people", ANNA | {"name": "贝尔特"})
    await noted(caller, who, "sites", BRANCH)
    found = await shown(caller, who)
    assert [(person["name"], person["responsible"]) for person in found["people"]] == [
        ("安娜", False),
        ("贝尔特", True),
    ]
    assert BRANCH.items() <= found["sites"][0].items()
    assert found["kind"] == "organisation"
    known = await caller.inbox.store.pool.fetchval("SELECT clock_now()")
    person, site = found["people"][0]["id"], found["sites"][0]["id"]
    await noted(caller, who, f"people/{person}", ANNA | {"role": "finance"})
    await noted(caller, who, f"sites/{site}/removal", {})
    after = await shown(caller, who)
    assert ([each["role"] for each in after["people"]], after["sites"]) == (["finance", "management"], [])
    assert (await shown(caller, who, as_of=known.isoformat()))["sites"] == found["sites"]


async def test_triage_sees_names_and_no_places_and_each_look_is_recorded(caller: Caller) -> None:
    who = await customer(caller)
    await noted(caller, who, "people", ANNA)
    await noted(caller, who, "sites", BRANCH)
    caller.as_role("triage")
    found = await shown(caller, who)
    assert (found["people"][0]["name"], found["sites"][0]["address"]) == ("安娜", None)
    assert "GET /v1/customers/{customer_id}/account" in {look["route"] for look in await looks(caller)}
    assert problem(await caller.post(f"/v1/customers/{who}/account/people", ANNA)) == (403, "forbidden")


async def test_what_is_wrong_is_said_by_field(caller: Caller) -> None:
    who = await customer(caller)
    wrong = await caller.post(
        f"/v1/customers/{who}/account/sites", BRANCH | {"timezone": "Nowhere/City", "latitude": 91}
    )
    assert {error["field"] for error in wrong.json()["errors"]} == {"body.timezone", "body.latitude"}
    nobody = await caller.post(f"/v1/customers/{who}/account/people/{who}", ANNA)
    assert problem(nobody) == (409, "unknown-person")


async def test_an_erasure_reaches_people_and_sites(caller: Caller) -> None:
    who = await customer(caller)
    await noted(caller, who, "people", ANNA)
    await noted(caller, who, "sites", BRANCH)
    for words in ("安娜", "13611112222", "鼓楼分院", "东街口"):
        assert words in await everything(caller)
    await erased(caller, who)
    for words in ("安娜", "13611112222", "鼓楼分院", "东街口"):
        assert words not in await everything(caller)
    caller.as_role("agent")
    assert problem(await caller.get(f"/v1/customers/{who}/account"))[0] == 404


async def test_a_ticket_is_at_a_site_and_has_its_region_and_zone(caller: Caller) -> None:
    who = await customer(caller)
    await noted(caller, who, "sites", BRANCH | {"timezone": "Asia/Urumqi"})
    site = (await shown(caller, who))["sites"][0]["id"]
    form = {"channel": "phone", "kind": "repair", "customer_id": who, "summary": "空调不制冷", "site_id": site}
    ticket = (await caller.post("/v1/tickets", form)).json()["id"]
    opened = (await caller.get(f"/v1/tickets/{ticket}")).json()
    assert (opened["region"], opened["timezone"]) == ("华东", "Asia/Urumqi")
    wrong = await caller.post("/v1/tickets", form | {"site_id": who})
    assert (problem(wrong), wrong.json()["errors"][0]["field"]) == ((422, "unknown-site"), "body.site_id")
    ours = {key: value for key, value in form.items() if key != "customer_id"} | {"customer": CONTACT}
    assert problem(await caller.post("/v1/tickets", ours)) == (422, "unknown-site")


@pytest.mark.requirement("R093")
async def test_a_ticket_shows_its_site_as_it_is_now_and_dispatch_is_told(caller: Caller) -> None:
    who = await customer(caller)
    await noted(caller, who, "sites", BRANCH)
    site = (await shown(caller, who))["sites"][0]["id"]
    form = {"channel": "phone", "kind": "repair", "customer_id": who, "summary": "空调不制冷", "site_id": site}
    path = f"/v1/tickets/{(await caller.post('/v1/tickets', form)).json()['id']}"
    assert (await caller.get(path)).json()["site"] == {"id": site} | {key: BRANCH[key] for key in ("name", "address")}
    await noted(caller, who, f"sites/{site}", BRANCH | {"address": "福州市鼓楼区东街口9号"})
    assert (await caller.get(path)).json()["site"]["address"] == "福州市鼓楼区东街口9号"
    rows = "SELECT sites -> $1 ->> 'address' AS address, version FROM contact"
    (told,) = await caller.inbox.store.pool.fetch(rows, site)
    assert dict(told) == {"address": "福州市鼓楼区东街口9号", "version": 3}
    caller.as_role("triage")
    assert (await caller.get(path)).json()["site"] == {"id": site, "name": None, "address": None}
    caller.as_role("agent")
    await noted(caller, who, f"sites/{site}/removal", {})
    assert (await caller.get(path)).json()["site"] == {"id": site, "name": None, "address": None}


async def test_a_contact_is_amended_after_its_sites_were(caller: Caller) -> None:
    who = await customer(caller)
    await noted(caller, who, "sites", BRANCH)
    amended = await caller.post(f"/v1/customers/{who}/amendment", {"address": "福州市五四路1号"})
    assert amended.status_code == 200, amended.text
    assert await caller.inbox.store.pool.fetchval("SELECT count(*) FROM contact WHERE sites <> '{}'") == 1
