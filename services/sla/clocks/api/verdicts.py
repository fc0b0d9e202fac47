"""Clocks judged anew from their tickets' histories, for what no row holds: ledgers, whose turn it was, what is left."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

from libs.chassis.http import Reads
from libs.events import AnyRecorded
from libs.events.database.connections import clock_now
from services.sla.clocks.domain.clocks import Clocks, clocks
from services.sla.clocks.domain.evaluation import Evaluation
from services.sla.clocks.domain.judge import judge
from services.sla.policies.domain.fact import Fact
from services.sla.policies.domain.shipped import LIBRARY

TICKETS_AT_ONCE = 20
"""Histories that one query reads, and that are decoded in one go, which nobody else should have to wait long for."""

Row = dict[str, Any]


class Judged(NamedTuple):
    """A clock's row, the run that it came to, and the facts that it rests on."""

    row: Row
    run: Evaluation
    facts: Sequence[Fact]


async def begin(reads: Reads) -> datetime:
    """Now by the database's clock, the rules brought up to date."""
    if reads.store.prepare is not None:
        await reads.store.prepare(reads.store.pool)
    return await clock_now(reads.store.pool)


def state_of(history: Sequence[AnyRecorded]) -> Clocks:
    """The clocks of a ticket, after its history."""
    return clocks.fold(recorded.event for recorded in history)


def run_of(state: Clocks, metric: str, at: datetime) -> Evaluation | None:
    """One clock as it is at `at`, whatever its timer has told so far; None before its start."""
    return judge(LIBRARY, state.evidence, metric, at)


async def judged(reads: Reads, rows: Sequence[Row], at: datetime) -> AsyncIterator[Judged]:
    """The clocks of these rows as they are at `at`, by ticket. Other requests get their turn after each ticket."""
    tickets = [list(group) for _, group in groupby(sorted(rows, key=_ticket), key=_ticket)]
    for first in range(0, len(tickets), TICKETS_AT_ONCE):
        batch = tickets[first : first + TICKETS_AT_ONCE]
        _, histories = await reads.store.load([clocks.stream(of[0]["ticket_id"]) for of in batch], reads.store.pool)
        for of in batch:
            state = state_of(histories[clocks.stream(of[0]["ticket_id"])])
            for row in of:
                run = run_of(state, row["metric"], at)
                if run is not None:
                    yield Judged(row, run, state.counted)
            await asyncio.sleep(0)


def _ticket(row: Row) -> str:
    ticket: str = row["ticket_id"]
    return ticket
