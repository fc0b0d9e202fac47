"""Runs incidents in time-lapse: window by window of virtual time, through the HTTP APIs.

    reach the window's end · send its commands · barrier · release · deadlines fire · barrier · next window

Empty time is jumped over, to the window of the next change in the log or of the next armed deadline. Commands of a
ticket go in the log's order, tickets side by side. A runner that is killed and started again on the same databases
sends the same commands with the same keys, which changes nothing.
"""

import asyncio
import heapq
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from demo.barrier import settled, until
from demo.clients import Apis
from demo.clock import VirtualClock
from demo.crew import Member, crew
from demo.databases import Databases
from demo.filing import put_on_file
from demo.incident_run import Engineer, IncidentRun, side_by_side
from demo.incidents import Incident
from demo.installed_base import InstalledBase
from demo.scenario import scenario
from deploy.devstack.badges import subject_of
from deploy.devstack.issuer.people import ENGINEERS

AT_ONCE = 24
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass
class Progress:
    """How far the run is: the instant reached, tickets opened, tickets that came to their end, commands answered."""

    at: datetime = EPOCH
    tickets: int = 0
    ended: int = 0
    commands: int = 0
    windows: int = 0


@dataclass
class Runner:
    """Runs incidents in windows of `window` virtual time; `tell` hears of every window."""

    apis: Apis
    databases: Databases
    clock: VirtualClock
    window: timedelta = timedelta(minutes=15)
    tell: Callable[[Progress], None] = field(default=lambda progress: None)
    progress: Progress = field(default_factory=Progress)

    async def run(self, incidents: Sequence[Incident]) -> datetime:
        """Run them to the end of the last change's window, which is the answer; raises what goes wrong at once."""
        runs = await self.runs_of(incidents)
        waiting = [(run.steps[0].at, number) for number, run in enumerate(runs)]
        heapq.heapify(waiting)
        end = self.progress.at = await self.clock.now()
        while waiting:
            end = await self._next_end(waiting[0][0])
            going_on = _up_to(waiting, end)
            await self._window(end, [runs[number] for number in going_on])
            for number in going_on:
                if (at := runs[number].next_at) is not None:
                    heapq.heappush(waiting, (at, number))
        return end

    async def runs_of(self, incidents: Sequence[Incident]) -> list[IncidentRun]:
        """The runs of the incidents, each with the engineers who go; asked for again, the same ones."""
        planned = crew([scenario(incident) for incident in incidents], partial(window_end, window=self.window))
        engineers = await self._register(_busiest_first(planned.values()), _regions(incidents))
        going: list[dict[int, Engineer]] = [{} for _ in incidents]
        for (run, step), member in planned.items():
            going[run][step] = engineers[member]
        on_file = await put_on_file(self.apis, InstalledBase.of(incidents))
        return [
            IncidentRun(incident, self.apis, own, on_file.named(incident))
            for incident, own in zip(incidents, going, strict=True)
        ]

    async def _register(self, members: Sequence[Member], regions: Mapping[str, str]) -> Mapping[Member, Engineer]:
        """All engineers, each with a login; the busiest ones' is that of people who can sign in on a phone."""
        turn = asyncio.Semaphore(AT_ONCE)

        async def one(number: int, member: Member) -> Engineer:
            person = ENGINEERS[number] if number < len(ENGINEERS) else None
            name = person.name if person else f"Engineer {member.number + 1} of {member.group}"
            body = {"name": name, "skills": [], "region": regions[member.group]}
            async with turn:
                return await self._engineer(number, person.username if person else f"engineer/{number}", body)

        async with asyncio.TaskGroup() as group:
            tasks = {member: group.create_task(one(number, member)) for number, member in enumerate(members)}
        return {member: task.result() for member, task in tasks.items()}

    async def _engineer(self, number: int, login: str, body: Mapping[str, Any]) -> Engineer:
        key = f"demo/engineer/{number}"
        id = (await self.apis.command("dispatch", "dispatcher", "/v1/engineers", key, body))["id"]
        bound = {"subject": subject_of(login)}
        await self.apis.command("dispatch", "dispatcher", f"/v1/engineers/{id}/binding", f"{key}/login", bound)
        return Engineer(id, login)

    async def _next_end(self, change_at: datetime) -> datetime:
        """The end of the next window in which something happens: a change, or a deadline that may fall due sooner."""
        due_at = await self.clock.next_due()
        return window_end(min(change_at, due_at or change_at), self.window)

    async def _window(self, end: datetime, runs: list[IncidentRun]) -> None:
        opened = sum(run.done == 0 for run in runs)
        await self.clock.reach(end)
        await side_by_side(runs, end, AT_ONCE)
        await settled(self.databases)
        await self._let_fire(end)
        self.progress.tickets += opened
        self.progress.ended += sum(run.next_at is None for run in runs)
        self._note(end)

    async def _let_fire(self, end: datetime) -> None:
        """Release the instant reached, and wait until what it made due has fired and arrived everywhere."""
        await self.clock.release(end)
        if not await self.clock.overdue():
            return
        await until(self._still_due, "due timers to fire")
        await settled(self.databases)

    async def _still_due(self) -> str | None:
        due = await self.clock.overdue()
        return f"{due} timers are due" if due else None

    def _note(self, end: datetime) -> None:
        progress = self.progress
        progress.at, progress.windows = end, progress.windows + 1
        progress.commands = len(self.apis.ledger)
        self.tell(progress)


def _busiest_first(going: Iterable[Member]) -> Sequence[Member]:
    """Each engineer once, by how often they are sent."""
    sent = Counter(going)
    return sorted(sent, key=lambda member: (-sent[member], member))


def _regions(incidents: Sequence[Incident]) -> Mapping[str, str]:
    """The region of each group: the country of its first change."""
    regions: dict[str, str] = {}
    for incident in incidents:
        for change in incident.events:
            regions.setdefault(change.group, change.country)
    return regions


def _up_to(waiting: list[tuple[datetime, int]], end: datetime) -> list[int]:
    """Take from the heap, and answer, the numbers whose instant is not after `end`."""
    numbers = []
    while waiting and waiting[0][0] <= end:
        numbers.append(heapq.heappop(waiting)[1])
    return numbers


def window_end(at: datetime, window: timedelta) -> datetime:
    """The end of the window that `at` lies in: the first line of the grid of whole windows that is not before it."""
    return EPOCH - (EPOCH - at) // window * window
