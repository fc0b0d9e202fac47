"""HTTP of owners: whose ticket it is, a person's and a team's, and whom it can be given to."""

from typing import Any

from pydantic import BaseModel, Field

from libs.chassis.http import UUID, Commands, Principal, Reads, Response, Router, allow
from libs.events import Forbidden
from libs.events.log.actors import people
from services.intake.tickets.api.forms import Ownership, TeamChoice
from services.intake.tickets.api.tickets import TicketAnswer
from services.intake.tickets.domain.owner import AssignTicket, ClaimTicket, OwnerCommand, ReleaseTicket
from services.intake.tickets.domain.team import GiveToTeam
from services.intake.tickets.domain.ticket import ticket

router = Router(prefix="/v1/tickets", tags=["tickets"])
OWNERS = allow("agent", "manager")
MOST = 500


class Owner(BaseModel):
    """同事 / Somebody whom a ticket can be given to."""

    id: UUID = Field(description="假名 / Pseudonym, as events and histories have it")
    name: str = Field(description="姓名 / Name", examples=["李敏"])


class Owners(BaseModel):
    """同事 / People who are known here."""

    items: list[Owner] = Field(description="按姓名 / By name")


class OwnedTicket(TicketAnswer):
    """Whose a ticket is was decided."""

    owner_id: UUID | None = Field(description="负责人 / Pseudonym of the owner; null: nobody's")


@router.get("/owners", operation_id="list_owners", dependencies=[OWNERS], response_model=Owners)
async def list_owners(reads: Reads) -> Any:
    """可指派的同事 / People whom a ticket can be given to: who has worked or looked at a contact here."""
    return {"items": await reads.rows(people(MOST))}


@router.post("/{ticket_id}/owner", operation_id="set_owner", dependencies=[OWNERS], response_model=OwnedTicket)
async def set_owner(ticket_id: UUID, body: Ownership, commands: Commands) -> Response:
    """负责人 / Claim a ticket that is nobody's, release one's own, or, as a manager, give it to anybody.

    A claim of somebody else's ticket is refused, and `owner_id` of the problem says whose it is.
    """
    command = wanted(str(ticket_id), body.owner_id, commands.principal)
    return await commands.run(
        ticket.on(str(ticket_id), command), body, extra=lambda decided: {"owner_id": decided[0].state.owner_id}
    )


def wanted(ticket_id: str, owner_id: UUID | str | None, caller: Principal) -> OwnerCommand:
    """The command that the form means. Raises Forbidden for what only a manager does."""
    is_manager, me = "manager" in caller.roles, caller.actor_id
    if owner_id is None:
        return ReleaseTicket(ticket_id, None if is_manager else me)
    if owner_id == "me" or (str(owner_id) == me and not is_manager):
        return ClaimTicket(ticket_id, me)
    if not is_manager:
        raise Forbidden("managers-assign", "Only a manager gives a ticket to somebody else.")
    return AssignTicket(ticket_id, str(owner_id))


class TeamsTicket(TicketAnswer):
    """Which team's a ticket is was decided."""

    team: str | None = Field(description="班组 / The team's name; null: no particular one", examples=["技术支持一组"])


@router.post("/{ticket_id}/team", operation_id="set_team", dependencies=[OWNERS], response_model=TeamsTicket)
async def set_team(ticket_id: UUID, body: TeamChoice, commands: Commands) -> Response:
    """班组 / Give a ticket to a team, whosever it is: its owner stays. Lists and counts narrow by the team's name."""
    command = GiveToTeam(str(ticket_id), body.team)
    return await commands.run(
        ticket.on(str(ticket_id), command), body, extra=lambda decided: {"team": decided[0].state.team}
    )
