"""Jobs at work: one transaction a step, so that a process that is killed loses that step, and doubles nothing.

A worker takes the oldest job of its kind that nobody is at, and writes how far it is beside what the step did. There is
no lease and no owner: whoever holds the row of its progress works on it, until the transaction ends one way or another.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from time import time_ns
from typing import Any

import structlog

from libs.events.background.held_job import CLAIM, HeldJob, intent
from libs.events.background.job import Fail
from libs.events.background.job_kind import AnyKind, Hopeless, Moved, Step
from libs.events.database.connections import TRANSIENT, UNREACHABLE, Connection, savepoint, transact
from libs.events.database.outage import Outage
from libs.events.errors import traced
from libs.events.inbox.chore import EPIDEMIC_SECONDS, TRIES
from libs.events.inbox.parking import Epidemic
from libs.events.log.store import Conflict, NewerLog, Store
from libs.events.metrics import HALVED, JOB_DEFECTS
from libs.events.spans import Tracer, begun, job_step

log = structlog.get_logger(__name__)

POLL_SECONDS = 0.5
"""Nobody waits for the very second."""

LATER = (Conflict, NewerLog, *TRANSIENT, *UNREACHABLE)

LOOK = "SELECT EXISTS (SELECT FROM {jobs} WHERE status = 'requested')"
TAKE_UP = """
INSERT INTO job_progress (id, kind)
SELECT id, $1 FROM {jobs} AS j
WHERE status = 'requested' AND NOT EXISTS (SELECT FROM job_progress AS p WHERE p.id = j.id)
ORDER BY requested_at, id LIMIT 1
ON CONFLICT DO NOTHING
"""
SWEEP = "DELETE FROM job_part USING {jobs} AS j WHERE job_id = j.id AND j.status <> 'requested'"
"""Of what was cancelled, or failed, in the middle."""


class Jobs:
    """One worker of one kind; any number of processes may have one."""

    def __init__(self, store: Store, kind: AnyKind, tracer: Tracer | None = None) -> None:
        self.store, self.kind, self.tracer = store, kind, tracer
        statements = (sql.format(jobs=kind.view.table.name) for sql in (LOOK, TAKE_UP, CLAIM, SWEEP))
        self._look, self._take_up, self._claim, self._sweep = statements
        self._id = ""
        self._rest = 0.0
        self._failures = 0

    async def run(self) -> None:
        """Carry out what is asked for, for ever. A step that raises is tried again with half as many items, down to
        the one that does so alone: the kind says whether it is passed over, or the job fails.
        """
        outage = Outage("jobs out of reach", service=self.store.name, kind=self.kind.name)
        most = self.kind.most
        while True:
            async with outage.ridden_out(Exception):  # timers are in the same process: it outlives whatever a job does
                most = await self._turn(most)
                outage.over()

    async def step(self, most: int | None = None) -> bool:
        """Take the next step of the oldest job that nobody is at; False when there is none.

        Whatever it raises, nothing is done.
        """
        if not await self.store.pool.fetchval(self._look):
            self.kind.let_go()
            await self.store.pool.execute(self._sweep)
            return False
        if await self._carry_on(most or self.kind.most, self.kind.step):
            return True
        taken_up = await self.store.pool.execute(self._take_up, self.kind.name)
        return taken_up != "INSERT 0 0" and await self.step(most)

    async def _carry_on(self, most: int, work: Callable[[Step[Any, Any]], Awaitable[Moved[Any]]]) -> bool:
        """The oldest job that nobody is at, held while this is done with its next step; whether there is one."""
        began = time_ns()
        async with transact(self.store.pool) as connection:
            if (job := await self._hold(connection, most)) is None:
                return False
            moved = await work(job.step)
            await job.move(moved)
            self._rest = moved.rest_seconds
        if self.tracer is not None and (at := job.step.trace) is not None and at.sampled:
            self.tracer.record(job_step(self.kind.name, self._id, at, began, job.asked))
        return True

    async def _turn(self, most: int) -> int:
        """One step and its rest: how many items to take the next time."""
        try:
            worked = await self.step(most)
        except (Conflict, *TRANSIENT):
            return max(1, most // 2)
        except (NewerLog, *UNREACHABLE):
            raise
        except Hopeless as error:
            await self._fail(error)
            return self.kind.most
        except Exception:  # noqa: BLE001  # what is wrong shows when an item is tried alone
            HALVED.inc()
            return await self._narrow(most)
        self._failures = 0
        await asyncio.sleep(self._rest if worked else POLL_SECONDS)
        return min(self.kind.most, 2 * most)

    async def _narrow(self, most: int) -> int:
        """An error of many items says nothing; one that repeats with one alone is that item's."""
        if most > 1:
            self._failures = 0
            return most // 2
        self._failures += 1
        if self._failures < TRIES:
            await asyncio.sleep(random.uniform(0, 0.02 * 2**self._failures))
        else:
            self._failures = 0
            await self._pass_over()
        return 1

    async def _pass_over(self) -> None:
        """Try the next item once more, and leave it out if it raises, or fail the job.

        In one transaction that holds the job: no other worker can have moved it to another item in between.
        """
        try:
            await self._carry_on(1, self._try_once_more)
        except LATER:
            raise
        except Epidemic:
            await asyncio.sleep(EPIDEMIC_SECONDS)  # until it is mended, every item would be the next
        except Exception as error:  # noqa: BLE001  # it ends its job, and not the worker
            await self._fail(error)

    async def _try_once_more(self, step: Step[Any, Any]) -> Moved[Any]:
        try:
            async with savepoint(step.connection):
                return await self.kind.step(step)
        except LATER:
            raise
        except Exception as error:  # noqa: BLE001  # whatever it is, the kind says what becomes of it
            return await self.kind.pass_over(step, error)

    async def _hold(self, connection: Connection, most: int) -> HeldJob | None:
        """The oldest job that nobody is at."""
        row = await connection.fetchrow(self._claim)
        if row is None:
            return None
        self._id = row["id"]
        job = await HeldJob.of(self.kind, self.store, connection, row, most)
        return job if job is None or self.tracer is None else job.within(begun(self.tracer))

    async def _fail(self, error: Exception) -> None:
        if not isinstance(error, Hopeless):
            JOB_DEFECTS.labels(self.kind.name).inc()
            log.error("job failed", kind=self.kind.name, job=self._id, error=traced(error))
        reason = str(error) if isinstance(error, Hopeless) else f"a defect: {type(error).__name__}"
        await self.store.run(self.kind.decider.on(self._id, Fail(reason)), intent(self.store.name))
