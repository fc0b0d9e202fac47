"""A closed ticket is opened again for some time: what is known of it stays, and work begins anew."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from libs.events import Event, Recorded, Refused
from libs.events.contracts.intake.tickets import (
    TicketCancelled,
    TicketClosed,
    TicketMarkedDuplicate,
    TicketReopened,
    TicketStatusChanged,
)
from services.intake.tickets.domain.progress import Fact
from services.intake.tickets.domain.reopening import ReopenTicket
from services.intake.tickets.domain.ticket import CancelTicket, CloseTicket, NoteProgress, ticket
from services.intake.tickets.view.tickets import ticket_view
from tests.intake.story import ASSESSED, OPENED, T, noted
from tests.spec import MONDAY, Given

DAYS = timedelta(days=14)
REOPEN = ReopenTicket(T, "why", DAYS, asked_at=MONDAY)
CLOSED, REOPENED = TicketClosed(ticket_id=T), TicketReopened(ticket_id=T, reason_id="why")
opened = Given(ticket).given(OPENED, ASSESSED)
ACCEPTED = ("triage.WorkAuthorised", "dispatch.WorkOrderCreated", "dispatch.RepairAccepted", "survey.CallbackCompleted")
done = opened.given(*noted("triage.TriageStarted", *ACCEPTED))


def becomes(status: str) -> TicketStatusChanged:
    return TicketStatusChanged(ticket_id=T, status=status, because_of="intake.TicketReopened")  # type: ignore[arg-type] # as the tests write it


def test_a_closed_ticket_is_opened_again_with_a_reason_and_triage_looks_at_it_once_more() -> None:
    assert done.given(CLOSED).when(REOPEN) == [REOPENED, becomes("in_triage")]
    assert done.given(CLOSED, REOPENED).status == "in_triage"


def test_what_triage_never_saw_is_open_again() -> None:
    assert opened.given(TicketClosed(ticket_id=T, answer_id="a1")).when(REOPEN) == [REOPENED, becomes("open")]


def test_a_ticket_that_was_reopened_is_closed_after_new_work_alone() -> None:
    again = done.given(CLOSED, REOPENED)
    with again.refuses("ticket-not-done") as refused:
        refused.when(CloseTicket(T))
    assert again.when(CancelTicket(T))
    assert again.given(*noted("triage.RemoteSupportSucceeded")).when(CloseTicket(T))[0] == TicketClosed(
        ticket_id=T, cycle=2
    )
    assert again.given(*noted("dispatch.WorkOrderCreated")).status == "authorised"


@pytest.mark.parametrize(
    ("end", "code"),
    [
        ([], "ticket-not-closed"),
        ([CLOSED, REOPENED], "ticket-not-closed"),
        ([TicketCancelled(ticket_id=T)], "ticket-cancelled"),
        ([TicketMarkedDuplicate(ticket_id=T, of="t2")], "ticket-merged"),
    ],
)
def test_what_goes_on_was_withdrawn_or_merged_is_not_opened_again(end: list[Event], code: str) -> None:
    with opened.given(*end).refuses(code) as refused:
        refused.when(REOPEN)


def closed_at(at: datetime) -> list[Any]:
    return [
        Recorded(event=event, id=str(n), stream=f"ticket-{T}", version=n, occurred_at=then, recorded_at=then)
        for n, (event, then) in enumerate([(OPENED, MONDAY), (CLOSED, at)], 1)
    ]


def asked(at: datetime) -> ReopenTicket:
    return replace(REOPEN, asked_at=at)


def test_late_news_of_the_cycle_before_are_kept_and_make_no_progress() -> None:
    again = done.given(CLOSED, REOPENED)
    late = NoteProgress(T, Fact("dispatch.RepairAccepted"), "f9", "w1", cycle=1)
    (kept,) = again.when(late)
    assert again.given(kept).when(late) == []
    assert again.given(kept).status == "in_triage"
    for cycle in (2, None):
        assert again.given(*again.when(replace(late, cycle=cycle))).status == "accepted"


def test_it_is_opened_again_on_the_last_day_and_not_later() -> None:
    at = MONDAY + timedelta(hours=1)
    state = ticket.replay(closed_at(at))
    assert ticket.decide(asked(at + DAYS), state, at + DAYS)
    for late in (DAYS + timedelta(microseconds=1), timedelta(days=365)):
        for said in (at + late, at + DAYS):
            with pytest.raises(Refused) as refused:
                ticket.decide(asked(at + late), state, said)
            assert refused.value.code == "reopening-over"
    with pytest.raises(Refused) as early:
        ticket.decide(REOPEN, state, at - timedelta(microseconds=1))
    assert early.value.code == "before-previous-step"


def test_the_register_says_when_it_was_closed_until_it_is_opened_again() -> None:
    story = closed_at(MONDAY + timedelta(hours=1))
    line = ticket_view.fold(story)[T]
    assert line is not None
    assert (line.status, line.closed_at) == ("closed", MONDAY + timedelta(hours=1))
    again = Recorded(
        event=REOPENED, id="3", stream=f"ticket-{T}", version=3, occurred_at=MONDAY + DAYS, recorded_at=MONDAY + DAYS
    )
    line = ticket_view.fold([*story, again])[T]
    assert line is not None
    assert (line.status, line.closed_at, line.version) == ("open", None, 3)
    assert line.status == ticket.status(ticket.replay([*story, again]))
