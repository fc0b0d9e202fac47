"""A ticket is one person's: claimed once, given to somebody else by a manager, and released."""

import pytest

from libs.events.contracts.intake.tickets import TicketCancelled, TicketOwnerChanged
from services.intake.tickets.domain.owner import AssignTicket, ClaimTicket, ReleaseTicket
from services.intake.tickets.domain.ticket import ticket
from tests.intake.story import ASSESSED, OPENED, T
from tests.spec import Given

opened = Given(ticket).given(OPENED, ASSESSED)


def of(owner_id: str | None) -> TicketOwnerChanged:
    return TicketOwnerChanged(ticket_id=T, owner_id=owner_id)


@pytest.mark.requirement("R076")
def test_whoever_claims_first_is_the_one_point_of_contact() -> None:
    assert opened.when(ClaimTicket(T, "anna")) == [of("anna")]
    with opened.given(of("anna")).refuses("ticket-owned") as hers:
        hers.when(ClaimTicket(T, "bert"))


def test_a_claim_that_is_repeated_says_nothing() -> None:
    assert opened.given(of("anna")).when(ClaimTicket(T, "anna")) == []


def test_a_ticket_is_given_to_somebody_else_whosever_it_is() -> None:
    assert opened.given(of("anna")).when(AssignTicket(T, "bert")) == [of("bert")]
    assert opened.given(of("bert")).when(AssignTicket(T, "bert")) == []


def test_only_their_own_ticket_is_released_and_then_anybody_may_claim_it() -> None:
    hers = opened.given(of("anna"))
    with hers.refuses("not-your-ticket"):
        hers.when(ReleaseTicket(T, "bert"))
    assert hers.when(ReleaseTicket(T, "anna")) == hers.when(ReleaseTicket(T)) == [of(None)]
    assert hers.given(of(None)).when(ClaimTicket(T, "bert")) == [of("bert")]
    assert opened.when(ReleaseTicket(T, "bert")) == []


def test_a_ticket_that_has_ended_changes_its_owner_no_more() -> None:
    ended = opened.given(TicketCancelled(ticket_id=T))
    for command in (ClaimTicket(T, "anna"), AssignTicket(T, "anna"), ReleaseTicket(T)):
        with ended.refuses("ticket-cancelled"):
            ended.when(command)
