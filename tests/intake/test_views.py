"""The register's rows, and the history, folded from history."""

from dataclasses import replace

import pytest

from libs.events import Event
from libs.events.contracts.intake.customers import CustomerRegistered
from libs.events.contracts.intake.tickets import (
    TicketCancelled,
    TicketClosed,
    TicketMarkedDuplicate,
    TicketReopened,
    TicketUnmerged,
    WarrantyReassessed,
)
from services.intake.tickets.domain.merging import DuplicateReturned, DuplicateTaken
from services.intake.tickets.domain.progress import Fact
from services.intake.tickets.domain.ticket import NoteProgress, TicketEvent, TicketProgressed, ticket
from services.intake.tickets.view.history import entry, history_view
from services.intake.tickets.view.tickets import TicketRow, ticket_view
from tests.intake.story import ASSESSED, DISPATCH, OPENED, SURVEY, TRIAGE, T, fact, noted, recorded
from tests.spec import MONDAY

PROGRESSED = [
    TicketProgressed(fact=fact(event).type, fact_id=str(number), detail=fact(event).detail)
    for number, event in enumerate([*TRIAGE, *DISPATCH, *SURVEY])
]


def row(*events: Event) -> TicketRow | None:
    history = [recorded(event, version) for version, event in enumerate(events, 1)]
    return ticket_view.fold(history)[T]


@pytest.mark.requirement("R053")
def test_an_opened_ticket_is_a_line_of_the_register() -> None:
    line = row(OPENED, ASSESSED)
    assert line is not None
    assert (line.number, line.status, line.verdict, line.reasons) == (OPENED.number, "open", "unknown", ["no_contract"])
    assert (line.region, line.contract, line.timezone) == ("华东", "HT-2026-0113", "Asia/Shanghai")
    assert (line.version, line.opened_at) == (2, recorded(OPENED, 1).occurred_at)


def test_the_line_says_at_every_step_what_the_decider_says() -> None:
    events: list[TicketEvent] = [OPENED, ASSESSED, *PROGRESSED, TicketClosed(ticket_id=T)]
    for length in range(1, len(events) + 1):
        line = row(*events[:length])
        assert line is not None
        assert (line.status, line.version) == (ticket.status(ticket.fold(events[:length])), length)


def test_late_news_of_a_cycle_that_is_over_leave_the_line_as_it_is() -> None:
    ended: list[TicketEvent] = [TicketClosed(ticket_id=T), TicketReopened(ticket_id=T, reason_id="r1")]
    again: list[TicketEvent] = [OPENED, *PROGRESSED, *ended]
    late = NoteProgress(T, Fact("dispatch.RepairAccepted"), "f9", "w1", cycle=1)
    for cycle, expected in ((1, "in_triage"), (2, "accepted")):
        told = ticket.decide(replace(late, cycle=cycle), ticket.fold(again), MONDAY)
        line = row(*again, *told)
        assert line is not None
        assert line.status == ticket.status(ticket.fold([*again, *told])) == expected


def test_a_cancelled_line_stays_cancelled() -> None:
    line = row(OPENED, ASSESSED, TicketCancelled(ticket_id=T), *noted("dispatch.WorkOrderCancelled"))
    assert line is not None
    assert line.status == "cancelled"


def test_a_duplicates_line_is_cancelled_and_names_the_ticket_that_goes_on() -> None:
    marked = TicketMarkedDuplicate(ticket_id=T, of="t2")
    line = row(OPENED, ASSESSED, marked, *noted("triage.TriageStarted"))
    assert line is not None
    assert (line.status, line.duplicate_of, line.desk) == ("cancelled", "t2", "in_triage")


def test_a_ticket_that_takes_a_duplicate_shows_no_more_than_a_new_version() -> None:
    line = row(OPENED, ASSESSED, DuplicateTaken(ticket_id=T, duplicate_id="t2"))
    assert line is not None
    assert (line.status, line.duplicate_of, line.version) == ("open", None, 3)


def test_a_rebuilt_line_has_the_verdict_that_was_given_last() -> None:
    anew = WarrantyReassessed(
        ticket_id=T, verdict="in_warranty", reasons=["W3"], before="unknown", because_of="intake.TicketAssetNamed"
    )
    again = WarrantyReassessed(
        ticket_id=T, verdict="expired", reasons=["W7"], before="in_warranty", because_of="intake.WarrantyReassessed"
    )
    for given, verdict in (((), "unknown"), ((anew,), "in_warranty"), ((anew, again), "expired")):
        line = row(OPENED, ASSESSED, *given)
        assert line is not None
        assert line.verdict == ticket.fold([OPENED, ASSESSED, *given]).warranty.verdict == verdict


def test_a_ticket_whose_merge_is_taken_back_stands_where_it_stood() -> None:
    back = TicketUnmerged(ticket_id=T, of="t2", reason_id="why")
    line = row(OPENED, ASSESSED, *noted("triage.TriageStarted"), TicketMarkedDuplicate(ticket_id=T, of="t2"), back)
    assert line is not None
    assert (line.status, line.duplicate_of) == ("in_triage", None)
    other = row(OPENED, ASSESSED, DuplicateReturned(ticket_id=T, duplicate_id="t2"))
    assert other is not None
    assert (other.status, other.version) == ("open", 3)


def test_progress_before_the_opening_is_no_line() -> None:
    assert row(*noted("triage.TriageStarted")) is None


def test_a_customers_stream_is_no_line() -> None:
    assert ticket_view.fold([recorded(CustomerRegistered(customer_id="c1"), 1, "customer-c1")]) == {}


def test_the_history_keeps_every_event_of_the_others_word_for_word() -> None:
    heard = [recorded(event, 3, f"case-{T}") for event in TRIAGE]
    rows = history_view.fold(heard)
    assert [r.type for r in rows.values() if r] == [event.type_name for event in TRIAGE]
    classified = rows[heard[1].id]
    assert classified is not None
    assert (classified.ticket_id, classified.version) == (T, 1)
    assert classified.fields == {"level": 2, "maintenance_type": "corrective", "late": False}


def test_instants_in_the_history_are_json() -> None:
    assert entry(recorded(DISPATCH[3], 1)).fields["start"] == MONDAY.isoformat().replace("+00:00", "Z")


def test_intakes_own_events_are_no_rows_of_it() -> None:
    assert history_view.fold([recorded(OPENED, 1), recorded(ASSESSED, 2), *[recorded(e, 3) for e in PROGRESSED]]) == {}
