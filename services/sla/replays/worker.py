"""Replays at work: a worker takes the oldest one that nobody is at, and goes through its tickets beside all else.

A lease keeps two workers from the same replay; one that dies lets it lapse, and the next begins again, which changes
nothing in the result. Judging runs in a thread and rests as long as it ran, so that live clocks stay on time.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from time import monotonic, thread_time
from typing import Any, cast
from uuid import uuid4

import asyncpg
import structlog

from libs.chassis.telemetry import DEFECTS
from libs.events.database.connections import TRANSIENT, UNREACHABLE
from libs.events.log.intent import Intent
from libs.events.log.store import Conflict, NewerLog, Store
from services.sla.calendars.domain.calendar import OutOfReach
from services.sla.clocks.domain.clock import ClockJudged
from services.sla.clocks.domain.clocks import EvidenceRuled, FactHeard, clocks
from services.sla.clocks.domain.evidence import counted
from services.sla.policies.domain.draft import under
from services.sla.policies.domain.fact import Fact
from services.sla.policies.domain.policy import Flawed
from services.sla.policies.domain.rulebook import UnknownRules
from services.sla.policies.domain.shipped import LIBRARY
from services.sla.replays.domain.comparison import Comparison
from services.sla.replays.domain.what_if import CompleteReplay, FailReplay, ReplayRequested, replays

log = structlog.get_logger(__name__)

LATER = (Conflict, NewerLog, *TRANSIENT, *UNREACHABLE)
POLL_SECONDS = 1.0
SAVE_SECONDS = 1.0
LEASE_SECONDS = 20
DEFECT_SECONDS = 5.0
TICKETS = 25
"""Of one slice: read at once, judged in one go."""

CLAIM = """
INSERT INTO replay_run AS run (id, owner, until, tickets_done, tickets_total)
SELECT id, $1, now() + make_interval(secs => $2), 0, 0 FROM replay LEFT JOIN replay_run AS other USING (id)
WHERE status = 'requested' AND (until IS NULL OR until < now() OR owner = $1)
ORDER BY requested_at, id LIMIT 1
ON CONFLICT (id) DO UPDATE SET owner = excluded.owner, until = excluded.until
WHERE run.until < now() OR run.owner = excluded.owner
RETURNING id
"""
KEEP = """
UPDATE replay_run SET until = now() + make_interval(secs => $3), tickets_done = $4, tickets_total = $5
WHERE id = $1 AND owner = $2 AND EXISTS (SELECT FROM replay WHERE replay.id = $1 AND status = 'requested')
RETURNING true
"""
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


async def replay_tickets(store: Store) -> None:
    """Carry out what is asked for, one replay after the other, for ever."""
    work = Replays(store, str(uuid4()))
    while True:
        try:
            if not await work.run_next():
                await asyncio.sleep(POLL_SECONDS)  # nobody waits for the very second
        except LATER as error:
            log.warning("replays out of reach", error=type(error).__name__)
            await asyncio.sleep(POLL_SECONDS)  # what is out of reach is asked again, at ease
        except Exception:  # live clocks are in the same process: it outlives whatever a replay does
            log.exception("replays have a defect", service=store.name)
            DEFECTS.inc()
            await asyncio.sleep(DEFECT_SECONDS)


@dataclass
class Replays:
    """One worker's way through the replays. `owner` is its name on leases."""

    store: Store
    owner: str
    lease_seconds: float = LEASE_SECONDS

    async def run_next(self) -> bool:
        """Take a replay, if there is one, and end it. Raises LATER when the database is out of reach: it is kept."""
        id = await self.store.pool.fetchval(CLAIM, self.owner, self.lease_seconds)
        if id is None:
            return False
        try:
            comparison = await self._compare(id)
            if comparison is not None:
                result = await asyncio.to_thread(comparison.result)
                await self._end(id, CompleteReplay(result))
        except LATER:
            raise
        except (Flawed, UnknownRules, OutOfReach) as error:
            await self._end(id, FailReplay(str(error)))
        except Exception as error:  # a draft that nobody thought of ends its replay, and not the worker of live clocks
            log.exception("replay failed", replay=id)
            DEFECTS.inc()
            await self._end(id, FailReplay(f"a defect: {type(error).__name__}"))
        return True

    async def _end(self, id: str, command: CompleteReplay | FailReplay) -> None:
        await self.store.run(replays.on(id, command), Intent(actor=f"service:{self.store.name}"))

    async def _compare(self, id: str) -> Comparison | None:
        """The comparison of all tickets; None once the replay is not ours any more, or cancelled."""
        request = await self._asked(id)
        comparison = Comparison(under(LIBRARY, request.draft), request.filter, request.as_of)
        done, total, saved = 0, await self._total(request), 0.0
        async for tickets in self._slices(request):
            if monotonic() - saved >= SAVE_SECONDS:
                if not await self._keep(id, done, total):
                    return None
                saved = monotonic()
            await self._judge(comparison, tickets)
            done += len(tickets)
        return comparison if await self._keep(id, done, total) else None

    async def _asked(self, id: str) -> ReplayRequested:
        if self.store.prepare is not None:
            await self.store.prepare(self.store.pool)
        history = await self.store.read(replays.stream(id))
        request = replays.fold(recorded.event for recorded in history).request
        assert request is not None  # there is no row of a replay without it
        return request

    async def _keep(self, id: str, done: int, total: int) -> bool:
        """Save how far the work is, and keep the lease; whether it is still to be done, and by us."""
        kept = await self.store.pool.fetchval(KEEP, id, self.owner, self.lease_seconds, done, max(done, total))
        return kept is not None

    async def _total(self, request: ReplayRequested) -> int:
        total: int = await self.store.pool.fetchval(
            COUNT, request.opened_to, list(request.filter.tickets), request.opened_from
        )
        return total

    async def _slices(self, request: ReplayRequested) -> AsyncIterator[list[str]]:
        """The tickets to look at, by when they were opened, a few at a time."""
        at, id, wanted = request.opened_from, "", list(request.filter.tickets)
        while rows := await self.store.pool.fetch(NEXT, request.opened_to, wanted, at, id, TICKETS):
            yield [row["id"] for row in rows]
            at, id = rows[-1]["opened_at"], rows[-1]["id"]

    async def _judge(self, comparison: Comparison, tickets: Sequence[str]) -> None:
        streams = [clocks.stream(id) for id in tickets]
        facts = await self.store.pool.fetch(FACTS, streams, comparison.as_of)
        judged = await self.store.pool.fetch(JUDGED, streams, comparison.as_of)
        busy = await asyncio.to_thread(self._add, comparison, tickets, facts, judged)
        await asyncio.sleep(busy)  # as long as it ran, the process is there for live clocks alone

    def _add(
        self,
        comparison: Comparison,
        tickets: Sequence[str],
        facts: Sequence[asyncpg.Record],
        judged: Sequence[asyncpg.Record],
    ) -> float:
        """Decode and judge one slice: all that takes time, away from the event loop. The seconds that it took."""
        began = thread_time()
        heard: dict[str, list[Fact]] = defaultdict(list)
        rulings: dict[str, bool] = {}
        known: dict[str, dict[str, ClockJudged]] = defaultdict(dict)
        for row in facts:
            told = cast(FactHeard | EvidenceRuled, self._event(row))
            if isinstance(told, FactHeard):
                heard[told.ticket_id].append(told.fact)
            else:
                rulings[told.evidence_id] = told.accepted
        for row in judged:
            clock = cast(ClockJudged, self._event(row))
            known[clock.ticket_id][clock.metric] = clock
        for id in tickets:
            comparison.add(id, counted(heard[id], rulings), known[id])
        return thread_time() - began

    def _event(self, row: asyncpg.Record) -> Any:
        return self.store.decode(row["type"], row["schema_version"], row["data"])
