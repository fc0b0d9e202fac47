"""A comparison: ours against a peer, in one run, in alternating rounds, as a ratio of operations a second.

The machine's noise hits both sides of a round, so a ratio is the median of the rounds' ratios; beside it stands the CPU
time of an operation of ours, with everything that worked for it: this process, servers, PostgreSQL and Kafka.
"""

import gc
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter

import msgspec
import psutil

ROUNDS = 7

Side = Callable[[], Awaitable["Measured"]]
"""One round of one side."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A round: how many operations in how many seconds, with how much CPU. A latency is one operation in its time."""

    operations: float
    seconds: float
    cpu_seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Operations a second."""
        return self.operations / self.seconds


class Row(msgspec.Struct, frozen=True):
    """A line of the table and of latest.json. `floor` must be passed; `cpu_us` is of one operation of ours.

    `parts` are what one operation costs each process or database, in `unit`, where that is what was measured.
    `measured_at` and `revision` are empty for rows of before they were noted.
    """

    path: str
    against: str
    ratio: float
    floor: float
    aim: float
    rounds: int
    cpu_us: float
    parts: dict[str, float] = {}
    unit: str = ""
    measured_at: str = ""
    revision: str = ""

    @property
    def passes(self) -> bool:
        """Whether the ratio is at least the floor."""
        return self.ratio >= self.floor


@dataclass(frozen=True)
class Comparison:
    """What is compared, and what is demanded of it (`quality.md`)."""

    path: str
    against: str
    floor: float
    aim: float

    async def run(self, ours: Side, peer: Side, rounds: int = ROUNDS) -> Row:
        """Warm both sides with a round that does not count, then measure."""
        await ours()
        await peer()
        ratios, cpu = [], []
        for number in range(rounds):
            order: Sequence[Side] = (ours, peer) if number % 2 else (peer, ours)
            results = {side: await side() for side in order}
            ratios.append(results[ours].rate / results[peer].rate)
            cpu.append(results[ours].cpu_seconds / results[ours].operations * 1e6)
        return Row(self.path, self.against, median(ratios), self.floor, self.aim, rounds, median(cpu))


async def timed(operations: float, work: Awaitable[object]) -> Measured:
    """Do this work and measure it."""
    gc.collect()
    before, begun = cpu_seconds(), perf_counter()
    await work
    seconds = perf_counter() - begun
    return Measured(operations, seconds, cpu_seconds() - before)


def cpu_seconds() -> float:
    """CPU time so far of this process and everything it started."""
    total = 0.0
    for process in (psutil.Process(), *psutil.Process().children(recursive=True)):
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system
    return total
