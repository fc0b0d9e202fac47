"""What dispatch keeps of a customer's words goes when intake says so, and late ones are never kept."""

from libs.events.contracts.intake.customers import CustomerErased
from tests.caller import Caller
from tests.dispatch.test_http import POSITION, SIGNED, authorised, completed, engineer, said

SUBJECTS = "SELECT DISTINCT subject_id FROM text WHERE body NOT LIKE '李强%'"


async def test_all_words_of_a_visit_go_with_their_customer(caller: Caller) -> None:
    path, engineer_id = await authorised(caller), await engineer(caller)
    await said(
        caller,
        path,
        ("assignment", {"engineer_id": engineer_id}),
        ("customer-call", {"outcome": "later", "note": "王芳下午在家"}),
        ("arrival", POSITION),
        ("pause", {"reason": "waiting_parts", "note": "王芳家里没人"}),
        ("resumption", {}),
        ("completion", {"result": "王芳的空调修好了"}),
    )
    pool = caller.inbox.store.pool
    assert [row["subject_id"] for row in await pool.fetch(SUBJECTS)] == ["c1"]
    await caller.hears(CustomerErased(customer_id="c1"))
    assert [row["body"] for row in await pool.fetch("SELECT body FROM text")] == ["李强"]
    await said(caller, path, ("acceptance", SIGNED))
    assert [row["body"] for row in await pool.fetch("SELECT body FROM text")] == ["李强"]
    sheet = (await caller.get(path)).json()
    assert (sheet["status"], sheet["signed_by"], sheet["result"]) == ("accepted", None, None)


async def test_a_signature_goes_with_its_customer(caller: Caller) -> None:
    path = await completed(caller)
    await said(caller, path, ("acceptance", SIGNED))
    before = (await caller.get(f"{path}/signature")).json()
    await caller.hears(CustomerErased(customer_id="c1"))
    after = (await caller.get(f"{path}/signature")).json()
    assert (before["signature"], before["signed_by"]) == (SIGNED["signature"], SIGNED["signed_by"])
    assert after == {"signature": None, "by_link": False, "signed_by": None, "signed_at": before["signed_at"]}


async def test_an_order_heard_twice_or_for_somebody_unknown_does_no_harm(caller: Caller) -> None:
    order = CustomerErased(customer_id="c9")
    await caller.hears(order, order)
    assert await caller.inbox.store.pool.fetchval("SELECT count(*) FROM erasure") == 1
