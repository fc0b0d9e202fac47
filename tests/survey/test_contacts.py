"""Who sees whom to call, and that every look is on record; words about a customer go when intake says so."""

import pytest

from libs.chassis.identity.auth import ROLES
from libs.events.contracts.intake.customers import CustomerErased
from tests.caller import Caller
from tests.survey.story import ACCEPTED
from tests.survey.test_http import CALL

PUT = """
INSERT INTO contact VALUES ('c1', 1, '王芳', '[{"typed": "13800000000", "e164": "+8613800000000", "extension": null}]')
"""


@pytest.mark.parametrize("role", sorted(ROLES))
async def test_who_calls_sees_name_and_phones(caller: Caller, role: str) -> None:
    await caller.hears(ACCEPTED)
    await caller.inbox.store.pool.execute(PUT)
    caller.as_person("lea", role)
    answer = await caller.get(f"{CALL}/contact")
    looks = await caller.inbox.store.pool.fetch("SELECT fields FROM viewed")
    if role in ("agent", "manager"):
        assert answer.json().keys() == {"id", "name", "phones"}
        assert [look["fields"] for look in looks] == ['["name", "phones"]']
    else:
        assert (answer.status_code, looks) == (403, [])


async def test_comments_and_contact_go_with_their_customer(caller: Caller) -> None:
    await caller.hears(ACCEPTED)
    pool = caller.inbox.store.pool
    await pool.execute(PUT)
    await caller.post(f"{CALL}/attempts", {"outcome": "no_answer", "comment": "王芳不在家"})
    assert await pool.fetchval("SELECT subject_id FROM text") == "c1"
    await caller.hears(CustomerErased(customer_id="c1"))
    await caller.post(f"{CALL}/attempts", {"outcome": "reached", "score": 5, "comment": "王芳很满意"})
    assert await pool.fetchval("SELECT count(*) FROM text") == 0
    assert (await caller.get(f"{CALL}/contact")).status_code == 404
    assert (await caller.get(CALL)).json()["comment"] is None
