"""`python -m bench`: every row of the table, or those of one file (BENCH=append), and bench/results/latest.json.

Ends with status 1 when a ratio is below its floor; the results are written in any case. Rows that were not measured
stay; of those that no file has any more, a run of everything leaves none.
"""

import asyncio
import gc
import os
import sys
from collections.abc import AsyncIterator, Callable

import uvloop
from rich.console import Console
from rich.table import Table

from bench import latest
from bench.append import append
from bench.carried import carried
from bench.comparison import Row
from bench.console import console_pages
from bench.cost import cost
from bench.covered import covered
from bench.deadlines import deadlines
from bench.disk import disk
from bench.documents import documents
from bench.gateway import gateway
from bench.imports import imported
from bench.live import live
from bench.long_streams import long_streams
from bench.migrations import migrations
from bench.reaction import reaction
from bench.rebuild import rebuild
from bench.relay import relay
from bench.search import search
from bench.sla import sla
from bench.stream import stream
from bench.tickets import tickets
from bench.views import views
from bench.workers import workers
from bench.world import World, world

BENCHMARKS: dict[str, Callable[[World], AsyncIterator[Row]]] = {
    "append": append,
    "tickets": tickets,
    "stream": stream,
    "long": long_streams,
    "gateway": gateway,
    "live": live,
    "console": console_pages,
    "documents": documents,
    "relay": relay,
    "reaction": reaction,
    "views": views,
    "rebuild": rebuild,
    "search": search,
    "imports": imported,
    "covered": covered,
    "deadlines": deadlines,
    "sla": sla,
    "migrations": migrations,
    "cost": cost,
    "workers": workers,
    "carried": carried,
    "disk": disk,
}


async def run(names: list[str], console: Console) -> list[Row]:
    """Run these benchmarks one after the other."""
    rows: list[Row] = []
    standing, revision = latest.read(), latest.revision()
    async with world() as servers:
        for name in names:
            console.print(f"· {name}")
            async for row in BENCHMARKS[name](servers):
                rows.append(latest.stamped(row, revision))
                console.print(f"  {row.path}, against {row.against}: {row.ratio:.2f}")
                for part, value in row.parts.items():
                    console.print(f"    {part}: {value:.2f} {row.unit}")
            latest.write(latest.merged(standing, rows))
    if names == list(BENCHMARKS):
        latest.write(rows)
    return rows


def table(rows: list[Row]) -> Table:
    """The rows as they stand on screen: bigger is better."""
    shown = Table("path", "against", "ratio", "floor", "aim", "CPU µs", "", title="Ratios, bigger is better")
    for row in rows:
        verdict = "[red]below the floor" if not row.passes else "aim" if row.ratio >= row.aim else "passes"
        shown.add_row(
            row.path, row.against, f"{row.ratio:.2f}", f"{row.floor:g}", f"{row.aim:g}", f"{row.cpu_us:.0f}", verdict
        )
    return shown


def main() -> int:
    """Everything, or what BENCH names."""
    chosen = os.environ.get("BENCH", "")
    if chosen and chosen not in BENCHMARKS:
        print(f"BENCH={chosen}: there is {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    console = Console(width=None if sys.stdout.isatty() else 160)
    gc.freeze()  # as the services do once they have started; it serves both sides
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        rows = runner.run(run([chosen] if chosen else list(BENCHMARKS), console))
    console.print(table(rows))
    return 0 if all(row.passes for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
