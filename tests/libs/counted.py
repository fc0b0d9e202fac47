"""Whether a guard was reached: the kernel's own counters, before and after."""

from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import Counter


def total(counter: Counter) -> float:
    """A counter's value, over all its labels."""
    return sum(
        sample.value for metric in counter.collect() for sample in metric.samples if sample.name.endswith("_total")
    )


@contextmanager
def moves(counter: Counter, by: int | None = None) -> Iterator[None]:
    """The counter moves inside, by so much if that is given: the guard that it counts was reached."""
    before = total(counter)
    yield
    moved = total(counter) - before
    assert moved > 0 if by is None else moved == by, f"{counter} moved by {moved}, wanted {by or 'more than 0'}"
