"""One of two tickets about one matter goes on and takes the other, until that is taken back."""

from datetime import timedelta
from typing import Any

import pytest

from libs.events import Event, Recorded, Refused
from libs.events.contracts.intake.tickets import (
    TicketCancelled,
    TicketClosed,
    TicketMarkedDuplicate,
    TicketStatusChanged,
    TicketUnmerged,
)
from services.intake.tickets.domain.merging import (
    DuplicateReturned,
    DuplicateTaken,
    MarkDuplicate,
    ReturnDuplicate,
    Standing,
    TakeDuplicate,
    UnmergeTicket,
    stands_for,
)
from services.intake.tickets.domain.ticket import ticket
from tests.intake.story import ASSESSED, OPENED, T, noted
from tests.spec import MONDAY, Given

opened = Given(ticket).given(OPENED, ASSESSED)
MERGE, BACK = MarkDuplicate(T, "t2", "c1"), UnmergeTicket(T, "why")
MERGED, TAKEN = TicketMarkedDuplicate(ticket_id=T, of="t2"), DuplicateTaken(ticket_id=T, duplicate_id="t2")
UNMERGED = TicketUnmerged(ticket_id=T, of="t2", reason_id="why")


def becomes(status: str, because_of: str) -> TicketStatusChanged:
    return TicketStatusChanged(ticket_id=T, status=status, because_of=f"intake.{because_of}")  # type: ignore[arg-type] # as the tests write it


def test_a_duplicate_ends_as_a_cancelled_ticket_does_and_names_the_one_that_goes_on() -> None:
    assert opened.when(MERGE) == [MERGED, becomes("cancelled", "TicketMarkedDuplicate")]
    assert opened.given(MERGED).status == "cancelled"


def test_of_two_customers_it_says_why() -> None:
    with opened.refuses("merge-unexplained") as unexplained:
        unexplained.when(MarkDuplicate(T, "t2", "c2"))
    merged, _ = opened.when(MarkDuplicate(T, "t2", "c2", "why"))
    assert merged == TicketMarkedDuplicate(ticket_id=T, of="t2", reason_id="why")


def test_the_ticket_that_goes_on_takes_any_number_of_duplicates_and_stays_as_it_is() -> None:
    assert opened.when(TakeDuplicate(T, "t2")) == [TAKEN]
    taken = opened.given(TAKEN)
    assert (len(taken.when(TakeDuplicate(T, "t3"))), taken.status) == (1, "open")
    assert taken.given(*noted("triage.TriageStarted")).status == "in_triage"


def test_a_ticket_is_no_duplicate_of_itself() -> None:
    with opened.refuses("duplicate-of-itself") as itself:
        itself.when(MarkDuplicate(T, T, "c1"))


def test_a_ticket_that_has_duplicates_may_become_one_and_a_duplicate_takes_none_so_that_there_is_no_circle() -> None:
    assert opened.given(TAKEN).when(MarkDuplicate(T, "t3", "c1"))[0] == TicketMarkedDuplicate(ticket_id=T, of="t3")
    with opened.given(MERGED).refuses("duplicate-of-duplicate") as duplicate:
        duplicate.when(TakeDuplicate(T, "t3"))


@pytest.mark.parametrize(
    ("event", "code"), [(TicketCancelled(ticket_id=T), "cancelled"), (TicketClosed(ticket_id=T), "closed")]
)
def test_an_ended_ticket_stands_for_no_other_and_is_no_duplicate(event: Event, code: str) -> None:
    with opened.given(event).refuses(f"duplicate-of-{code}") as ended:
        ended.when(TakeDuplicate(T, "t2"))
    with opened.given(event).refuses(f"ticket-{code}") as over:
        over.when(MERGE)


def test_a_merge_is_taken_back_to_where_the_ticket_was() -> None:
    started = noted("triage.TriageStarted")
    merged = opened.given(*started, MERGED)
    assert merged.when(BACK) == [UNMERGED, becomes("in_triage", "TicketUnmerged")]
    assert merged.given(UNMERGED).status == "in_triage"
    assert merged.given(UNMERGED).when(MERGE)[0] == MERGED


def test_what_is_no_duplicate_is_not_taken_back() -> None:
    for never in (opened, opened.given(TicketCancelled(ticket_id=T)), opened.given(MERGED, UNMERGED)):
        with never.refuses("ticket-not-merged") as ticket_:
            ticket_.when(BACK)


@pytest.mark.parametrize("fact", ["triage.WorkAuthorised", "dispatch.WorkOrderCreated"])
def test_after_work_was_authorised_on_either_the_merge_stands(fact: str) -> None:
    with opened.given(MERGED, *noted(fact)).refuses("merge-stands") as merged:
        merged.when(BACK)
    with opened.given(TAKEN, *noted(fact)).refuses("merge-stands") as taken:
        taken.when(ReturnDuplicate(T, "t2"))


def test_what_stood_for_a_ticket_returns_it() -> None:
    assert opened.given(TAKEN).when(ReturnDuplicate(T, "t2")) == [DuplicateReturned(ticket_id=T, duplicate_id="t2")]


def test_a_merge_is_not_taken_back_before_it_was_made() -> None:
    merged_at = MONDAY + timedelta(hours=1)
    history: list[Any] = [
        Recorded(event=event, id=str(n), stream="ticket-t", version=n, occurred_at=at, recorded_at=at)
        for n, (event, at) in enumerate([(OPENED, MONDAY), (MERGED, merged_at)], 1)
    ]
    state = ticket.replay(history)
    assert ticket.decide(BACK, state, merged_at)
    with pytest.raises(Refused) as refused:
        ticket.decide(BACK, state, merged_at - timedelta(microseconds=1))
    assert refused.value.code == "before-previous-step"


def test_a_tickets_story_says_how_many_it_stands_for_and_that_a_merge_was_taken_back() -> None:
    returned = DuplicateReturned(ticket_id=T, duplicate_id="t2")
    assert stands_for([OPENED, TAKEN]) == Standing(others=1)
    assert stands_for([OPENED, TAKEN, returned]) == Standing(parted=True)
    assert stands_for([OPENED, MERGED, UNMERGED]) == Standing(parted=True)
    assert stands_for([OPENED, MERGED, UNMERGED, MERGED]) == stands_for([OPENED]) == Standing()
