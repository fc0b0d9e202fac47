"""Notes on a ticket, and a ticket that is closed by an answer alone."""

from uuid import uuid4

import pytest

from libs.events import Event
from libs.events.contracts.intake.tickets import TicketCancelled, TicketClosed, TicketStatusChanged
from services.intake.tickets.domain.note import MOST_NOTES, AddNote, TicketNoted
from services.intake.tickets.domain.ticket import SettleTicket, ticket
from tests.caller import Caller
from tests.intake.story import ASSESSED, OPENED, TRIAGE, T, noted
from tests.intake.test_api import about, opened, problem
from tests.intake.test_erasure import erased
from tests.spec import Given

spec = Given(ticket)
one = spec.given(OPENED, ASSESSED)
NOTE, NOTED = AddNote(T, "n1", "internal"), TicketNoted(ticket_id=T, note_id="n1", audience="internal")


def test_a_note_changes_nothing_and_may_be_written_when_all_is_over() -> None:
    assert (one.when(NOTE), one.given(NOTED).status) == ([NOTED], "open")
    assert one.given(TicketClosed(ticket_id=T)).when(NOTE) == [NOTED]
    with spec.refuses("ticket-not-opened") as nothing:
        nothing.when(NOTE)


def test_a_ticket_has_room_for_so_many_notes() -> None:
    full = one.given(*[NOTED] * MOST_NOTES)
    assert one.given(*[NOTED] * (MOST_NOTES - 1)).when(NOTE) == [NOTED]
    with full.refuses("too-many-notes"):
        full.when(NOTE)


@pytest.mark.requirement("R244", "R270")
def test_a_question_is_closed_by_its_answer() -> None:
    assert one.when(SettleTicket(T, "a1")) == [
        TicketClosed(ticket_id=T, answer_id="a1"),
        TicketStatusChanged(ticket_id=T, status="closed", because_of="intake.TicketClosed"),
    ]
    assert one.given(*noted("triage.TriageStarted")).when(SettleTicket(T, "a1"))


@pytest.mark.parametrize(
    ("history", "code"),
    [
        (noted("triage.WorkAuthorised"), "work-authorised"),
        (noted("dispatch.WorkOrderCreated"), "work-authorised"),
        ([TicketClosed(ticket_id=T)], "ticket-closed"),
        ([TicketCancelled(ticket_id=T)], "ticket-cancelled"),
    ],
)
def test_what_work_was_authorised_for_or_what_is_over_is_not_closed_by_an_answer(
    history: list[Event], code: str
) -> None:
    with one.given(*history).refuses(code) as refused:
        refused.when(SettleTicket(T, "a1"))


async def test_notes_are_read_newest_first_with_who_wrote_them(caller: Caller) -> None:
    path = f"/v1/tickets/{(await opened(caller))['id']}/notes"
    caller.as_person("mei", "agent")
    caller.tokens.name = "李敏"
    assert (await caller.post(path, {"text": "业主周三以后在家"})).status_code == 200
    assert (await caller.post(path, {"text": "已告知周四上门", "audience": "customer"})).status_code == 200
    notes = (await caller.get(path)).json()["items"]
    assert [(note["text"], note["audience"], note["actor_name"]) for note in notes] == [
        ("已告知周四上门", "customer", "李敏"),
        ("业主周三以后在家", "internal", "李敏"),
    ]
    assert problem(await caller.post(path, {"text": " "})) == (422, "malformed")
    assert problem(await caller.post(f"/v1/tickets/{uuid4()}/notes", {"text": "无此单"})) == (404, "not-found")
    caller.as_person("erik", "engineer")
    assert problem(await caller.post(path, {"text": "我也写"})) == (403, "forbidden")


async def test_notes_and_answers_are_erased_with_their_customer(caller: Caller) -> None:
    ticket_ = await opened(caller)
    await caller.post(f"/v1/tickets/{ticket_['id']}/notes", {"text": "业主周三以后在家"})
    answer = await caller.post(f"/v1/tickets/{ticket_['id']}/settlement", {"answer": "滤网每季度清洗一次"})
    assert (answer.status_code, answer.json()["status"]) == (200, "closed")
    notes = (await caller.get(f"/v1/tickets/{ticket_['id']}/notes")).json()["items"]
    assert [(note["text"], note["audience"]) for note in notes] == [
        ("滤网每季度清洗一次", "customer"),
        ("业主周三以后在家", "internal"),
    ]
    caller.as_person("director", "manager")
    await erased(caller, ticket_["customer_id"])
    assert [note["text"] for note in (await caller.get(f"/v1/tickets/{ticket_['id']}/notes")).json()["items"]] == [
        None,
        None,
    ]


async def test_a_ticket_with_authorised_work_is_not_settled(caller: Caller) -> None:
    id = (await opened(caller))["id"]
    await caller.hears(*about(id, *TRIAGE))
    assert problem(await caller.post(f"/v1/tickets/{id}/settlement", {"answer": "不用修了"})) == (
        409,
        "work-authorised",
    )
