"""What the warranty says of a ticket: the first verdict is assessed, each later one anew, and none is lost."""

import pytest

from libs.events.contracts.intake.tickets import (
    TicketAssetNamed,
    TicketCancelled,
    WarrantyAssessed,
    WarrantyReassessed,
)
from services.intake.tickets.domain.ticket import ConsultTicket, ticket
from services.intake.tickets.domain.warranty import AssessWarranty, CauseNoted, NameAsset, NoteCause
from tests.intake.story import ASSESSED, OPENED, T
from tests.spec import Given

NAME = NameAsset(T, "a1", "pump-1")
NAMED = TicketAssetNamed(ticket_id=T, asset_id="a1", part_id="pump-1")
COVERED = AssessWarranty(T, "in_warranty", ("W3",), "intake.TicketAssetNamed")
CAUSED = CauseNoted(ticket_id=T, cause="misuse", fact_id="f1")

nothing = Given(ticket)
opened = nothing.given(OPENED)


@pytest.mark.requirement("R003")
def test_the_first_verdict_is_assessed_and_a_later_one_says_what_was_said_before() -> None:
    assert opened.when(COVERED) == [WarrantyAssessed(ticket_id=T, verdict="in_warranty", reasons=["W3"])]
    assert opened.given(ASSESSED).when(COVERED) == [
        WarrantyReassessed(
            ticket_id=T,
            verdict="in_warranty",
            reasons=["W3"],
            before="unknown",
            because_of="intake.TicketAssetNamed",
        )
    ]


def test_the_same_verdict_again_says_nothing() -> None:
    covered = opened.given(WarrantyAssessed(ticket_id=T, verdict="in_warranty", reasons=["W3"]))
    assert covered.when(COVERED) == []


def test_an_asset_is_named_once_and_a_cause_is_noted_once() -> None:
    assert (opened.when(NAME), opened.given(NAMED).when(NAME)) == ([NAMED], [])
    note = NoteCause(T, "misuse", "f1")
    assert (opened.when(note), opened.given(CAUSED).when(note)) == ([CAUSED], [])


def test_an_ended_ticket_gets_no_other_asset_and_hears_of_its_cause_all_the_same() -> None:
    over = opened.given(TicketCancelled(ticket_id=T))
    with over.refuses("ticket-cancelled"):
        over.when(NAME)
    assert over.when(NoteCause(T, "misuse", "f1")) == [CAUSED]


def test_nothing_is_said_of_a_ticket_that_this_log_never_opened() -> None:
    assert nothing.when(NoteCause(T, "misuse", "f1")) == []
    assert opened.when(ConsultTicket()) == []
