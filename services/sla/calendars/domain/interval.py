"""Intervals of real time: half-open [from, to) in microseconds since 1970 UTC, exact and fast to compare."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from operator import itemgetter

Interval = tuple[int, int]
FIRST, LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY = 86_400
"""Seconds of a day without a clock change."""


def microseconds(at: datetime) -> int:
    """An aware instant in whole microseconds since 1970 UTC."""
    return steps(at - EPOCH)


def instant(since: int) -> datetime:
    """The same back, in UTC. Raises OverflowError beyond the years that dates have."""
    return EPOCH + length(since)


def utc(at: datetime) -> datetime:
    """An aware instant in UTC; one whose offset takes it beyond the years that dates have becomes the last of them."""
    try:
        return at.astimezone(UTC)
    except OverflowError:
        return FIRST if at.year == 1 else LAST


def steps(length: timedelta) -> int:
    """A length in whole microseconds: twice as fast as dividing it by one."""
    return (length.days * DAY + length.seconds) * 1_000_000 + length.microseconds


def length(steps: int) -> timedelta:
    """The same back: twice as fast as naming microseconds."""
    return timedelta(0, steps // 1_000_000, steps % 1_000_000)


def interval(start: datetime, end: datetime) -> Interval:
    """[start, end) in microseconds. Raises ValueError if it ends before it begins."""
    if end < start:
        raise ValueError(f"an interval ends before it begins: {start.isoformat()} to {end.isoformat()}")
    return microseconds(start), microseconds(end)


def union(intervals: Iterable[Interval]) -> list[Interval]:
    """The same time as few intervals as it takes, in order, touching ones joined, empty ones left out."""
    merged: list[Interval] = []
    for begin, end in sorted(intervals):
        if merged and begin <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        elif begin < end:
            merged.append((begin, end))
    return merged


def without(intervals: Iterable[Interval], closed: list[Interval]) -> Iterator[Interval]:
    """The intervals less the time in `closed`; both are unions."""
    for opens, end in intervals:
        begin = opens
        for shut, reopened in meeting(closed, (opens, end)):
            if begin < shut:
                yield begin, shut
            begin = reopened
        if begin < end:
            yield begin, end


def meeting(merged: list[Interval], span: Interval) -> list[Interval]:
    """Those of a union that share time with the span: found by bisection, however many there are."""
    first = bisect_right(merged, span[0], key=itemgetter(1))
    return merged[first : bisect_left(merged, span[1], first, key=itemgetter(0))]
