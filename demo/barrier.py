"""When everything that happened so far has arrived everywhere: outboxes empty, and positions where the heads are."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from demo.databases import Databases

FIRST_LOOK_SECONDS = 0.004
SLOWEST_LOOK_SECONDS = 0.05
PATIENCE_SECONDS = 120.0

WHERE_WE_ARE = """
SELECT 'waiting' AS what, '' AS source, 0 AS lane, count(*) AS seq FROM outbox
UNION ALL
SELECT 'head', '', lane, coalesce((SELECT max(seq) FROM published WHERE lane = c.lane), 0) FROM cursor AS c
UNION ALL
SELECT 'position', source, lane, min(seq) FROM position GROUP BY source, lane
"""


class Stuck(Exception):
    """Something does not arrive, or does not happen, for longer than anybody should wait."""


async def settled(databases: Databases) -> None:
    """Return when all has arrived, seen twice running; raises Stuck after PATIENCE_SECONDS, saying what is missing.

    Twice with the same heads, because the databases are not looked at in one instant: between two such looks nothing
    was on its way.
    """
    before: Snapshot | None = None

    async def quiet() -> str | None:
        nonlocal before
        now = await look(databases)
        missing = now.missing()
        twice, before = not missing and now == before, now
        return None if twice else ", ".join(missing) or "quiet once"

    await until(quiet, "the events to arrive")


@dataclass(frozen=True)
class Snapshot:
    """By service: rows waiting in the outbox; heads by (service, lane); positions by (service, source, lane)."""

    waiting: Mapping[str, int]
    heads: Mapping[tuple[str, int], int]
    positions: Mapping[tuple[str, str, int], int]

    def missing(self) -> list[str]:
        """What is not everywhere yet, one phrase each; empty when all has arrived."""
        unsealed = [f"{rows} in {name}'s outbox" for name, rows in self.waiting.items() if rows]
        behind = [
            f"{name} is at {seq} of {head} in lane {lane} of {source}"
            for (name, source, lane), seq in self.positions.items()
            if seq != (head := self.heads.get((source, lane), 0))
        ]
        return unsealed + behind


async def look(databases: Databases) -> Snapshot:
    """Where all services are, as seen from their databases."""
    waiting, heads, positions = {}, {}, {}
    for name, rows in (await databases.everywhere(WHERE_WE_ARE)).items():
        for what, source, lane, seq in rows:
            if what == "waiting":
                waiting[name] = seq
            elif what == "head":
                heads[name, lane] = seq
            else:
                positions[name, source, lane] = seq
    return Snapshot(waiting, heads, positions)


async def until(missing: Callable[[], Awaitable[str | None]], what: str, patience: float = PATIENCE_SECONDS) -> None:
    """Ask `missing`, ever more slowly, until it answers None; raises Stuck with its last answer after `patience` s."""
    give_up, pause = time.monotonic() + patience, FIRST_LOOK_SECONDS
    while (answer := await missing()) is not None:
        if time.monotonic() > give_up:
            raise Stuck(f"waited {patience:.0f} s for {what}: {answer}")
        await asyncio.sleep(pause)
        pause = min(pause * 1.3, SLOWEST_LOOK_SECONDS)
