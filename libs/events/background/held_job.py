"""A job in hand: the transaction holds the row of its progress, and nobody else is at it until that ends."""

from dataclasses import dataclass, replace
from typing import Any, Self

import asyncpg
import msgspec

from libs.events.background.job import Complete
from libs.events.background.job_kind import AnyKind, Moved, Step
from libs.events.database.connections import Connection
from libs.events.log.intent import Intent
from libs.events.log.store import Store
from libs.events.trace import Trace

CLAIM = """
SELECT p.id, p.done, p.total, p.reached FROM job_progress AS p JOIN {jobs} AS j USING (id)
WHERE j.status = 'requested' ORDER BY j.requested_at, j.id LIMIT 1 FOR UPDATE OF p SKIP LOCKED
"""
MOVE = "UPDATE job_progress SET done = $2, total = $3, reached = $4, updated_at = now() WHERE id = $1"
ADD_PART = "INSERT INTO job_part (job_id, number, part) VALUES ($1, $2, $3)"
PARTS = "DELETE FROM job_part WHERE job_id = $1 RETURNING number, part"


def intent(service: str, trace: Trace | None = None) -> Intent:
    """Of what a job itself says: it ends now."""
    return Intent(actor=f"service:{service}", traceparent=trace and trace.traceparent)


@dataclass(frozen=True)
class HeldJob:
    """A job with its next step, how far it was before, and the trace in which it was asked for."""

    kind: AnyKind
    step: Step[Any, Any]
    done: int
    total: int
    asked: Trace | None

    @classmethod
    async def of(
        cls, kind: AnyKind, store: Store, connection: Connection, row: asyncpg.Record, most: int
    ) -> Self | None:
        """The job whose row was claimed; None if it was ended at this moment."""
        stream = kind.decider.stream(row["id"])
        history = (await store.load([stream], connection))[1][stream]
        job = kind.decider.replay(history)
        if job.status != "requested" or job.request is None:
            return None
        reached = None if row["reached"] is None else msgspec.json.decode(row["reached"], type=kind.place)
        step = Step(store, connection, job.request, history[0].recorded_at, reached, most)
        total = await kind.count(step) if row["total"] is None else row["total"]
        return cls(kind, step, row["done"], total, Trace.parse(history[0].traceparent))

    def within(self, trace: Trace) -> Self:
        """The same, its step a piece of this trace."""
        return replace(self, step=replace(self.step, trace=trace))

    async def move(self, moved: Moved[Any]) -> None:
        """Write how far it is now, and end it after its last step."""
        id, connection, done = self.step.request.id, self.step.connection, self.done + moved.done
        reached = msgspec.json.encode(moved.reached).decode()
        await connection.execute(MOVE, id, done, max(done, self.total), reached)
        if moved.part is not None:
            await connection.execute(ADD_PART, id, self.done, moved.part)
        if moved.is_last:
            await self._complete(replace(self.step, reached=moved.reached))

    async def _complete(self, step: Step[Any, Any]) -> None:
        """Whoever has cancelled it meanwhile was first: then nothing is said."""
        parts = sorted(await step.connection.fetch(PARTS, step.request.id), key=lambda row: int(row["number"]))
        completed = await self.kind.complete(step, [row["part"] for row in parts])
        do = self.kind.decider.on(step.request.id, Complete(completed))
        unit = await step.store.unit([do.stream], step.connection)
        await unit.decide(do, intent(step.store.name, step.trace))
        await step.store.append(unit, step.connection)
