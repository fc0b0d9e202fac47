"""A ticket is opened once, remembers what it hears once, and ends once."""

from datetime import timedelta
from typing import Any

import pytest

from libs.events import Event, Recorded, Refused
from libs.events.contracts.intake.tickets import (
    TicketCancelled,
    TicketClosed,
    TicketMarkedDuplicate,
    TicketStatusChanged,
)
from services.intake.tickets.domain.merging import MarkDuplicate, TakeDuplicate
from services.intake.tickets.domain.progress import End, Fact
from services.intake.tickets.domain.ticket import (
    CancelTicket,
    CloseTicket,
    NoteProgress,
    TicketCommand,
    TicketProgressed,
    ticket,
)
from tests.intake.story import ASSESSED, DISPATCH, OPEN, OPENED, SURVEY, T, fact, noted
from tests.spec import MONDAY, Given

spec = Given(ticket)
opened = spec.given(OPENED, ASSESSED)
ACCEPTED = [TicketProgressed(fact=fact(event).type, fact_id=f"d{n}") for n, event in enumerate(DISPATCH)]
CALLED_BACK = [TicketProgressed(fact=fact(event).type, fact_id=f"s{n}") for n, event in enumerate(SURVEY)]
HELPED = noted("triage.TriageStarted", "triage.RemoteSupportStarted", "triage.RemoteSupportSucceeded")
CANCELLED, CLOSED = TicketCancelled(ticket_id=T), TicketClosed(ticket_id=T)
DUPLICATE = TicketMarkedDuplicate(ticket_id=T, of="t2")


def ended(status: End, because_of: str) -> TicketStatusChanged:
    return TicketStatusChanged(ticket_id=T, status=status, because_of=because_of)


@pytest.mark.requirement("R002")
def test_a_contact_becomes_a_ticket_and_its_warranty_is_assessed() -> None:
    assert spec.when(OPEN) == [OPENED, ASSESSED]
    assert opened.status == "open"


def test_opening_again_says_nothing() -> None:
    assert opened.when(OPEN) == []


def test_what_others_say_is_remembered() -> None:
    command = NoteProgress(T, Fact("dispatch.WorkPaused", "waiting_customer"), "f1", "w1")
    expected = TicketProgressed(fact="dispatch.WorkPaused", fact_id="f1", subject_id="w1", detail="waiting_customer")
    changed = TicketStatusChanged(ticket_id=T, status="waiting_customer", because_of="f1")
    assert opened.when(command) == [expected, changed]
    assert opened.given(expected, changed).status == "waiting_customer"


def test_what_leaves_the_status_as_it_is_tells_no_change() -> None:
    there = opened.given(*noted("dispatch.OnSiteArrived"))
    assert there.when(NoteProgress(T, Fact("dispatch.WorkPaused", "waiting_parts"), "f1")) == [
        TicketProgressed(fact="dispatch.WorkPaused", fact_id="f1", detail="waiting_parts")
    ]


def test_the_same_event_is_remembered_once() -> None:
    known = TicketProgressed(fact="triage.TriageStarted", fact_id="f1")
    assert opened.given(known).when(NoteProgress(T, Fact("triage.TriageStarted"), "f1")) == []


def test_what_is_said_about_a_ticket_that_was_never_opened_breaks_nothing() -> None:
    assert spec.when(NoteProgress(T, Fact("triage.TriageStarted"), "f1")) == []


def test_a_ticket_is_cancelled_with_its_reason() -> None:
    assert opened.when(CancelTicket(T, "why")) == [
        TicketCancelled(ticket_id=T, reason_id="why"),
        ended("cancelled", "intake.TicketCancelled"),
    ]
    assert opened.given(CANCELLED).status == "cancelled"


@pytest.mark.requirement("R069")
def test_a_ticket_is_closed_after_acceptance_and_callback() -> None:
    done = opened.given(*ACCEPTED, *CALLED_BACK)
    assert done.when(CloseTicket(T)) == [CLOSED, ended("closed", "intake.TicketClosed")]
    assert done.given(CLOSED).status == "closed"


@pytest.mark.requirement("R060")
def test_a_ticket_is_closed_after_remote_success() -> None:
    assert opened.given(*HELPED).when(CloseTicket(T)) == [CLOSED, ended("closed", "intake.TicketClosed")]


@pytest.mark.parametrize("event", [CANCELLED, CLOSED, DUPLICATE])
def test_an_ended_ticket_stays_so_but_still_listens(event: Event) -> None:
    over = opened.given(event)
    said = over.when(NoteProgress(T, Fact("dispatch.WorkOrderCancelled"), "f9"))
    assert len(said) == 1
    assert over.given(*said).status == over.status


@pytest.mark.requirement("R068", "R083")
def test_an_accepted_ticket_without_callback_is_not_closed() -> None:
    with opened.given(*ACCEPTED).refuses("callback-required") as accepted:
        accepted.when(CloseTicket(T))


def test_an_unfinished_ticket_is_not_closed() -> None:
    with opened.given(*noted("triage.TriageStarted")).refuses("ticket-not-done") as unfinished:
        unfinished.when(CloseTicket(T))


@pytest.mark.parametrize("command", [CancelTicket(T), MarkDuplicate(T, "t2", "c1")])
def test_an_accepted_ticket_is_neither_cancelled_nor_a_duplicate(command: CancelTicket | MarkDuplicate) -> None:
    with opened.given(*ACCEPTED).refuses("ticket-accepted") as accepted:
        accepted.when(command)


@pytest.mark.parametrize("command", [CancelTicket(T), CloseTicket(T), MarkDuplicate(T, "t2", "c1")])
def test_nothing_ends_twice(command: CancelTicket | CloseTicket | MarkDuplicate) -> None:
    with opened.given(DUPLICATE).refuses("ticket-cancelled") as ended:
        ended.when(command)
    with opened.given(CANCELLED).refuses("ticket-cancelled") as ended:
        ended.when(command)
    with opened.given(*HELPED, CLOSED).refuses("ticket-closed") as ended:
        ended.when(command)


@pytest.mark.parametrize(
    "command", [CancelTicket(T), CloseTicket(T), MarkDuplicate(T, "t2", "c1"), TakeDuplicate(T, "t2")]
)
def test_what_was_never_opened_does_not_end_and_takes_no_duplicate(command: TicketCommand) -> None:
    with spec.refuses("ticket-not-opened") as nothing:
        nothing.when(command)


@pytest.mark.parametrize(
    ("facts", "command"),
    [
        ([*ACCEPTED, *CALLED_BACK], CloseTicket(T)),
        (HELPED, CancelTicket(T)),
        (HELPED, MarkDuplicate(T, "t2", "c1")),
    ],
)
def test_a_ticket_does_not_end_before_the_newest_that_was_noted(facts: list[Event], command: TicketCommand) -> None:
    newest = MONDAY + timedelta(hours=2)
    times = [MONDAY, newest, *[MONDAY + timedelta(hours=1)] * (len(facts) - 1)]
    history: list[Any] = [
        Recorded(event=event, id=str(n), stream="ticket-t", version=n, occurred_at=time, recorded_at=newest)
        for n, (event, time) in enumerate(zip([OPENED, *facts], times, strict=True), 1)
    ]
    state = ticket.replay(history)
    assert ticket.decide(command, state, newest)
    with pytest.raises(Refused) as refused:
        ticket.decide(command, state, newest - timedelta(microseconds=1))
    assert refused.value.code == "before-previous-step"
