"""Presets over HTTP: listed, and read whole."""

import json

from libs.chassis.identity.auth import ROLES
from services.sla.policies.domain.policy import decode
from services.sla.policies.domain.preset import PRESETS
from tests.caller import Caller


async def test_presets_are_listed_in_the_order_of_their_rows(caller: Caller) -> None:
    page = (await caller.get("/v1/presets")).json()
    assert [item["id"] for item in page["items"]] == list(PRESETS)
    assert page["next_cursor"] is None
    city = next(item for item in page["items"] if item["id"] == "pp-12a")
    assert (city["row"], city["metrics"]) == ("PP-12a", ["on_site", "fix"])
    assert city["title"]["zh-CN"].startswith("PP-12a 办公自动化设备保修")


async def test_a_preset_answers_a_policy_that_can_be_drafted_and_what_it_does_not_time(caller: Caller) -> None:
    for id, preset in PRESETS.items():
        answer = (await caller.get(f"/v1/presets/{id}")).json()
        assert answer["policy"] == preset.policy
        assert len(answer["not_measured"]) == len(preset.not_measured)
    city = (await caller.get("/v1/presets/pp-12a")).json()
    assert [blank["place"] for blank in city["adapt"]] == ["applies_when.region"]
    assert decode(json.dumps(city["policy"])).name == "pp-12a/1"


async def test_what_is_no_preset_is_a_problem(caller: Caller) -> None:
    for id, status in (("pp-99", 404), ("PP-11", 422), ("x" * 41, 422)):
        answer = await caller.get(f"/v1/presets/{id}")
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"


async def test_every_role_may_read_presets(caller: Caller) -> None:
    for role in ROLES:
        caller.as_role(role)
        assert (await caller.get("/v1/presets")).status_code == 200
        assert (await caller.get("/v1/presets/pp-11")).status_code == 200
    caller.as_role()
    assert (await caller.get("/v1/presets")).status_code == 403
