"""A ticket waits for somebody with a reason and until a day, and is a team's beside its owner's."""

from datetime import timedelta
from typing import Any

import pytest

from libs.events import Event, Recorded
from libs.events.contracts.intake.tickets import (
    TicketCancelled,
    TicketClosed,
    TicketMarkedDuplicate,
    TicketOwnerChanged,
    TicketTeamChanged,
    TicketWaitChanged,
)
from services.intake.tickets.domain.team import GiveToTeam
from services.intake.tickets.domain.ticket import ticket
from services.intake.tickets.domain.waiting import Await, StopWaiting
from services.intake.tickets.view.tickets import ticket_view
from tests.intake.story import ASSESSED, OPENED, T
from tests.spec import MONDAY, Given

opened = Given(ticket).given(OPENED, ASSESSED)
LATER = MONDAY + timedelta(days=3)
AWAIT = Await(T, "supplier", "why", LATER, asked_at=MONDAY)
WAITS = TicketWaitChanged(ticket_id=T, waits_for="supplier", reason_id="why", look_again_at=LATER)
GOES_ON = TicketWaitChanged(ticket_id=T, waits_for=None)
TEAM = TicketTeamChanged(ticket_id=T, team="技术支持一组")
ENDS = {
    "ticket-cancelled": TicketCancelled(ticket_id=T),
    "ticket-closed": TicketClosed(ticket_id=T),
    "merged": TicketMarkedDuplicate(ticket_id=T, of="other"),
}


def row(*events: Event) -> dict[str, Any]:
    """The ticket's row after these events."""
    recorded = [
        Recorded(
            id=str(version),
            stream=ticket.stream(T),
            version=version,
            event=event,
            occurred_at=MONDAY,
            recorded_at=MONDAY,
        )
        for version, event in enumerate((OPENED, *events), 1)
    ]
    found = ticket_view.fold(recorded)[T]
    assert found is not None
    return {name: getattr(found, name) for name in ("team", "waits_for", "wait_reason_id", "look_again_at")}


def test_a_ticket_waits_for_somebody_with_a_reason_until_somebody_looks_at_it_again() -> None:
    assert opened.when(AWAIT) == [WAITS]
    assert opened.given(WAITS).when(Await(T, "parts", "more", LATER, MONDAY)) != []
    assert row(WAITS)["waits_for"] == "supplier"
    assert (row(WAITS)["wait_reason_id"], row(WAITS)["look_again_at"]) == ("why", LATER)


def test_whoever_lets_it_go_on_says_so_once() -> None:
    assert opened.given(WAITS).when(StopWaiting(T)) == [GOES_ON]
    assert opened.when(StopWaiting(T)) == opened.given(WAITS, GOES_ON).when(StopWaiting(T)) == []
    assert row(WAITS, GOES_ON) == row()


def test_nobody_looks_at_it_again_in_the_past() -> None:
    with opened.refuses("look-again-past"):
        opened.when(Await(T, "us", "why", MONDAY, asked_at=MONDAY))


def test_who_says_that_it_was_asked_for_earlier_is_looked_at_no_earlier() -> None:
    with opened.refuses("look-again-past"):
        opened.when(Await(T, "us", "why", LATER, asked_at=LATER))


@pytest.mark.parametrize("code", ENDS)
def test_the_end_of_a_ticket_ends_its_wait_and_leaves_its_team(code: str) -> None:
    assert row(TEAM, WAITS, ENDS[code]) == row(TEAM)
    ended = opened.given(WAITS, ENDS[code])
    for command in (AWAIT, StopWaiting(T), GiveToTeam(T, "别组")):
        with ended.refuses("ticket-cancelled" if code == "merged" else code):
            ended.when(command)


@pytest.mark.requirement("R051")
def test_a_team_takes_the_ticket_beside_its_owner() -> None:
    hers = opened.given(TicketOwnerChanged(ticket_id=T, owner_id="anna"))
    assert hers.when(GiveToTeam(T, "技术支持一组")) == [TEAM]
    assert hers.given(TEAM).when(GiveToTeam(T, "技术支持一组")) == []
    assert hers.given(TEAM).when(GiveToTeam(T, None)) == [TicketTeamChanged(ticket_id=T, team=None)]
    assert hers.decider.fold(hers.given(TEAM).history).owner_id == "anna"
