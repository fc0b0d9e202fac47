"""When everything that happened so far has arrived everywhere: outboxes empty, and positions where the heads are."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from demo.databases import Databases

FIRST_LOOK_SECONDS = 0.01
LOOKS_GROW_BY = 1.4
SLOWEST_LOOK_SECONDS = 0.05
PATIENCE_SECONDS = 120.0

WHERE_WE_ARE = """
SELECT 'waiting' AS what, '' AS source, ARRAY[(SELECT count(*) FROM outbox)] AS seqs
UNION ALL
SELECT 'heads', '', array_agg(coalesce((SELECT max(seq) FROM published WHERE lane = c.lane), 0) ORDER BY c.lane)
FROM cursor AS c
UNION ALL
SELECT 'positions', consumer || ' of ' || source, array_agg(seq ORDER BY lane) FROM position GROUP BY consumer, source
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
    """By service: rows waiting in the outbox; heads by lane; and by (service, source) positions by lane."""

    waiting: Mapping[str, int]
    heads: Mapping[str, Sequence[int]]
    positions: Mapping[tuple[str, str], Sequence[int]]

    def missing(self) -> list[str]:
        """What is not everywhere yet, one phrase each; empty when all has arrived."""
        hearing = {name for name, _ in self.positions}
        return [
            *(f"{rows} in {name}'s outbox" for name, rows in self.waiting.items() if rows),
            *(f"{name} does not listen yet" for name in self.waiting if name not in hearing),
            *(
                f"{name} is at {sum(seqs)} of {sum(self.heads[source])} from {source}"
                for (name, source), seqs in self.positions.items()
                if seqs != self.heads[source]
            ),
        ]


async def look(databases: Databases) -> Snapshot:
    """Where all services are, as seen from their databases."""
    waiting, heads, positions = {}, {}, {}
    for name, rows in (await databases.everywhere(WHERE_WE_ARE)).items():
        for what, source, seqs in rows:
            if what == "waiting":
                (waiting[name],) = seqs
            elif what == "heads":
                heads[name] = seqs
            else:
                positions[name, source.rpartition(" of ")[2]] = seqs
    return Snapshot(waiting, heads, positions)


async def until(
    missing: Callable[[], Awaitable[str | None]], what: str, first_look_seconds: float = FIRST_LOOK_SECONDS
) -> None:
    """Ask `missing`, ever more slowly, until it answers None; raises Stuck with its last answer after a long while."""
    give_up, pause = time.monotonic() + PATIENCE_SECONDS, first_look_seconds
    while (answer := await missing()) is not None:
        if time.monotonic() > give_up:
            raise Stuck(f"waited {PATIENCE_SECONDS:.0f} s for {what}: {answer}")
        await asyncio.sleep(pause)
        pause = min(pause * LOOKS_GROW_BY, SLOWEST_LOOK_SECONDS)
