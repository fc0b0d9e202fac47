"""Disk of 1,000,000 tickets, table by table: what tickets of the demo leave, multiplied.

The demo's tickets are a real service desk's: some end with an answer, some after weeks with four visits. Its log has
7,554 of them, so this is an extrapolation: every table grows with tickets, and with nothing else that the demo has.
"""

import os
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path

from bench.comparison import Row
from bench.world import World
from demo import environment
from demo.databases import Databases
from demo.incidents import Incident, choose
from demo.runner import Runner, window_end
from deploy.devstack.folder import RunFolder

FEW, ALL = "100", "week"
"""The week's first ones; FULL=1: the whole week, 1,196."""
WINDOW = timedelta(minutes=60)
LIMIT_GB, FLOOR, AIM = 200.0, 0.8, 1.25
"""A bound of our own: nobody asked for one, and a ticket that takes a third more than today is to be noticed."""
SHOWN = 0.01
"""Tables that have less than a hundredth of all are one part."""
SIZES = """
SELECT relname, pg_total_relation_size(oid) FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
"""


async def disk(world: World) -> AsyncIterator[Row]:
    """Gigabytes of a million, indices included, after VACUUM."""
    incidents = choose(ALL if os.environ.get("FULL") == "1" else FEW)
    folder = RunFolder(world.folder.path / "disk", data="demo")
    start = window_end(incidents[0].events[0].at, WINDOW) - WINDOW
    with environment.everything(folder, start, lambda words: None, first_port=None) as running:
        log = running.stack.kafka.data / "log"
        async with environment.runner(running, WINDOW) as runner:
            used = await _used(runner, log, incidents)
    parts = {name: size / len(incidents) / 1e3 for name, size in _shown(used).items()}
    ratio = LIMIT_GB / sum(parts.values())
    path = f"disk of 1,000,000 tickets, from {len(incidents)}"
    yield Row(path, f"{LIMIT_GB:.0f} GB", ratio, FLOOR, AIM, 1, 0.0, parts, "GB")


async def _used(runner: Runner, log: Path, incidents: Sequence[Incident]) -> Mapping[str, float]:
    """Bytes that these leave, by table, and in Kafka's segments."""
    before = await _sizes(runner.databases, log)
    await runner.run(incidents)
    after = await _sizes(runner.databases, log)
    return {name: size - before.get(name, 0.0) for name, size in after.items()}


async def _sizes(databases: Databases, log: Path) -> dict[str, float]:
    """By table, as `sla.event`; what was deleted is free for whatever comes next."""
    await databases.everywhere("VACUUM")
    found = {
        f"{service}.{table}": float(size)
        for service, rows in (await databases.everywhere(SIZES)).items()
        for table, size in rows
    }
    return found | {"kafka": _segments(log)}


def _segments(log: Path) -> float:
    return float(sum(file.stat().st_size for file in log.rglob("*.log")))


def _shown(used: Mapping[str, float]) -> dict[str, float]:
    """The largest first; all small ones together."""
    least = SHOWN * sum(used.values())
    large = {name: size for name, size in used.items() if size >= least}
    return {
        **dict(sorted(large.items(), key=lambda one: -one[1])),
        "other tables": sum(used.values()) - sum(large.values()),
    }
