"""Work on reassessments: open tickets are worked out again by the rules in force, batch by batch.

A batch's clocks and how far the order has come are one transaction, so a process that is killed loses and doubles
nothing; another process goes on. A ticket that cannot be judged is parked and passed over.
What falls due meanwhile is not kept waiting: it has timers of its own.
"""

import asyncio
import random
from datetime import datetime

import asyncpg
import msgspec
import structlog
from msgspec.structs import replace

from libs.events.database.connections import TRANSIENT, UNREACHABLE, Connection, fetch, savepoint, transact
from libs.events.decider import Story
from libs.events.errors import described
from libs.events.inbox.chore import EPIDEMIC_SECONDS, TRIES, Chore, Facts, Telling, carry_out
from libs.events.inbox.parking import Epidemic, Failure, park_chore
from libs.events.log.intent import Intent
from libs.events.log.store import Conflict, NewerLog, Store
from services.sla.clocks.domain.clocks import AdoptRules, clocks
from services.sla.publishing.view.reassessments import NEXT, ReassessmentRow, open_tickets, reassessment_table

log = structlog.get_logger(__name__)

KIND = "reassessment"
MOST = 50
"""Tickets of a batch: its transaction holds their timers for a tenth of a second."""

POLL_SECONDS = 0.5


PASS_OVER = "UPDATE reassessment SET reached = $2, seen = seen + 1 WHERE id = $1"


def intent(service: str, order: str, opened_at: datetime) -> Intent:
    """At the instant of the order, however busy the workers are: it is what the verdicts rest on."""
    return Intent(actor=f"service:{service}", occurred_at=opened_at, causation_id=order)


def telling(service: str) -> Telling:
    """The story of a ticket that was parked."""

    def tell(facts: Facts) -> tuple[Story, Intent]:
        opened_at = datetime.fromisoformat(facts["opened_at"])
        return _adopt(facts["ticket_id"], facts["by"]), intent(service, facts["order"], opened_at)

    return tell


def _adopt(ticket_id: str, by: str) -> Story:
    yield clocks.on(ticket_id, AdoptRules(by=by))


async def reassessments(store: Store) -> None:
    """Carry out what is ordered, for ever; a batch that raises is tried again with half as many, down to the ticket
    that does so alone. That one is parked, unless others were only in its way.
    """
    most, failures = MOST, 0
    while True:
        try:
            if not await carry_on(store, most):
                await asyncio.sleep(POLL_SECONDS)
            most, failures = min(MOST, 2 * most), 0
        except (Conflict, *TRANSIENT):
            most = max(1, most // 2)
        except (*UNREACHABLE, NewerLog) as error:
            log.warning("reassessments out of reach", service=store.name, error=described(error))
            await asyncio.sleep(1)  # what is out of reach is asked again, at ease
        except Exception:  # noqa: BLE001  # what is wrong shows when a ticket is tried alone
            failures = failures + 1 if most == 1 else 0
            most = max(1, most // 2)
            await asyncio.sleep(random.uniform(0, 0.02 * 2**failures))
            if failures >= TRIES:
                failures = 0
                await _pass_over(store)


async def _pass_over(store: Store) -> None:
    """Try the next ticket of the oldest order once more, park it if it raises, and move the order past it.

    In one transaction that holds the order: no other worker can have moved it to another ticket in between.
    """
    try:
        async with transact(store.pool) as connection:
            for record in await fetch(connection, NEXT):
                order = _order(record)
                for row in await fetch(connection, open_tickets(order.metric, order.ticket_ids, order.reached, 1)):
                    await _judge_or_park(store, connection, order, row["ticket_id"])
                    await connection.execute(PASS_OVER, order.id, row["ticket_id"])
    except Epidemic:
        await asyncio.sleep(EPIDEMIC_SECONDS)  # until it is mended, every ticket would be the next
    except (Conflict, NewerLog, *TRANSIENT, *UNREACHABLE) as error:
        log.warning("ticket could not be parked", service=store.name, error=described(error))


async def _judge_or_park(store: Store, connection: Connection, order: ReassessmentRow, id: str) -> None:
    facts = {"ticket_id": id, "by": order.ordered_by, "order": order.id, "opened_at": order.opened_at.isoformat()}
    try:
        async with savepoint(connection):
            await carry_out(store, connection, telling(store.name), facts)
    except (Conflict, NewerLog, *TRANSIENT, *UNREACHABLE):
        raise
    except Exception as error:  # noqa: BLE001  # whatever it is, the other tickets do not wait for it
        await park_chore(connection, store.name, Chore(KIND, clocks.stream(id), facts), Failure.of(error))


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
        at_order = intent(store.name, order.id, order.opened_at)
        changed = 0
        for id in ids:
            (decided,) = await unit.decide(clocks.on(id, AdoptRules(by=order.ordered_by)), at_order)
            changed += bool(decided.events)
            await asyncio.sleep(0)  # whoever asks this process something goes first
        unit.extra_rows.put(
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
