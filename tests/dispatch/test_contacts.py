"""Who sees the contact of a visit, and that every look is on record."""

import pytest
from msgspec.structs import replace as changed

from libs.chassis.identity.auth import ROLES
from tests.caller import Caller
from tests.dispatch.story import AUTHORISED, W1
from tests.dispatch.test_http import SIGNED, authorised, completed, engineer, said

PUT = """
INSERT INTO contact VALUES
    ('c1', 1, '王芳', '[{"typed": "13800000000", "e164": "+8613800000000", "extension": null}]', '福州')
"""


@pytest.mark.requirement("R029")
@pytest.mark.parametrize("role", sorted(ROLES))
async def test_who_makes_or_plans_a_visit_sees_whom_it_is_for(caller: Caller, role: str) -> None:
    path = await authorised(caller)
    await caller.inbox.store.pool.execute(PUT)
    engineer_id = await engineer(caller)
    await caller.post(f"/v1/engineers/{engineer_id}/binding", {"subject": "lea"})
    await said(caller, path, ("assignment", {"engineer_id": engineer_id}))
    caller.as_person("lea", role)
    answer = await caller.get(f"{path}/contact")
    looks = await caller.inbox.store.pool.fetch("SELECT subject_id FROM viewed")
    if role in ("dispatcher", "manager", "engineer"):
        assert (answer.json()["name"], answer.json()["address"]) == ("王芳", "福州")
        assert answer.json()["phones"][0]["typed"] == "13800000000"
        assert [look["subject_id"] for look in looks] == ["c1"]
    else:
        assert (answer.status_code, looks) == (403, [])


async def test_no_sheet_and_no_list_shows_it(caller: Caller) -> None:
    path = await authorised(caller)
    await caller.inbox.store.pool.execute(PUT)
    for shown in (path, "/v1/work-orders"):
        assert "王芳" not in (await caller.get(shown)).text
    assert await caller.inbox.store.pool.fetchval("SELECT count(*) FROM viewed") == 0


async def test_a_contact_that_has_not_come_or_is_gone_is_404(caller: Caller) -> None:
    answer = await caller.get(f"{await authorised(caller)}/contact")
    assert answer.status_code == 404
    assert await caller.inbox.store.pool.fetchval("SELECT count(*) FROM viewed") == 0


@pytest.mark.requirement("R067")
async def test_a_look_at_a_signature_is_on_record_and_none_before_there_is_one(caller: Caller) -> None:
    path = await completed(caller)
    assert (await caller.get(f"{path}/signature")).status_code == 404
    await said(caller, path, ("acceptance", SIGNED))
    assert (await caller.get(f"{path}/signature")).json()["signature"] == SIGNED["signature"]
    (look,) = await caller.inbox.store.pool.fetch("SELECT subject_id, fields, route FROM viewed")
    assert dict(look) == {
        "subject_id": "c1",
        "fields": '["signature"]',
        "route": "GET /v1/work-orders/{work_order_id}/signature",
    }


@pytest.mark.requirement("R093")
async def test_an_engineer_goes_to_the_site_that_the_ticket_names(caller: Caller) -> None:
    await caller.hears(changed(AUTHORISED, site_id="s1"))
    path = f"/v1/work-orders/{W1}/contact"
    await caller.inbox.store.pool.execute(PUT)
    at_home = (await caller.get(path)).json()
    assert (at_home["site"], at_home["address"]) == (None, "福州")
    sites = '{"s1": {"name": "二号仓库", "address": "马尾"}, "s2": {"name": "总部", "address": "台江"}}'
    await caller.inbox.store.pool.execute("UPDATE contact SET sites = $1", sites)
    there = (await caller.get(path)).json()
    assert (there["name"], there["site"], there["address"]) == ("王芳", "二号仓库", "马尾")
