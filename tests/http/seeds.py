"""What stands in a service's database before it is tested: told to its inbox and deciders, not written to tables."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from uuid_utils import uuid7

from libs.chassis.running.service import Service
from libs.events import AboutTicket
from libs.events.contracts.intake.tickets import TicketOpened
from libs.events.database.connections import connect, transact
from libs.events.inbox import parking
from libs.events.inbox.inbox import Inbox
from libs.events.inbox.parking import Failure
from libs.events.log.intent import Intent
from libs.events.log.store import Store
from libs.events.log.unit import Work
from tests.mail import Mail


@dataclass
class SeededService:
    """A service's store and inbox in the test's own process."""

    store: Store
    inbox: Inbox | None
    mail: Mail

    async def tell(self, work: Work, intent: Intent | None = None) -> None:
        """Carry out a command or a story."""
        await self.store.run(work, intent or Intent())

    async def hear(self, *events: AboutTicket) -> None:
        """The service hears these events of the others, each once, in this order."""
        assert self.inbox is not None
        assert await self.inbox.take([self.mail.letter(event) for event in events]) == []

    async def park(self, *events: AboutTicket) -> list[str]:
        """These events are parked, as if they had been poison; their ids. They would take effect now."""
        letters = [self.mail.letter(event) for event in events]
        async with transact(self.store.pool) as connection:
            await parking.park(connection, self.store.name, letters, Failure("Poison: it was", "Poison at nowhere"))
        rows = await parking.listed(self.store.pool, limit=len(events))
        return [str(row.id) for row in rows]


@asynccontextmanager
async def seeding(service: Service, database_url: str) -> AsyncIterator[SeededService]:
    """A service with this database, in the test's own process."""
    pool = await connect(database_url, 2)
    store = service.store(pool)
    inbox = service.inbox(store)
    if inbox is not None:
        await inbox.open()
    try:
        yield SeededService(store, inbox, Mail())
    finally:
        await pool.close()


def ids(count: int) -> list[str]:
    """New ids, for tickets and what belongs to them."""
    return [str(uuid7()) for _ in range(count)]


def opened(ticket_id: str) -> TicketOpened:
    """A ticket was opened at intake."""
    return TicketOpened(
        ticket_id=ticket_id,
        number="WX20260302-0001",
        customer_id=ticket_id,
        channel="phone",
        kind="repair",
        urgency="normal",
        summary_id=ticket_id,
    )
