"""A ticket is opened once, remembers what it hears once, and ends once."""

import pytest

from libs.events.contracts.intake import TicketCancelled, TicketClosed
from services.intake.domain.progress import Fact
from services.intake.domain.ticket import CancelTicket, CloseTicket, NoteProgress, TicketProgressed, ticket
from tests.intake.story import ASSESSED, DISPATCH, OPEN, OPENED, SURVEY, T, fact, noted
from tests.spec import Given

spec = Given(ticket)
opened = spec.given(OPENED, ASSESSED)
ACCEPTED = [TicketProgressed(fact=fact(event).type, fact_id=f"d{n}") for n, event in enumerate(DISPATCH)]
CALLED_BACK = [TicketProgressed(fact=fact(event).type, fact_id=f"s{n}") for n, event in enumerate(SURVEY)]
HELPED = noted("triage.TriageStarted", "triage.RemoteSupportStarted", "triage.RemoteSupportSucceeded")
CANCELLED, CLOSED = TicketCancelled(ticket_id=T), TicketClosed(ticket_id=T)


def test_a_contact_becomes_a_ticket_and_its_warranty_is_assessed() -> None:
    assert spec.when(OPEN) == [OPENED, ASSESSED]
    assert opened.status == "open"


def test_opening_again_says_nothing() -> None:
    assert opened.when(OPEN) == []


def test_what_others_say_is_remembered() -> None:
    command = NoteProgress(Fact("dispatch.WorkPaused", "waiting_customer"), "f1", "w1")
    expected = TicketProgressed(fact="dispatch.WorkPaused", fact_id="f1", subject_id="w1", detail="waiting_customer")
    assert opened.when(command) == [expected]
    assert opened.given(expected).status == "waiting_customer"


def test_the_same_event_is_remembered_once() -> None:
    known = TicketProgressed(fact="triage.TriageStarted", fact_id="f1")
    assert opened.given(known).when(NoteProgress(Fact("triage.TriageStarted"), "f1")) == []


def test_what_is_said_about_a_ticket_that_was_never_opened_breaks_nothing() -> None:
    assert spec.when(NoteProgress(Fact("triage.TriageStarted"), "f1")) == []


def test_a_ticket_is_cancelled_with_its_reason() -> None:
    assert opened.when(CancelTicket(T, "why")) == [TicketCancelled(ticket_id=T, reason_id="why")]
    assert opened.given(CANCELLED).status == "cancelled"


def test_a_ticket_is_closed_after_acceptance_and_callback() -> None:
    done = opened.given(*ACCEPTED, *CALLED_BACK)
    assert done.when(CloseTicket(T)) == [CLOSED]
    assert done.given(CLOSED).status == "closed"


def test_a_ticket_is_closed_after_remote_success() -> None:
    assert opened.given(*HELPED).when(CloseTicket(T)) == [CLOSED]


@pytest.mark.parametrize("event", [CANCELLED, CLOSED])
def test_an_ended_ticket_stays_so_but_still_listens(event: TicketCancelled | TicketClosed) -> None:
    ended = opened.given(event)
    said = ended.when(NoteProgress(Fact("dispatch.WorkOrderCancelled"), "f9"))
    assert len(said) == 1
    assert ended.given(*said).status == ended.status


def test_an_accepted_ticket_without_callback_is_not_closed() -> None:
    with opened.given(*ACCEPTED).refuses("callback-required") as accepted:
        accepted.when(CloseTicket(T))


def test_an_unfinished_ticket_is_not_closed() -> None:
    with opened.given(*noted("triage.TriageStarted")).refuses("ticket-not-done") as unfinished:
        unfinished.when(CloseTicket(T))


def test_an_accepted_ticket_is_not_cancelled() -> None:
    with opened.given(*ACCEPTED).refuses("ticket-accepted") as accepted:
        accepted.when(CancelTicket(T))


@pytest.mark.parametrize("command", [CancelTicket(T), CloseTicket(T)])
def test_nothing_ends_twice(command: CancelTicket | CloseTicket) -> None:
    with opened.given(CANCELLED).refuses("ticket-cancelled") as ended:
        ended.when(command)
    with opened.given(*HELPED, CLOSED).refuses("ticket-closed") as ended:
        ended.when(command)


@pytest.mark.parametrize("command", [CancelTicket(T), CloseTicket(T)])
def test_what_was_never_opened_does_not_end(command: CancelTicket | CloseTicket) -> None:
    with spec.refuses("ticket-not-opened") as nothing:
        nothing.when(command)
