"""Spares over HTTP: on the shelf, then in use, and what a warranty says of either."""

import pytest

from tests.caller import Caller
from tests.intake.test_accounts import ASSETS, PUMP, SITE, TERM, asked, customer, signed
from tests.intake.test_api import problem

SPARE = {"id": "spare-1", "component_class": "pump", "kind": "spare"}
SHELF = TERM | {"start_rule": "acceptance", "latent_defect_months": 0, "shelf_years": 5}


@pytest.mark.requirement("R098")
async def test_a_spare_s_own_months_run_from_the_day_on_which_it_was_taken_into_use(caller: Caller) -> None:
    who = await customer(caller)
    contract = await signed(caller, who, terms=[SHELF])
    form = {"customer_id": who, "model": "M", "site": SITE, "days": {"acceptance_date": "2024-03-14"}}
    made = await caller.post(ASSETS, form | {"parts": [PUMP, SPARE], "contracts": [contract]})
    id, use = made.json()["id"], f"{ASSETS}/{made.json()['id']}/spare-uses"
    shelved = await asked(caller, id, "2026-01-10", component="spare-1")
    assert (shelved["from"], shelved["until"]) == ("2024-03-14", "2029-03-14")
    sent = {"part_id": "spare-1", "used_on": "2026-01-05", "replaces": "pump-1"}
    assert (await caller.post(use, sent)).status_code == 200
    used = await asked(caller, id, "2026-01-10", component="spare-1")
    assert (used["verdict"], used["from"], used["until"]) == ("in_warranty", "2026-01-05", "2027-01-05")
    pump, spare = (await caller.get(f"{ASSETS}/{id}")).json()["parts"]
    assert (pump["replaced_on"], spare["installed_on"], spare["replaces"]) == ("2026-01-05", "2026-01-05", "pump-1")
    assert problem(await caller.post(use, sent)) == (409, "spare-used")


async def test_what_makes_no_sense_is_refused_by_its_field_and_nothing_is_stored(caller: Caller) -> None:
    who = await customer(caller)
    made = await caller.post(ASSETS, {"customer_id": who, "model": "M", "site": SITE, "parts": [PUMP, SPARE]})
    id = made.json()["id"]
    for sent, field in (
        ({"part_id": "spare-1", "used_on": "2199-01-05"}, "body.used_on"),
        ({"part_id": "spare-1", "used_on": "2026-01-05", "replaces": "spare-1"}, "body.replaces"),
    ):
        answer = await caller.post(f"{ASSETS}/{id}/spare-uses", sent)
        assert problem(answer) == (422, "asset-contradicts")
        assert answer.json()["errors"][0]["field"] == field
    assert (await caller.get(f"{ASSETS}/{id}")).json()["version"] == made.json()["version"]
