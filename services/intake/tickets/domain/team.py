"""The team of a ticket (班组): who of the department takes it, beside the one person whom the customer deals with."""

from collections.abc import Sequence
from dataclasses import dataclass

from libs.events.contracts.intake.tickets import TicketTeamChanged


@dataclass(frozen=True, slots=True)
class GiveToTeam:
    """Leave the ticket to a team by its name; None: to no particular one."""

    ticket_id: str
    team: str | None


def given(command: GiveToTeam, team: str | None) -> Sequence[TicketTeamChanged]:
    return [] if command.team == team else [TicketTeamChanged(ticket_id=command.ticket_id, team=command.team)]
