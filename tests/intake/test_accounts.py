"""Contracts and assets over HTTP: who keeps them, what contradicts itself, and what the warranty says of any day."""

from typing import Any

import pytest

from libs.events.contracts.triage.cases import CauseDetermined
from tests.caller import Caller
from tests.intake.test_api import CONTACT, problem
from tests.intake.test_erasure import erased, everything

CONTRACTS, ASSETS = "/v1/contracts", "/v1/assets"
TERM = {"component_class": "pump", "months": 12, "start_rule": "day_after_acceptance", "latent_defect_months": 24}
SITE = {"timezone": "Asia/Shanghai", "region": "华东", "address": "福州市鼓楼区五四路1号"}
PUMP = {"id": "pump-1", "component_class": "pump", "serial": "P1"}
SIGNED = "2024-01-05T10:00:00+08:00"


async def customer(caller: Caller) -> str:
    """A customer on file."""
    caller.as_role("agent")
    id: str = (await caller.post("/v1/customers", CONTACT)).json()["id"]
    return id


async def signed(caller: Caller, customer_id: str | None, **fields: Any) -> str:
    """A contract that a manager put on file."""
    caller.as_role("manager")
    form = {"number": "HT-2026-0113", "kind": "own", "customer_id": customer_id, "terms": [TERM], "occurred_at": SIGNED}
    answer = await caller.post(CONTRACTS, form | fields)
    assert answer.status_code == 201, answer.text
    caller.as_role("agent")
    id: str = answer.json()["id"]
    return id


async def installed(caller: Caller, customer_id: str, **fields: Any) -> str:
    """An asset that an agent put on file, accepted on 14 March 2024."""
    form = {
        "customer_id": customer_id,
        "model": "KFR-35GW",
        "serial": "SN-1",
        "maker": "格力",
        "site": SITE,
        "days": {"acceptance_date": "2024-03-14"},
        "parts": [PUMP],
    }
    answer = await caller.post(ASSETS, form | fields)
    assert answer.status_code == 201, answer.text
    id: str = answer.json()["id"]
    return id


async def asked(caller: Caller, asset_id: str, on: str, **question: Any) -> dict[str, Any]:
    """What the warranty says."""
    answer = await caller.get(f"{ASSETS}/{asset_id}/warranty", on=f"{on}T12:00:00+08:00", **question)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.requirement("R211")
async def test_managers_keep_contracts_and_agents_read_them(caller: Caller) -> None:
    who = await customer(caller)
    form = {"number": "HT-1", "kind": "own", "customer_id": who, "terms": [TERM]}
    assert problem(await caller.post(CONTRACTS, form)) == (403, "forbidden")
    id = await signed(caller, who)
    shown = (await caller.get(f"{CONTRACTS}/{id}")).json()
    assert (shown["number"], shown["status"], shown["terms"][0]["months"]) == ("HT-2026-0113", "in_force", 12)
    listed = (await caller.get(CONTRACTS, customer_id=who)).json()["items"]
    assert [row["id"] for row in listed] == [id]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"terms": [TERM, TERM]}, "body.terms[1].component_class"),
        ({"terms": [TERM | {"start_rule": "date"}]}, "body.terms[0].start_date"),
        ({"terms": [TERM | {"months": 601}]}, "body.terms[0].months"),
        ({"terms": [TERM | {"shelf_years": 6}]}, "body.terms[0].shelf_years"),
        ({"customer_id": None}, "body.customer_id"),
        ({"kind": "extension"}, "body.extends"),
    ],
)
async def test_a_contract_that_contradicts_itself_is_refused_by_field(
    caller: Caller, fields: dict[str, Any], field: str
) -> None:
    who = await customer(caller)
    caller.as_role("manager")
    form = {"number": "HT-1", "kind": "own", "customer_id": who, "terms": [TERM]}
    answer = await caller.post(CONTRACTS, form | fields)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"].replace(".0.", "[0].") == field
    assert (await caller.get(CONTRACTS)).json()["items"] == []


async def test_a_contract_of_another_customer_cannot_be_extended(caller: Caller) -> None:
    base, other = await signed(caller, await customer(caller)), await customer(caller)
    caller.as_role("manager")
    form = {"number": "HT-2", "kind": "extension", "extends": base, "terms": [TERM]}
    answer = await caller.post(CONTRACTS, form | {"customer_id": other})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "body.extends"
    assert len((await caller.get(CONTRACTS)).json()["items"]) == 1


async def test_an_amendment_that_contradicts_the_contract_is_refused_by_field(caller: Caller) -> None:
    id = await signed(caller, await customer(caller))
    caller.as_role("manager")
    change = {"op": "set", "component_class": "fan", "months": 24}
    answer = await caller.post(f"{CONTRACTS}/{id}/amendments", {"changes": [change]})
    assert problem(answer) == (422, "contract-contradicts")
    assert answer.json()["errors"][0]["field"] == "body.changes[0].component_class"
    assert (await caller.post(f"{CONTRACTS}/{id}/end")).json()["status"] == "ended"
    assert problem(await caller.post(f"{CONTRACTS}/{id}/end")) == (409, "contract-ended")


@pytest.mark.requirement("R180")
async def test_an_asset_is_found_by_the_beginning_of_its_serial_or_its_card(caller: Caller) -> None:
    who = await customer(caller)
    id = await installed(caller, who, days={"card_number": "BX-0001", "card_date": "2024-03-14"})
    for begins, found in (("sn", [id]), ("bx-00", [id]), ("BX-1", []), ("%", [])):
        assert [row["id"] for row in (await caller.get(ASSETS, begins=begins)).json()["items"]] == found
    again = {"customer_id": who, "model": "M", "serial": "sn-1", "maker": "格力", "site": SITE, "parts": [PUMP]}
    refused = await caller.post(ASSETS, again)
    assert (problem(refused), refused.json()["asset_id"]) == ((409, "serial-taken"), id)
    assert (await caller.post(ASSETS, again | {"maker": "美的"})).status_code == 201


async def looks(caller: Caller, customer_id: str) -> int:
    """How many looks at a customer's contact are recorded."""
    caller.as_role("auditor")
    found = len((await caller.get("/v1/contact-views", customer_id=customer_id)).json()["items"])
    caller.as_role("agent")
    return found


async def test_an_asset_without_an_address_is_no_look_at_its_customer(caller: Caller) -> None:
    who = await customer(caller)
    asset, before = await installed(caller, who, site={"timezone": "Asia/Shanghai"}), await looks(caller, who)
    assert (await caller.get(f"{ASSETS}/{asset}")).json()["sites"][0]["address"] is None
    assert await looks(caller, who) == before
    assert (await caller.post(f"{ASSETS}/{asset}/moves", {"site": SITE})).status_code == 200
    assert (await caller.get(f"{ASSETS}/{asset}")).json()["sites"][1]["address"] == SITE["address"]
    assert await looks(caller, who) == before + 1


@pytest.mark.requirement("R180")
async def test_assets_are_listed_by_any_of_some_contracts(caller: Caller) -> None:
    who = await customer(caller)
    first, second = await signed(caller, who), await signed(caller, who, number="HT-2026-0114")
    under = await installed(caller, who, contracts=[first])
    await installed(caller, who, serial="SN-2")
    for contracts, found in (([first], [under]), ([second, first], [under]), ([second], [])):
        listed = (await caller.get(ASSETS, contract_id=contracts)).json()["items"]
        assert [row["id"] for row in listed] == found


async def test_components_that_make_no_tree_are_refused_by_field(caller: Caller) -> None:
    form = {"customer_id": await customer(caller), "model": "M", "site": SITE, "parts": [PUMP, PUMP]}
    answer = await caller.post(ASSETS, form)
    assert problem(answer) == (422, "asset-contradicts")
    assert answer.json()["errors"][0]["field"] == "body.parts[1].id"


@pytest.mark.requirement("R003", "R202")
async def test_the_warranty_says_its_clause_its_days_and_what_would_change_it(caller: Caller) -> None:
    who = await customer(caller)
    contract = await signed(caller, who)
    asset = await installed(caller, who, contracts=[contract])
    found = await asked(caller, asset, "2025-03-14")
    assert (found["verdict"], found["from"], found["until"]) == ("in_warranty", "2024-03-15", "2025-03-14")
    assert found["clause"] == {"contract": contract, "number": "HT-2026-0113", "component_class": "pump"}
    assert {"fact": "cause", "verdict": "not_covered"}.items() <= found["would_change"][0].items()
    assert (await asked(caller, asset, "2025-03-14", cause="misuse"))["verdict"] == "not_covered"
    assert (await asked(caller, asset, "2027-03-14", cause="design_defect"))["verdict"] == "latent_defect_cover"
    wrong = await caller.get(f"{ASSETS}/{asset}/warranty", component="fan")
    assert problem(wrong) == (422, "invalid")


@pytest.mark.requirement("R100")
async def test_an_amended_or_extended_contract_answers_anew_and_the_past_stays(caller: Caller) -> None:
    who = await customer(caller)
    contract = await signed(caller, who)
    asset = await installed(caller, who, contracts=[contract])
    assert (await asked(caller, asset, "2025-06-01", cause="normal_wear"))["verdict"] == "expired"
    known = await caller.inbox.store.pool.fetchval("SELECT clock_now()")
    caller.as_role("manager")
    change = {"op": "set", "component_class": "pump", "months": 24}
    amended = {"changes": [change], "occurred_at": "2024-09-01T00:00:00+08:00"}
    assert (await caller.post(f"{CONTRACTS}/{contract}/amendments", amended)).status_code == 200
    assert (await asked(caller, asset, "2025-06-01", cause="normal_wear"))["verdict"] == "in_warranty"
    past = await asked(caller, asset, "2025-06-01", cause="normal_wear", as_of=known.isoformat())
    assert past["verdict"] == "expired"
    more = TERM | {"start_rule": "after_base"}
    await signed(caller, who, number="HT-2", kind="extension", extends=contract, terms=[more])
    assert (await asked(caller, asset, "2026-06-01", cause="normal_wear"))["verdict"] == "in_warranty"


async def test_why_a_contract_was_ended_stands_with_it_until_the_customer_is_erased(caller: Caller) -> None:
    who = await customer(caller)
    id = await signed(caller, who)
    caller.as_role("manager")
    assert (await caller.post(f"{CONTRACTS}/{id}/end", {"reason": "双方协商终止"})).status_code == 200
    assert (await caller.get(f"{CONTRACTS}/{id}")).json()["end_reason"] == "双方协商终止"
    assert "双方协商终止" in await everything(caller)
    await erased(caller, who)
    assert (await caller.get(f"{CONTRACTS}/{id}")).json()["end_reason"] is None
    assert "双方协商终止" not in await everything(caller)


@pytest.mark.requirement("R131", "R132")
async def test_a_contract_is_signed_with_the_terms_of_a_template(caller: Caller) -> None:
    who = await customer(caller)
    templates = {row["row"]: row for row in (await caller.get("/v1/contract-templates")).json()["items"]}
    id = await signed(caller, who, terms=templates["PP-08a"]["terms"])
    terms = (await caller.get(f"{CONTRACTS}/{id}")).json()["terms"]
    assert [(term["component_class"], term["months"]) for term in terms][:2] == [("main_unit", 36), ("piping", 12)]


@pytest.mark.requirement("R413")
async def test_an_asset_keeps_its_story_and_answers_for_any_day(caller: Caller) -> None:
    who = await customer(caller)
    asset = await installed(caller, who)
    known = await caller.inbox.store.pool.fetchval("SELECT clock_now()")
    second = PUMP | {"id": "pump-2", "serial": "P2"}
    steps = {
        "moves": {"site": {"timezone": "Asia/Urumqi", "region": "西北"}},
        "replacements": {
            "part_id": "pump-1",
            "taken_out_on": "2025-01-02",
            "by": second,
        },
        "parts": {"part": {"id": "disk", "component_class": "disk", "kind": "expansion", "supplied_by": "elsewhere"}},
        "days": {"card_number": "BX-1", "card_date": "2024-03-20"},
        "retirement": None,
    }
    for step, form in steps.items():
        answer = await caller.post(f"{ASSETS}/{asset}/{step}", form)
        assert answer.status_code == 200, answer.text
    shown = (await caller.get(f"{ASSETS}/{asset}")).json()
    assert ([part["id"] for part in shown["parts"]], shown["region"]) == (["pump-1", "pump-2", "disk"], "西北")
    assert (shown["status"], shown["parts"][0]["replaced_on"], shown["card_number"]) == (
        "retired",
        "2025-01-02",
        "BX-1",
    )
    then = (await caller.get(f"{ASSETS}/{asset}", as_of=known.isoformat())).json()
    assert (len(then["parts"]), then["region"], then["status"]) == (1, "华东", "in_use")


async def test_an_erased_customers_addresses_are_gone_and_the_asset_stays(caller: Caller) -> None:
    who = await customer(caller)
    asset = await installed(caller, who)
    assert (await caller.get(f"{ASSETS}/{asset}")).json()["sites"][0]["address"] == SITE["address"]
    caller.as_role("triage")
    assert (await caller.get(f"{ASSETS}/{asset}")).json()["sites"][0]["address"] is None
    await erased(caller, who)
    assert "五四路" not in await everything(caller)
    shown = (await caller.get(f"{ASSETS}/{asset}")).json()
    assert (shown["model"], shown["sites"][0]["address"]) == ("KFR-35GW", None)
    late = await caller.post(f"{ASSETS}/{asset}/moves", {"site": SITE})
    assert late.status_code == 200
    assert "五四路" not in await everything(caller)


@pytest.mark.requirement("R003", "R033")
async def test_a_tickets_warranty_is_that_of_its_asset_and_the_old_verdict_is_kept(caller: Caller) -> None:
    who = await customer(caller)
    contract = await signed(caller, who, terms=[TERM | {"months": 600}])
    asset = await installed(caller, who, contracts=[contract])
    form = {"channel": "phone", "kind": "repair", "customer_id": who, "summary": "漏水", "asset_id": asset}
    opened = (await caller.post("/v1/tickets", form | {"part": "pump-1"})).json()
    assert opened["warranty"] == {"verdict": "in_warranty", "reasons": ["W3"]}
    ticket = f"/v1/tickets/{opened['id']}"
    await caller.hears(CauseDetermined(ticket_id=opened["id"], cause="customer", explanation_id="x"))
    shown = (await caller.get(ticket)).json()
    assert (shown["warranty"], shown["asset_id"], shown["part_id"]) == (
        {"verdict": "not_covered", "reasons": ["W11"]},
        asset,
        "pump-1",
    )
    told = (await caller.get(f"{ticket}/history")).json()["items"]
    (anew,) = (entry["fields"] for entry in told if entry["type"] == "intake.WarrantyReassessed")
    assert (anew["before"], anew["verdict"]) == ("in_warranty", "not_covered")
    assert [row["id"] for row in (await caller.get("/v1/tickets", asset_id=asset)).json()["items"]] == [opened["id"]]


async def test_an_asset_is_named_later_and_evidence_that_comes_late_counts_when_asked_again(caller: Caller) -> None:
    who = await customer(caller)
    contract = await signed(caller, who, terms=[TERM | {"months": 600}])
    asset = await installed(caller, who, contracts=[contract], days={})
    form = {"channel": "phone", "kind": "repair", "customer_id": who, "summary": "漏水"}
    ticket = f"/v1/tickets/{(await caller.post('/v1/tickets', form)).json()['id']}"
    assert (await caller.post(f"{ticket}/asset", {"asset_id": asset})).status_code == 200
    assert (await caller.get(ticket)).json()["warranty"] == {"verdict": "unknown", "reasons": ["W2"]}
    await caller.post(f"{ASSETS}/{asset}/days", {"acceptance_date": "2024-03-14"})
    assert (await caller.post(f"{ticket}/warranty")).status_code == 200
    assert (await caller.get(ticket)).json()["warranty"] == {"verdict": "in_warranty", "reasons": ["W3"]}
    other = await installed(caller, await customer(caller), serial="SN-2")
    assert problem(await caller.post(f"{ticket}/asset", {"asset_id": other})) == (422, "unknown-asset")
    wrong = await caller.post(f"{ticket}/asset", {"asset_id": asset, "part": "fan"})
    assert problem(wrong) == (422, "unknown-part")
