"""The fault run itself: tickets live their lives while faults strike, then everything has to arrive."""

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from deploy.devstack.supervisor import Supervisor
from tests.faults.client import Clients, Unexpected
from tests.faults.environment import Backlog, Line, Observer, clients_of, database_urls
from tests.faults.faults import Fault, Injector, Struck
from tests.faults.journey import Journey
from tests.faults.ledger import Ledger
from tests.faults.phone import Phone, signed_in

AT_ONCE = 32
ALWAYS = 4
"""So many tickets are alive while a fault is on, however long it lasts: more are begun as these end."""
LIVE_LINE_SECONDS = 5.0
CATCH_UP_SECONDS = 15.0

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Outcome:
    """What a run left behind: the clients' ledger, the faults, and how long it took until all had arrived."""

    tickets: int
    ledger: Ledger
    struck: Sequence[Struck]
    drained: float
    left: Backlog | None


class Run:
    """`tickets` journeys, and a few more, in as many batches as there are faults; each fault strikes into a batch.

    Whoever begins while a phone is free has its engineer.
    """

    def __init__(
        self,
        running: Supervisor,
        line: Line,
        clients: Clients,
        phones: Sequence[Phone],
        tickets: int,
        seed: int,
        tell: Tell,
    ) -> None:
        self._clients = clients
        self._phones = list(phones)
        self._tickets = tickets
        self._seed = seed
        self._tell = tell
        self._observer = Observer(database_urls(running))
        self._injector = Injector(running, line, clients, self._observer, random.Random(f"{seed}/strikes"))
        self._places = asyncio.Semaphore(AT_ONCE)
        self._begun = self._done = 0

    async def play(self, faults: Sequence[Fault | None]) -> Outcome:
        """Everything, from the first command until all has arrived or patience is over; None: nothing strikes."""
        live = asyncio.create_task(self._live())
        try:
            async with asyncio.TaskGroup() as group:
                planned = 0
                for number, fault in enumerate(faults, 1):
                    before, until = self._begun, self._tickets * number // len(faults)
                    self._begin(group, until - planned)
                    planned = until
                    await self._caught_up(before - AT_ONCE)
                    if fault:
                        busy = group.create_task(self._keep_busy(group))
                        await self._strike(number, len(faults), fault)
                        busy.cancel()
            drained, left = await self._observer.drain()
        finally:
            live.cancel()
            await self._observer.close()
        return Outcome(self._done, self._clients.ledger, self._injector.struck, drained, left)

    def _begin(self, group: asyncio.TaskGroup, tickets: int) -> None:
        for _ in range(tickets):
            group.create_task(self._live_one(self._begun))
            self._begun += 1

    async def _keep_busy(self, group: asyncio.TaskGroup) -> None:
        """For ever: a fault that nobody works beside proves nothing."""
        while True:
            self._begin(group, ALWAYS - (self._begun - self._done))
            await asyncio.sleep(0.1)

    async def _caught_up(self, tickets: int) -> None:
        """Wait a while until so many have come to their end, so that the faults spread over the whole run."""
        give_up = time.monotonic() + CATCH_UP_SECONDS
        while self._done < tickets and time.monotonic() < give_up:  # noqa: ASYNC110
            await asyncio.sleep(0.1)  # a figure to be reached, and a few hundred of them: no event is worth it

    async def _strike(self, number: int, of: int, fault: Fault) -> None:
        struck = await self._injector.strike(fault)
        took = struck.window.end - struck.window.begin
        held = f" for {fault.seconds:.0f} s" if fault.seconds else ""
        self._tell(
            f"fault {number}/{of}: {fault.kind} ({fault.target}){held}, "
            f"hit {struck.hit or 'nothing'}; back after {took:.1f} s"
        )

    async def _live_one(self, number: int) -> None:
        async with self._places:
            phones = [self._phones.pop()] if self._phones else []
            try:
                await Journey(self._clients, self._seed, number, phone=phones[0] if phones else None).live()
            except Unexpected as stuck:
                self._clients.ledger.unfinished.append(str(stuck))
            self._phones += phones
        self._done += 1

    async def _live(self) -> None:
        while True:
            await asyncio.sleep(LIVE_LINE_SECONDS)
            ledger = self._clients.ledger
            self._tell(
                f"{self._done}/{max(self._tickets, self._begun)} tickets done, "
                f"{len(ledger.acknowledged):,} commands acknowledged, "
                f"{self._clients.in_flight.total()} in flight, {len(ledger.lost_connections)} connections lost"
            )


async def run(
    running: Supervisor, line: Line, tickets: int, faults: Sequence[Fault | None], seed: int, tell: Tell
) -> Outcome:
    """Play a run against what is running."""
    async with clients_of(running, random.Random(f"{seed}/clients")) as clients:
        phones = await signed_in(clients)
        return await Run(running, line, clients, phones, tickets, seed, tell).play(faults)
