"""Events that 1, 2 and 4 workers of one service carry in a second: what each further process with `--role worker` adds.

The workers are there and share the lanes before anything is to be heard; then intake's relay sends all at once. It is
over when all of it is heard, and what the service records of it is sent.
"""

from collections.abc import AsyncIterator
from statistics import median
from time import perf_counter

from bench.comparison import Row
from bench.workers import HEADS, HEARD, SERVICE, Trial, on_trial
from bench.world import World
from demo.barrier import until

NUMBERS = (1, 2, 4)
ROUNDS = 3
TICKETS = 960
FLOOR, AIM = 0.7, 1.5
"""Of what one carries: on two threads of one core four only share it, and each has its own way to the database."""


async def carried(world: World) -> AsyncIterator[Row]:
    """Events a second of two workers, and of four, against one."""
    async with on_trial(world, "carried") as trial:
        rounds = [{number: await _rate(trial, number) for number in NUMBERS} for _ in range(ROUNDS)]
    parts = {f"{number} of {SERVICE}": median(rates[number] for rates in rounds) for number in NUMBERS}
    for number in NUMBERS[1:]:
        ratio = median(rates[number] / rates[1] for rates in rounds)
        yield Row(f"{number} workers of a service", "1 worker", ratio, FLOOR, AIM, ROUNDS, 0.0, parts, "events/s")


async def _rate(trial: Trial, number: int) -> float:
    """Events of intake that so many workers hear in a second."""
    with trial.workers(number):
        await trial.shared_by(number)
        await trial.open(TICKETS)
        heard = await trial.value(SERVICE, HEARD)
        seconds = await _seconds(trial)
        return (await trial.value(SERVICE, HEARD) - heard) / seconds


async def _seconds(trial: Trial) -> float:
    """From the first event that intake's relay seals until nothing waits."""
    sealed = await trial.value("intake", HEADS)

    async def idle() -> str | None:
        return None if await trial.value("intake", HEADS) > sealed else "nothing is sealed"

    with trial.sending():
        await until(idle, "the relay to begin")
        begun = perf_counter()
        await until(trial.behind, "everything to be heard")
        return perf_counter() - begun
