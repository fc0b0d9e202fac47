"""Work on reassessments: open tickets are worked out again by the rules in force, batch by batch.

A batch's clocks and how far the order has come are one transaction, so a process that is killed loses and doubles
nothing; another process goes on. What falls due meanwhile is not kept waiting: it has timers of its own.
"""

import asyncio

import asyncpg
import msgspec
import structlog
from msgspec.structs import replace

from libs.events.database import TRANSIENT, UNREACHABLE, fetch, transact
from libs.events.errors import described
from libs.events.intent import Intent
from libs.events.store import Conflict, Store
from services.sla.domain.clocks import AdoptRules, clocks
from services.sla.views.reassessments import NEXT, ReassessmentRow, open_tickets, reassessment_table

log = structlog.get_logger(__name__)

MOST = 50
"""Tickets of a batch: its transaction holds their timers for a tenth of a second."""

POLL_SECONDS = 0.5


async def reassessments(store: Store) -> None:
    """Carry out what is ordered, for ever; a batch that meets a conflict is tried again with half as many."""
    most = MOST
    while True:
        try:
            if not await carry_on(store, most):
                await asyncio.sleep(POLL_SECONDS)
            most = min(MOST, 2 * most)
        except (Conflict, *TRANSIENT):
            most = max(1, most // 2)
        except UNREACHABLE as error:
            log.warning("reassessments out of reach", service=store.name, error=described(error))
            await asyncio.sleep(1)  # what is out of reach is asked again, at ease


async def carry_on(store: Store, most: int = MOST) -> bool:
    """Work the next `most` tickets of the oldest order out again, in one transaction; False when nothing is ordered.

    Raises Conflict with nothing done.
    """
    async with transact(store.pool) as connection:
        waiting = await fetch(connection, NEXT)
        if not waiting:
            return False
        order = _order(waiting[0])
        tickets = await fetch(connection, open_tickets(order.metric, order.ticket_ids, order.reached, most))
        ids = [row["ticket_id"] for row in tickets]
        unit = await store.unit([clocks.stream(id) for id in ids], connection)
        # At the instant of the order, however busy the workers are: it is what the verdicts rest on.
        intent = Intent(actor=f"service:{store.name}", occurred_at=order.opened_at, causation_id=order.id)
        changed = 0
        for id in ids:
            (decided,) = await unit.tell(clocks.on(id, AdoptRules(by=order.ordered_by)), intent)
            changed += bool(decided.events)
            await asyncio.sleep(0)  # whoever asks this process something goes first
        unit.beside.put(
            reassessment_table,
            order.id,
            replace(
                order,
                seen=order.seen + len(ids),
                changed=order.changed + changed,
                reached=ids[-1] if ids else order.reached,
                finished_at=unit.now if len(ids) < most else None,
            ),
        )
        await store.append(unit, connection)
    return True


def _order(record: asyncpg.Record) -> ReassessmentRow:
    ticket_ids = record["ticket_ids"]
    return ReassessmentRow(**{**record, "ticket_ids": msgspec.json.decode(ticket_ids) if ticket_ids else None})
