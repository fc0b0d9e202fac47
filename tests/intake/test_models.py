"""Product models over HTTP: put on file and said anew by managers, and what they say of a warranty."""

from typing import Any

import pytest

from tests.caller import Caller
from tests.intake.test_accounts import customer
from tests.intake.test_api import problem
from tests.intake.test_imports import asked, carried_out, flaws_of

SPLIT = {
    "name": "KFR-35GW",
    "maker": "格力",
    "terms": [{"component_class": "*", "months": 24, "start_rule": "acceptance"}],
    "components": [
        {"id": "main", "component_class": "main_unit"},
        {"id": "fan", "component_class": "fan", "parent": "main"},
    ],
}


async def defined(caller: Caller, form: dict[str, Any] = SPLIT) -> str:
    caller.as_role("manager")
    answer = await caller.post("/v1/models", form)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def test_a_model_is_put_on_file_found_by_its_beginning_and_said_anew(caller: Caller) -> None:
    id = await defined(caller)
    found = (await caller.get("/v1/models", begins="kfr")).json()["items"]
    assert [(item["id"], item["maker"]) for item in found] == [(id, "格力")]
    assert (await caller.get("/v1/models", begins="KFR_35")).json()["items"] == []
    known = await caller.inbox.store.pool.fetchval("SELECT clock_now()")
    anew = await caller.post(f"/v1/models/{id}", {"maker": "美的"})
    assert anew.status_code == 200, anew.text
    after = (await caller.get(f"/v1/models/{id}")).json()
    assert (after["maker"], after["terms"], after["components"]) == ("美的", [], [])
    before = (await caller.get(f"/v1/models/{id}", as_of=known.isoformat())).json()
    assert (before["maker"], len(before["components"])) == ("格力", 2)


async def test_what_is_wrong_with_a_model_is_said_by_field(caller: Caller) -> None:
    await defined(caller)
    assert problem(await caller.post("/v1/models", SPLIT | {"name": "kfr-35gw"})) == (409, "model-on-file")
    lost = SPLIT | {"name": "Other", "components": [{"id": "fan", "component_class": "fan", "parent": "main"}]}
    wrong = await caller.post("/v1/models", lost)
    assert (problem(wrong), wrong.json()["errors"][0]["field"]) == (
        (422, "model-contradicts"),
        "body.components[0].parent",
    )
    caller.as_role("agent")
    assert problem(await caller.post("/v1/models", SPLIT)) == (403, "forbidden")


async def test_an_asset_without_a_contract_has_the_terms_of_its_model(caller: Caller) -> None:
    who = await customer(caller)
    await defined(caller)
    caller.as_role("agent")
    form = {
        "customer_id": who,
        "model": "KFR-35GW",
        "site": {"timezone": "Asia/Shanghai"},
        "days": {"acceptance_date": "2025-03-05"},
        "parts": [{"id": "main", "component_class": "main_unit"}],
    }
    asset = (await caller.post("/v1/assets", form)).json()["id"]
    said = (await caller.get(f"/v1/assets/{asset}/warranty", on="2026-03-05T10:00:00+08:00")).json()
    assert (said["verdict"], said["until"], said["clause"]["contract"]) == (
        "in_warranty",
        "2027-03-05",
        "product:KFR-35GW",
    )
    assert "W9" in [reason["rule"] for reason in said["reasons"]]
    opened = await caller.post(
        "/v1/tickets",
        {"channel": "phone", "kind": "repair", "customer_id": who, "summary": "异响", "asset_id": asset},
    )
    assert opened.json()["warranty"]["verdict"] in ("in_warranty", "expired")


@pytest.mark.requirement("R070")
async def test_a_row_of_an_import_leaves_its_components_to_the_model(caller: Caller) -> None:
    who = await customer(caller)
    await defined(caller)
    rows = f"{who},KFR-35GW,2025-03-05\n{who},Unheard-of,2025-03-05\n"
    done = await carried_out(caller, await asked(caller, "assets", f"customer id,model,installed on\n{rows}"))
    assert (done["created"], done["wrong"]) == (1, 1)
    assert [(row, column) for row, column, _ in await flaws_of(caller, done["id"])] == [(3, "部件类别")]
    (asset,) = (await caller.get("/v1/assets", customer_id=who)).json()["items"]
    parts = (await caller.get(f"/v1/assets/{asset['id']}")).json()["parts"]
    assert [(part["id"], part["component_class"], part["parent"], part["installed_on"]) for part in parts] == [
        ("main", "main_unit", None, "2025-03-05"),
        ("fan", "fan", "main", "2025-03-05"),
    ]
