"""Replays at work: a step judges the next tickets, and keeps what it found as a part of the result.

Judging runs in a thread and rests as long as it ran, so that live clocks stay on time.
"""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from time import thread_time
from typing import Any, cast

import asyncpg
import msgspec

from libs.events.background.job_kind import Hopeless, Kind, Moved, Step
from libs.events.log.store import Store
from services.sla.calendars.domain.calendar import OutOfReach
from services.sla.clocks.domain.clock import ClockJudged
from services.sla.clocks.domain.clocks import EvidenceRuled, FactHeard, clocks
from services.sla.clocks.domain.evidence import counted
from services.sla.policies.domain.draft import under
from services.sla.policies.domain.fact import Fact
from services.sla.policies.domain.policy import Flawed
from services.sla.policies.domain.rulebook import Library, UnknownRules
from services.sla.policies.domain.shipped import LIBRARY
from services.sla.replays.domain.comparison import Comparison
from services.sla.replays.domain.findings import Findings, Result
from services.sla.replays.domain.what_if import ReplayCompleted, ReplayRequested, replays
from services.sla.replays.view import replay_view

TICKETS = 50
"""Of one step: read at once, judged in one go."""

WANTED = "opened_at < $1 AND (cardinality($2::text[]) = 0 OR id = ANY($2))"
COUNT = f"SELECT count(*) FROM ticket WHERE opened_at >= $3 AND {WANTED}"
NEXT = f"""
SELECT id, opened_at FROM ticket WHERE {WANTED} AND (opened_at, id) > ($3, $4) ORDER BY opened_at, id LIMIT $5
"""
FACTS = """
SELECT type, schema_version, data FROM event
WHERE stream = ANY($1) AND type = ANY('{sla.FactHeard,sla.EvidenceRuled}') AND recorded_at <= $2
ORDER BY stream, version
"""
JUDGED = """
SELECT DISTINCT ON (stream, data->>'metric') type, schema_version, data FROM event
WHERE stream = ANY($1) AND type = 'sla.ClockJudged' AND recorded_at <= $2
ORDER BY stream, data->>'metric', version DESC
"""


class Ticket(msgspec.Struct, frozen=True):
    """Where a replay is: tickets are looked at by when they were opened."""

    opened_at: datetime
    id: str


class Replays(Kind[ReplayRequested, Ticket]):
    """The replays of one process, which keeps the rules of the one that it is at."""

    decider = replays
    view = replay_view
    most = TICKETS
    place = Ticket

    def __init__(self) -> None:
        self._known: tuple[str, Library] = ("", LIBRARY)

    async def count(self, step: Step[ReplayRequested, Ticket]) -> int:
        """The tickets that were opened in that time."""
        request = step.request
        total: int = await step.connection.fetchval(
            COUNT, request.opened_to, list(request.filter.tickets), request.opened_from
        )
        return total

    async def step(self, step: Step[ReplayRequested, Ticket]) -> Moved[Ticket]:
        """Judge the next tickets. Raises Hopeless where a draft cannot be gone by."""
        begun = step.reached or Ticket(step.request.opened_from, "")
        tickets = await self._next(step, begun)
        if not tickets:
            return Moved(done=0, reached=begun, is_last=True)
        try:
            found, busy = await self._judge(step, [ticket.id for ticket in tickets])
        except (Flawed, UnknownRules, OutOfReach) as error:
            raise Hopeless(str(error)) from error
        is_last = len(tickets) < step.most
        return Moved(done=len(tickets), reached=tickets[-1], is_last=is_last, part=found.part(), rest_seconds=busy)

    async def complete(self, step: Step[ReplayRequested, Ticket], parts: Sequence[bytes]) -> ReplayCompleted:
        """The comparison of all tickets."""
        return ReplayCompleted(id=step.request.id, result=await asyncio.to_thread(put_together, parts))

    async def _next(self, step: Step[ReplayRequested, Ticket], after: Ticket) -> list[Ticket]:
        request = step.request
        rows = await step.connection.fetch(
            NEXT, request.opened_to, list(request.filter.tickets), after.opened_at, after.id, step.most
        )
        return [Ticket(row["opened_at"], row["id"]) for row in rows]

    async def _judge(self, step: Step[ReplayRequested, Ticket], tickets: Sequence[str]) -> tuple[Findings, float]:
        """What is found of these tickets, and the seconds that it took."""
        request = step.request
        comparison = Comparison(await self._rules(step), request.filter, request.as_of)
        streams = [clocks.stream(id) for id in tickets]
        facts = await step.connection.fetch(FACTS, streams, request.as_of)
        judged = await step.connection.fetch(JUDGED, streams, request.as_of)
        busy = await asyncio.to_thread(judge, step.store, comparison, tickets, facts, judged)
        return comparison.found, busy

    async def _rules(self, step: Step[ReplayRequested, Ticket]) -> Library:
        """The rules with the draft in force: reading them and their calendars costs more than a step does."""
        if self._known[0] != step.request.id:
            if step.store.prepare is not None:
                await step.store.prepare(step.connection)
            self._known = (step.request.id, under(LIBRARY, step.request.draft))
        return self._known[1]


def judge(
    store: Store,
    comparison: Comparison,
    tickets: Sequence[str],
    facts: Sequence[asyncpg.Record],
    judged: Sequence[asyncpg.Record],
) -> float:
    """Decode and judge: all that takes time, away from the event loop. The seconds that it took."""
    began = thread_time()
    heard: dict[str, list[Fact]] = defaultdict(list)
    rulings: dict[str, bool] = {}
    known: dict[str, dict[str, ClockJudged]] = defaultdict(dict)
    for row in facts:
        told = cast(FactHeard | EvidenceRuled, _event(store, row))
        if isinstance(told, FactHeard):
            heard[told.ticket_id].append(told.fact)
        else:
            rulings[told.evidence_id] = told.accepted
    for row in judged:
        clock = cast(ClockJudged, _event(store, row))
        known[clock.ticket_id][clock.metric] = clock
    for id in tickets:
        comparison.add(id, counted(heard[id], rulings), known[id])
    return thread_time() - began


def put_together(parts: Sequence[bytes]) -> Result:
    """The result of all parts."""
    found = Findings()
    for part in parts:
        found.add_part(part)
    return found.result()


def _event(store: Store, row: asyncpg.Record) -> Any:
    return store.decode(row["type"], row["schema_version"], row["data"])


what_if = Replays()
