"""Whose visit it is: an engineer works on visits of their own, dispatcher and manager on anybody's."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Annotated, Any

from fastapi import Depends

from libs.chassis.http import UUID, CommandBody, Problem, Reads, Response, Router
from libs.chassis.http.commands import CommandRunner
from libs.chassis.http.reads import Reader
from libs.chassis.http.routers.steps import Steps
from libs.chassis.http.routing import Admitted
from libs.chassis.identity.auth import Principal
from libs.chassis.input.binding import Made
from libs.events import Story
from libs.events.log.unit import Decided
from libs.events.texts import Text
from services.dispatch.engineers.view import engineer_of
from services.dispatch.roles import CREW
from services.dispatch.work_orders.domain.schedule import planned
from services.dispatch.work_orders.domain.work_order import By, CrewCommand, WorkOrderCommand

OFFICE = frozenset(["dispatcher", "manager"])

VISIT = (
    "already-completed",
    "already-failed",
    "before-previous-step",
    "before-ticket",
    "no-engineer",
    "not-assigned",
    "not-your-visit",
    "overlap",
    "skill-missing",
    "unknown-engineer",
    "work-order-cancelled",
)
"""Of every step of a visit."""


async def by(reads: Reads, command: CrewCommand) -> CrewCommand | By:
    """The command as its caller may give it. Raises a 403 problem for a login that is no engineer's."""
    if not OFFICE.isdisjoint(reads.principal.roles):
        return command
    return By(await own_id(reads), command)


async def only(reads: Reads) -> str | None:
    """The engineer whose visits alone the caller may see; None: all. Raises a 403 problem."""
    return await own_id(reads) if _is_crew(reads.principal) else None


async def own_id(reads: Reads) -> str:
    """The engineer whose login calls. Raises a 403 problem."""
    rows = await reads.rows(engineer_of(reads.principal.actor_id))
    if not rows:
        raise Problem(403, "no-engineer", "Your login is bound to no engineer; a dispatcher can bind it.")
    return str(rows[0]["id"])


def not_yours() -> Problem:
    """403: the visit is another engineer's."""
    return Problem(403, "not-your-visit", "The visit is assigned to somebody else.")


def _is_crew(principal: Principal) -> bool:
    return principal.roles == {"engineer"}


class CrewRunner:
    """Commands of a visit as their caller may give them; the engineer's day is kept with each."""

    def __init__(self, request: Admitted) -> None:
        self._reads, self._commands = Reader(request), CommandRunner(request)

    async def run(
        self,
        work_order_id: UUID,
        command: CrewCommand,
        body: CommandBody,
        *,
        texts: Sequence[Text] = (),
        story: Callable[[str, WorkOrderCommand], Story] | None = None,
        extra: Callable[[Sequence[Decided]], dict[str, Any]] | None = None,
    ) -> Response:
        """Decide and commit. Raises problems as `Commands` does, and a 403 for another engineer's visit."""
        own = await by(self._reads, command)
        return await self._commands.run(
            partial(story or planned, str(work_order_id), own), body, texts=texts, extra=extra
        )


Crew = Annotated[CrewRunner, Depends(Made(CrewRunner))]
"""The annotation of a route's parameter that runs commands of a visit."""


async def _run(crew: Crew, id: UUID, command: CrewCommand, body: CommandBody, texts: Sequence[Text]) -> Response:
    return await crew.run(id, command, body, texts=texts)


def steps(router: Router, refused: Sequence[str] = VISIT) -> Steps[CrewCommand]:
    """Routes of what the engineer says and does on a visit."""
    return Steps(router, CREW, Crew, _run, refused=refused)
