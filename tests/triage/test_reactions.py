"""What triage hears: a ticket's start and its end, in whatever order and however often."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from libs.events import AnyRecorded, Event, Recorded
from libs.events.contracts.intake.tickets import (
    Amended,
    TicketAmended,
    TicketCancelled,
    TicketClosed,
    TicketMarkedDuplicate,
    TicketOpened,
    TicketReopened,
    TicketUnmerged,
)
from libs.events.contracts.triage.cases import FaultClassified, TriageStarted, WorkAuthorised
from services.triage.cases.domain import AuthoriseWork, CaseEnded, CaseEvent, CaseReopened, CaseResumed, case
from services.triage.reactions import reactions
from tests.spec import MONDAY

T = "t1"
OPENED = TicketOpened(
    ticket_id=T,
    number="WX20260302-0001",
    customer_id="c1",
    channel="phone",
    kind="repair",
    urgency="high",
    summary_id="summary",
)
CANCELLED, CLOSED = TicketCancelled(ticket_id=T), TicketClosed(ticket_id=T)
DUPLICATE = TicketMarkedDuplicate(ticket_id=T, of="t2")


def heard(event: Event) -> AnyRecorded:
    at = MONDAY
    return Recorded(event=event, id="1", stream=f"ticket-{T}", version=1, occurred_at=at, recorded_at=at)


def told(*events: Event) -> list[CaseEvent]:
    """The case's history after all that was heard."""
    history: list[CaseEvent] = []
    for event in events:
        for do in reactions[type(event)](heard(event)):
            assert do.stream == f"case-{T}"
            history += do.decider.decide(do.command, do.decider.fold(history), MONDAY)
    return history


@pytest.mark.requirement("R004")
def test_an_opened_ticket_starts_its_triage() -> None:
    assert told(OPENED, OPENED) == [TriageStarted(ticket_id=T, customer_id=OPENED.customer_id)]


def test_what_site_the_ticket_names_is_known_to_who_authorises() -> None:
    history = told(structs.replace(OPENED, site_id="s1"))
    assert history == [TriageStarted(ticket_id=T, customer_id=OPENED.customer_id, site_id="s1")]
    classified = case.fold([*history, FaultClassified(ticket_id=T, level=3, maintenance_type="corrective")])
    (authorised,) = case.decide(AuthoriseWork(T, "repair", False, ()), classified, MONDAY)
    assert isinstance(authorised, WorkAuthorised)
    assert authorised.site_id == "s1"


def amended(**fields: Any) -> TicketAmended:
    return TicketAmended(ticket_id=T, customer_id=OPENED.customer_id, reason_id="why", before=Amended(), **fields)


@pytest.mark.requirement("R244", "R251")
@pytest.mark.parametrize("kind", ["consultation", "complaint", "suggestion"])
def test_what_an_answer_is_enough_for_has_no_triage_until_it_turns_out_to_be_a_fault(kind: Any) -> None:
    asked = structs.replace(OPENED, kind=kind)
    assert told(asked, amended(urgency="high"), amended(kind="suggestion")) == []
    assert told(asked, amended(kind="repair"), amended(kind="inspection")) == [
        TriageStarted(ticket_id=T, customer_id=OPENED.customer_id)
    ]
    assert told(asked, amended(kind="repair", site_id="s1")) == [
        TriageStarted(ticket_id=T, customer_id=OPENED.customer_id, site_id="s1")
    ]
    assert told(asked, CLOSED, amended(kind="repair")) == [CaseEnded(because="closed")]


@pytest.mark.parametrize(("event", "because"), [(CANCELLED, "cancelled"), (DUPLICATE, "cancelled"), (CLOSED, "closed")])
def test_an_ended_ticket_ends_its_case(event: Event, because: str) -> None:
    assert told(OPENED, event, event)[1:] == [CaseEnded(because=because)]  # type: ignore[arg-type] # one of End, by the list above


def test_a_merge_that_is_taken_back_puts_the_case_on_the_list_again() -> None:
    back = TicketUnmerged(ticket_id=T, of="t2", reason_id="why")
    assert told(OPENED, DUPLICATE, back, back)[1:] == [CaseEnded(because="cancelled"), CaseResumed()]
    assert case.status(case.fold(told(OPENED, DUPLICATE, back))) == "open"
    assert told(OPENED, back)[1:] == []


def test_a_closed_ticket_that_is_opened_again_puts_its_case_on_the_list_again() -> None:
    again = TicketReopened(ticket_id=T, reason_id="why")
    assert told(OPENED, CLOSED, again, again)[1:] == [CaseEnded(because="closed"), CaseReopened()]
    assert case.status(case.fold(told(OPENED, CLOSED, again))) == "open"


@given(st.sampled_from([CANCELLED, DUPLICATE]), st.permutations(range(4)))
def test_in_any_order_the_case_of_a_cancelled_ticket_is_ended(end: Event, order: list[int]) -> None:
    events = [[OPENED, OPENED, end, end][place] for place in order]
    history = told(*events)
    assert case.status(case.fold(history)) == "ended"
    assert [type(event) for event in history].count(CaseEnded) == 1
    assert not isinstance(history[-1], TriageStarted)
