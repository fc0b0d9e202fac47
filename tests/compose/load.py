"""Work without a pause while an installation is struck: tickets live their lives, and one fault follows another."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence

from libs.services import EVENT_SERVICES
from tests.compose.installation import Installation
from tests.compose.keycloak import ENGINEERS, Badges
from tests.compose.people import engineer
from tests.faults.client import Clients, Unexpected
from tests.faults.environment import Observer
from tests.faults.faults import Fault, Struck
from tests.faults.journey import Journey
from tests.faults.ledger import Window
from tests.faults.run import Outcome

STARTED = time.monotonic()
Strike = Callable[[], Awaitable[None]]


class Load:
    """Journeys, one after the other for each engineer, until so many were begun and the last fault has struck."""

    def __init__(
        self, installation: Installation, clients: Clients, badges: Badges, seed: int, engineers: int = ENGINEERS
    ) -> None:
        self._clients, self._badges, self._seed, self._engineers = clients, badges, seed, engineers
        self._observer = Observer({name: installation.database("owner", name) for name in EVENT_SERVICES})
        self._struck: list[Struck] = []
        self._begun = self._done = 0
        self._quiet = False

    async def play(
        self, tickets: int, strikes: Sequence[tuple[Fault, Strike]], hinders: Callable[[Fault], frozenset[str]]
    ) -> Outcome:
        """Everything, until all has arrived or patience is over; `hinders` names whose commands a fault may delay."""
        try:
            engineers = [await engineer(self._clients, self._badges, self._seed, n) for n in range(self._engineers)]
            async with asyncio.TaskGroup() as group:
                for person in engineers:
                    group.create_task(self._live(person, tickets))
                await self._faults(tickets, strikes, hinders)
                self._quiet = True
            drained, left = await self._observer.drain()
        finally:
            await self._observer.close()
        return Outcome(self._done, self._clients.ledger, self._struck, drained, left)

    async def _live(self, person: tuple[str, str], tickets: int) -> None:
        while self._begun < tickets or not self._quiet:
            self._begun += 1
            try:
                await Journey(self._clients, self._seed, self._begun, person).live()
            except Unexpected as stuck:
                self._clients.ledger.unfinished.append(str(stuck))
            self._done += 1

    async def _faults(
        self, tickets: int, strikes: Sequence[tuple[Fault, Strike]], hinders: Callable[[Fault], frozenset[str]]
    ) -> None:
        for fault, strike in strikes:
            await self._reached(self._done + tickets // len(strikes))
            self._badges.renew()  # nobody issues any while there is no database
            begin, hit = time.monotonic(), self._clients.in_flight.total()
            try:
                await strike()
            except TimeoutError as late:
                self._clients.ledger.unfinished.append(f"{fault.kind} ({fault.target}): {late}")
            window = Window(begin, time.monotonic(), hinders(fault))
            self._struck.append(Struck(fault, window, f"{hit} commands" if hit else ""))
            tell(f"{fault.kind} ({fault.target}), hit {hit} commands; well after {window.end - window.begin:.1f} s")

    async def _reached(self, tickets: int) -> None:
        while self._done < tickets or not self._clients.in_flight.total():  # noqa: ASYNC110
            await asyncio.sleep(0.02)  # a figure to be reached: no event is worth it


def tell(words: str) -> None:
    """A line with the seconds since the start."""
    print(f"{time.monotonic() - STARTED:6.1f}  {words}", flush=True)
