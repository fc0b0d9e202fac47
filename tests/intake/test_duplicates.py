"""Two tickets about one matter over HTTP: who may be one, who was merged, and that it is taken back."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from deploy.devstack.databases import Database
from libs.events.contracts.triage.cases import TriageStarted, WorkAuthorised
from libs.events.database.connections import render
from services.intake.tickets.view.duplicates import Matter, alike
from tests.caller import Caller
from tests.intake.story import TRIAGE
from tests.intake.test_api import CONTACT, about, opened, problem
from tests.intake.test_erasure import erased

WHY = "同一台空调，两人报修"
CANDIDATES = "/v1/tickets/candidates"


async def likenesses(caller: Caller, path: str = CANDIDATES, **query: Any) -> dict[str, list[str]]:
    """What the candidates have in common, by ticket."""
    answer = await caller.get(path, **query)
    assert answer.status_code == 200, answer.text
    return {item["id"]: item["likeness"] for item in answer.json()["items"]}


async def merge(caller: Caller, id: str, of: str) -> None:
    assert (await caller.post(f"/v1/tickets/{id}/duplicate", {"of": of, "reason": WHY})).status_code == 200


async def unmerge(caller: Caller, id: str) -> tuple[int, str]:
    answer = await caller.post(f"/v1/tickets/{id}/duplicate/withdrawal", {"reason": "是另一台"})
    return answer.status_code, answer.json()["status" if answer.status_code == 200 else "code"]


async def merged_into(caller: Caller, id: str) -> list[str]:
    page = (await caller.get(f"/v1/tickets/{id}/duplicates")).json()
    return [ticket["id"] for ticket in page["merged"]]


async def test_a_duplicate_is_cancelled_and_both_stories_tell(caller: Caller) -> None:
    kept, id = [(await opened(caller))["id"] for _ in range(2)]
    marked = await caller.post(f"/v1/tickets/{id}/duplicate", {"of": kept, "reason": WHY})
    assert (marked.status_code, marked.headers["etag"]) == (200, '"4"')
    assert marked.json() == {"id": id, "version": 4, "status": "cancelled"}
    one, other = [(await caller.get(f"/v1/tickets/{ticket}")).json() for ticket in (id, kept)]
    assert (one["status"], one["duplicate_of"]) == ("cancelled", kept)
    assert (other["status"], other["duplicate_of"], other["version"]) == ("open", None, 3)
    (*_, last, changed), (*_, taken) = [
        (await caller.get(f"/v1/tickets/{it}/history")).json()["items"] for it in (id, kept)
    ]
    marked_so = {"of": kept, "reason_id": last["fields"]["reason_id"], "late": False}
    assert (last["type"], last["fields"]) == ("intake.TicketMarkedDuplicate", marked_so)
    assert changed["fields"] == {"status": "cancelled", "because_of": "intake.TicketMarkedDuplicate"}
    assert (taken["type"], taken["fields"]) == ("intake.DuplicateTaken", {"duplicate_id": id})
    await caller.hears(*about(id, *TRIAGE))
    assert (await caller.get(f"/v1/tickets/{id}")).json()["status"] == "cancelled"


async def test_the_same_key_marks_a_duplicate_once(caller: Caller) -> None:
    kept, id = [(await opened(caller))["id"] for _ in range(2)]
    key = uuid4().hex
    first, again = [
        await caller.post(f"/v1/tickets/{id}/duplicate", {"of": kept, "reason": WHY}, key) for _ in range(2)
    ]
    assert (again.json(), again.headers["idempotency-replayed"]) == (first.json(), "true")
    assert problem(await caller.post(f"/v1/tickets/{id}/duplicate", {"of": kept, "reason": WHY})) == (
        409,
        "ticket-cancelled",
    )


async def test_a_duplicate_needs_another_ticket_that_goes_on(caller: Caller) -> None:
    id, kept, withdrawn, duplicate = [(await opened(caller))["id"] for _ in range(4)]
    await caller.post(f"/v1/tickets/{withdrawn}/cancellation")
    await caller.post(f"/v1/tickets/{duplicate}/duplicate", {"of": kept, "reason": WHY})
    for of, code in (
        (id, "duplicate-of-itself"),
        (withdrawn, "duplicate-of-cancelled"),
        (duplicate, "duplicate-of-duplicate"),
    ):
        assert problem(await caller.post(f"/v1/tickets/{id}/duplicate", {"of": of, "reason": WHY})) == (409, code)
    unknown = await caller.post(f"/v1/tickets/{id}/duplicate", {"of": str(uuid4())})
    assert problem(unknown) == (422, "unknown-ticket")
    assert [error["field"] for error in unknown.json()["errors"]] == ["body.of"]
    assert problem(await caller.post(f"/v1/tickets/{uuid4()}/duplicate", {"of": id})) == (404, "not-found")
    for body in ({}, {"of": None}, {"of": "7"}, {"of": kept, "colour": "red"}):
        assert problem(await caller.post(f"/v1/tickets/{id}/duplicate", body)) == (422, "malformed")
    assert (await caller.get(f"/v1/tickets/{id}")).json()["version"] == 2


async def test_two_agents_who_merge_both_ways_at_once_leave_one_ticket_that_goes_on(caller: Caller) -> None:
    for _ in range(5):
        one, other = [(await opened(caller))["id"] for _ in range(2)]
        answers = await asyncio.gather(
            caller.post(f"/v1/tickets/{one}/duplicate", {"of": other, "reason": WHY}),
            caller.post(f"/v1/tickets/{other}/duplicate", {"of": one, "reason": WHY}),
        )
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        tickets = [(await caller.get(f"/v1/tickets/{id}")).json() for id in (one, other)]
        assert sorted(ticket["status"] for ticket in tickets) == ["cancelled", "open"]


async def test_while_a_form_is_filled_in_the_open_tickets_are_shown_that_may_be_about_the_same(caller: Caller) -> None:
    mine, other = await opened(caller), await opened(caller, customer=CONTACT | {"phones": ["13999990000"]})
    over = await opened(caller)
    await caller.post(f"/v1/tickets/{over['id']}/cancellation")
    assert await likenesses(caller, customer_id=mine["customer_id"]) == {mine["id"]: ["customer", "time"]}
    assert await likenesses(caller, phone="138 0000 0000", summary="空调 不制冷了") == {
        mine["id"]: ["phone", "words", "time"]
    }
    here = await likenesses(caller, address="北京市 朝阳区 建国路1号", summary="热水器漏水")
    assert here == {mine["id"]: ["address", "time"], other["id"]: ["address", "time"]}
    for nothing in ({}, {"address": "北京"}, {"summary": "空调不制冷"}, {"phone": "13811112222"}):
        assert await likenesses(caller, **nothing) == {}


async def test_any_of_a_callers_numbers_may_be_anothers_and_noughts_break_nothing(caller: Caller) -> None:
    numbers = ["13811110000", "13822220000"]
    first = await opened(caller, customer={"name": "甲", "phones": numbers, "address": "甲家"})
    second = await opened(caller, customer={"name": "乙", "phones": numbers[1:], "address": "乙家"})
    found = await likenesses(caller, f"/v1/tickets/{first['id']}/duplicates")
    assert found == {second["id"]: ["phone", "words", "time"]}
    assert await likenesses(caller, phone="000000000000") == {}


async def test_what_shares_more_comes_first(caller: Caller) -> None:
    both, one = await opened(caller), await opened(caller, customer=CONTACT | {"address": "厦门市思明区湖滨南路"})
    found = await likenesses(caller, phone="13800000000", address=CONTACT["address"])
    assert [*found] == [both["id"], one["id"]]


@pytest.mark.requirement("R002")
async def test_a_tickets_own_page_names_its_candidates_and_not_itself(caller: Caller) -> None:
    first, second = await opened(caller), await opened(caller, summary="空调不制冷，滴水")
    found = await likenesses(caller, f"/v1/tickets/{first['id']}/duplicates")
    assert found == {second["id"]: ["phone", "address", "words", "time"]}
    await merge(caller, second["id"], first["id"])
    page = (await caller.get(f"/v1/tickets/{first['id']}/duplicates")).json()
    assert ([one["customer"]["name"] for one in page["merged"]], page["items"]) == (["王芳"], [])
    none = {"merged": [], "merged_complete": True, "items": []}
    assert (await caller.get(f"/v1/tickets/{second['id']}/duplicates")).json() == none
    assert problem(await caller.get(f"/v1/tickets/{uuid4()}/duplicates")) == (404, "not-found")


async def test_of_an_erased_customer_nothing_is_alike_and_nothing_is_shown(caller: Caller) -> None:
    first, second = await opened(caller), await opened(caller)
    await merge(caller, second["id"], first["id"])
    caller.as_person("director", "manager")
    await erased(caller, second["customer_id"])
    page = (await caller.get(f"/v1/tickets/{first['id']}/duplicates")).json()
    assert [(one["summary"], one["customer"]["name"]) for one in page["merged"]] == [(None, None)]
    assert await likenesses(caller, phone="13800000000") == {first["id"]: ["phone", "time"]}


async def test_tickets_of_two_customers_are_merged_with_a_reason_alone(caller: Caller) -> None:
    kept, id = [await opened(caller) for _ in range(2)]
    path = f"/v1/tickets/{id['id']}/duplicate"
    assert problem(await caller.post(path, {"of": kept["id"]})) == (409, "merge-unexplained")
    same = await caller.post(
        "/v1/tickets", {"channel": "phone", "kind": "repair", "customer_id": kept["customer_id"], "summary": "还是那台"}
    )
    assert (await caller.post(f"/v1/tickets/{same.json()['id']}/duplicate", {"of": kept["id"]})).status_code == 200
    assert (await caller.post(path, {"of": kept["id"], "reason": WHY})).status_code == 200


async def test_a_ticket_that_has_duplicates_can_become_one_and_lists_them_all(caller: Caller) -> None:
    first, second, third = [(await opened(caller))["id"] for _ in range(3)]
    await merge(caller, first, second)
    await merge(caller, second, third)
    assert (await merged_into(caller, second), await merged_into(caller, third)) == ([first], [second, first])
    circle = await caller.post(f"/v1/tickets/{third}/duplicate", {"of": first, "reason": WHY})
    assert problem(circle) == (409, "duplicate-of-duplicate")
    number = (await caller.get(f"/v1/tickets/{first}")).json()["number"]
    assert [one["id"] for one in (await caller.get("/v1/tickets", number=number)).json()["items"]] == [first]


async def test_a_merge_is_taken_back_and_both_go_on(caller: Caller) -> None:
    kept, id = [(await opened(caller))["id"] for _ in range(2)]
    await caller.hears(*about(id, TRIAGE[0]))
    assert (await caller.get(f"/v1/tickets/{id}")).json()["status"] == "in_triage"
    assert await unmerge(caller, id) == (409, "ticket-not-merged")
    await merge(caller, id, kept)
    assert await unmerge(caller, id) == (200, "in_triage")
    back = (await caller.get(f"/v1/tickets/{id}")).json()
    assert (back["status"], back["duplicate_of"], await merged_into(caller, kept)) == ("in_triage", None, [])
    *_, returned = (await caller.get(f"/v1/tickets/{kept}/history")).json()["items"]
    assert (returned["type"], returned["fields"]) == ("intake.DuplicateReturned", {"duplicate_id": id})
    await merge(caller, kept, id)
    assert await merged_into(caller, id) == [kept]


async def test_once_work_is_authorised_on_what_stands_for_it_the_merge_stands(caller: Caller) -> None:
    first, second, third = [(await opened(caller))["id"] for _ in range(3)]
    await merge(caller, first, second)
    await merge(caller, second, third)
    authorised = [event for event in TRIAGE if isinstance(event, TriageStarted | WorkAuthorised)]
    await caller.hears(*about(third, *authorised))
    assert await unmerge(caller, first) == (409, "merge-stands")
    assert (await caller.get(f"/v1/tickets/{first}")).json()["duplicate_of"] == second


async def test_only_the_desk_looks_for_duplicates_and_merges(caller: Caller) -> None:
    id = (await opened(caller))["id"]
    caller.as_person("erik", "engineer")
    assert problem(await caller.get(CANDIDATES)) == (403, "forbidden")
    assert problem(await caller.get(f"/v1/tickets/{id}/duplicates")) == (403, "forbidden")
    assert await unmerge(caller, id) == (403, "forbidden")


async def test_what_is_listed_of_many_merged_tickets_is_said_to_be_a_part(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, *others = [(await opened(caller))["id"] for _ in range(4)]
    for id in others:
        await merge(caller, id, kept)
    for most, listed, complete in ((2, 2, False), (3, 3, True)):
        monkeypatch.setattr("services.intake.tickets.view.duplicates.MOST", most)
        monkeypatch.setattr("services.intake.tickets.api.merging.MERGED", most)
        page = (await caller.get(f"/v1/tickets/{kept}/duplicates")).json()
        assert (len(page["merged"]), page["merged_complete"]) == (listed, complete)


CONTACTS = """
INSERT INTO contact (id, version, name, phones, address)
SELECT 'c' || n, 1, '王芳', jsonb_build_array(jsonb_build_object('typed', p, 'e164', '+86' || p, 'extension', NULL)),
    '福州'
FROM generate_series(1, 25000) AS n, LATERAL (SELECT (13000000000 + n)::text) AS x (p)
"""
TICKETS = """
INSERT INTO ticket (id, number, customer_id, channel, kind, urgency, summary_id, status, verdict, reasons, desk,
    called_back, version, opened_at)
SELECT 't' || n, 'WX-' || n, 'c' || 1 + n % 25000, 'phone', 'repair', 'normal', 's' || n, 'open', 'unknown', '[]',
    'open', false, 1, now() - n * interval '1 minute'
FROM generate_series(1, 30000) AS n
"""


async def test_whoever_has_a_number_is_looked_for_without_going_through_all_tickets(database: Database) -> None:
    """30,000 tickets of 25,000 customers, of whom PostgreSQL takes 125 for one who has the number."""
    asked, names, parameters = render(alike(Matter(phones=["13000000017"]), datetime.now(UTC) - timedelta(days=30)))
    owner = await asyncpg.connect(database.owner_url)
    await owner.execute("DROP INDEX ticket_search, contact_search")
    await owner.execute(CONTACTS)
    await owner.execute(TICKETS)
    await owner.execute("ANALYZE contact, ticket")
    values = [parameters[name] for name in names]
    found = await owner.fetch(asked, *values)
    plan = "\n".join(row[0] for row in await owner.fetch(f"EXPLAIN {asked}", *values))
    await owner.close()
    assert {(row["id"], row["reason"]) for row in found} == {("t16", "phone"), ("t25016", "phone")}
    assert "Seq Scan" not in plan
    assert "Index Scan using ticket_customer_id" in plan
