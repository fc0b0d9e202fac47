"""What became of a customer, a contract, an asset or a product model, as auditors read it."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any
from uuid import uuid4

import pytest

from services.intake.accounts.domain import account
from services.intake.customers.domain import customer
from tests.caller import Caller, actor_id
from tests.intake.test_api import problem

CUSTOMER = {"name": "王芳", "phones": ["13800001111"], "address": "北京市朝阳区建国路1号"}
TERM = {"component_class": "pump", "months": 12, "start_rule": "day_after_acceptance"}
ASSET = {
    "model": "KFR-35GW",
    "site": {"timezone": "Asia/Shanghai", "region": "华东"},
    "days": {"acceptance_date": "2024-03-14"},
    "parts": [{"id": "pump-1", "component_class": "pump"}],
}
PERSON = {"role": "property", "name": "王芳", "phones": ["13800001111"]}


async def answered(caller: Caller, path: str, body: dict[str, Any]) -> str:
    answer = await caller.post(path, body)
    assert answer.status_code in (200, 201), answer.text
    return str(answer.json()["id"])


async def events(caller: Caller, path: str, **query: Any) -> list[dict[str, Any]]:
    answer = await caller.get(f"{path}/events", **query)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


@pytest.fixture
async def asset(caller: Caller) -> str:
    """An asset under a contract, put on file by Lea."""
    caller.as_person("lea", "manager")
    owner = await answered(caller, "/v1/customers", CUSTOMER)
    signed = {"number": "HT-1", "kind": "own", "customer_id": owner, "terms": [TERM]}
    contract = await answered(caller, "/v1/contracts", signed)
    return await answered(caller, "/v1/assets", ASSET | {"customer_id": owner, "contracts": [contract]})


async def test_an_auditor_reads_each_step_with_who_and_when(caller: Caller, asset: str) -> None:
    await answered(caller, f"/v1/assets/{asset}/retirement", {})
    caller.as_person("otto", "auditor")
    installed, retired = await events(caller, f"/v1/assets/{asset}")
    assert (installed["type"], retired["type"]) == ("intake.AssetInstalled", "intake.AssetRetired")
    assert installed["fields"]["identity"]["model"] == "KFR-35GW"
    assert {step["actor"] for step in (installed, retired)} == {actor_id("lea")}
    assert installed["recorded_at"] <= retired["recorded_at"]


async def test_a_customers_steps_are_those_of_their_account_too_and_name_nobody(caller: Caller, asset: str) -> None:
    caller.as_person("lea", "manager")
    owner = (await caller.get(f"/v1/assets/{asset}")).json()["customer_id"]
    await answered(caller, f"/v1/customers/{owner}/account/people", PERSON)
    await answered(caller, f"/v1/customers/{owner}/account/kind", {"kind": "organisation"})
    caller.as_person("otto", "auditor")
    steps = await events(caller, f"/v1/customers/{owner}")
    assert [step["type"] for step in steps][1:] == ["intake.PersonNoted", "intake.CustomerClassified"]
    assert "王芳" not in str(steps)


async def test_what_was_said_of_a_model_is_read_one_after_the_other(caller: Caller) -> None:
    caller.as_person("lea", "manager")
    model = await answered(caller, "/v1/models", {"name": "KFR-35GW", "terms": [TERM]})
    await answered(caller, f"/v1/models/{model}", {"maker": "格力"})
    caller.as_person("otto", "auditor")
    first, second = await events(caller, f"/v1/models/{model}")
    assert (first["type"], first["fields"]["terms"][0]["months"]) == ("intake.ModelDefined", 12)
    assert (second["fields"]["maker"], second["fields"]["terms"]) == ("格力", [])


async def test_a_page_of_steps_goes_on_behind_the_last(caller: Caller, asset: str) -> None:
    await answered(caller, f"/v1/assets/{asset}/retirement", {})
    first = (await caller.get(f"/v1/assets/{asset}/events", limit=1)).json()
    (second,) = await events(caller, f"/v1/assets/{asset}", limit=1, cursor=first["next_cursor"])
    assert [first["items"][0]["type"], second["type"]] == ["intake.AssetInstalled", "intake.AssetRetired"]


async def test_a_page_reads_no_more_than_it_shows(caller: Caller, asset: str) -> None:
    caller.as_person("lea", "manager")
    owner = (await caller.get(f"/v1/assets/{asset}")).json()["customer_id"]
    for kind in ("organisation", "person", "organisation"):
        await answered(caller, f"/v1/customers/{owner}/account/kind", {"kind": kind})
    store, streams = caller.inbox.store, [customer.stream(owner), account.stream(owner)]
    every = await store.page(streams, None, 100)
    assert [event.version for event in every] == [1, 1, 2, 3]
    first = await store.page(streams, None, 2)
    assert [event.id for event in first] == [event.id for event in every[:2]]
    rest = await store.page(streams, (first[-1].recorded_at, first[-1].id), 1)
    assert [event.id for event in rest] == [every[2].id]


async def test_what_is_not_there_is_not_found_and_others_are_refused(caller: Caller, asset: str) -> None:
    caller.as_person("otto", "auditor")
    assert problem(await caller.get(f"/v1/assets/{uuid4()}/events")) == (404, "not-found")
    caller.as_person("anna", "agent")
    assert problem(await caller.get(f"/v1/assets/{asset}/events")) == (403, "forbidden")


async def test_a_place_that_was_made_up_is_no_cursor(caller: Caller, asset: str) -> None:
    await answered(caller, f"/v1/assets/{asset}/retirement", {})
    path = f"/v1/assets/{asset}/events"
    cursor = (await caller.get(path, limit=1)).json()["next_cursor"]
    selection, (at, id) = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    for place in ([at, "somewhere"], [at, f"{id}0"], [at, ""]):
        made_up = urlsafe_b64encode(json.dumps([selection, place]).encode()).decode().rstrip("=")
        assert problem(await caller.get(path, cursor=made_up)) == (422, "malformed-cursor"), place
