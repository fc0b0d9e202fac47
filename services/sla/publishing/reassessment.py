"""Reassessments at work: the clocks of a step and how far the order has come are one transaction.

A ticket that cannot be judged is parked and passed over. What falls due meanwhile is not kept waiting: it has timers.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime

import msgspec

from libs.events.background.job_kind import Kind, Moved, Step
from libs.events.database.connections import fetch
from libs.events.decider import Story
from libs.events.inbox.chore import Chore, Facts, Telling
from libs.events.inbox.parking import Failure, park_chore
from libs.events.log.intent import Intent
from services.sla.clocks.domain.clocks import AdoptRules, clocks
from services.sla.publishing.domain.reassessment import ReassessmentCompleted, ReassessmentRequested, reassessments
from services.sla.publishing.view.reassessments import open_count, open_tickets, reassessment_view

MOST = 50
"""Tickets of a step: its transaction holds their timers for a tenth of a second."""


class Ticket(msgspec.Struct, frozen=True):
    """The ticket that was seen last, and how many have other rules than before."""

    id: str = ""
    changed: int = 0


class Reassessments(Kind[ReassessmentRequested, Ticket]):
    """Open tickets adopt the rules in force, at the instant of the order: it is what their verdicts rest on."""

    decider = reassessments
    view = reassessment_view
    most = MOST
    place = Ticket

    async def count(self, step: Step[ReassessmentRequested, Ticket]) -> int:
        """The tickets with an open clock that fit."""
        (row,) = await fetch(step.connection, open_count(step.request.metric, step.request.ticket_ids))
        return int(row["tickets"])

    async def step(self, step: Step[ReassessmentRequested, Ticket]) -> Moved[Ticket]:
        """The next tickets adopt the rules in force."""
        ids, seen = await self._next(step), step.reached or Ticket()
        unit = await step.store.unit([clocks.stream(id) for id in ids], step.connection)
        changed = seen.changed
        for id in ids:
            (decided,) = await unit.decide(clocks.on(id, AdoptRules(by=step.request.by)), step.intent)
            changed += bool(decided.events)
            await asyncio.sleep(0)  # whoever asks this process something goes first
        await step.store.append(unit, step.connection)
        reached = Ticket(ids[-1] if ids else seen.id, changed)
        return Moved(done=len(ids), reached=reached, is_last=len(ids) < step.most)

    async def pass_over(self, step: Step[ReassessmentRequested, Ticket], error: Exception) -> Moved[Ticket]:
        """Park the next ticket; what raises without one is no ticket's."""
        for id in await self._next(step):
            facts = {"ticket_id": id, "by": step.request.by, "order": step.request.id, "at": step.at.isoformat()}
            chore = Chore(self.name, clocks.stream(id), facts)
            await park_chore(step.connection, step.store.name, chore, Failure.of(error))
            changed = step.reached.changed if step.reached else 0
            return Moved(done=1, reached=Ticket(id, changed), is_last=False)
        raise error

    async def complete(
        self, step: Step[ReassessmentRequested, Ticket], parts: Sequence[bytes]
    ) -> ReassessmentCompleted:
        """How many changed."""
        return ReassessmentCompleted(id=step.request.id, changed=step.reached.changed if step.reached else 0)

    def telling(self, service: str) -> Telling:
        """A ticket that was parked adopts the rules at the instant of its order all the same."""

        def tell(facts: Facts) -> tuple[Story, Intent]:
            at = datetime.fromisoformat(facts["at"])
            intent = Intent(actor=f"service:{service}", occurred_at=at, causation_id=facts["order"])
            return adopt(facts["ticket_id"], facts["by"]), intent

        return tell

    async def _next(self, step: Step[ReassessmentRequested, Ticket]) -> list[str]:
        request, after = step.request, step.reached.id if step.reached else ""
        rows = await fetch(step.connection, open_tickets(request.metric, request.ticket_ids, after, step.most))
        return [row["ticket_id"] for row in rows]


def adopt(ticket_id: str, by: str) -> Story:
    """A ticket goes by the rules in force."""
    yield clocks.on(ticket_id, AdoptRules(by=by))


reassessing = Reassessments()
