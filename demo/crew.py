"""Who goes: for every assignment of a run an engineer of its group who is nowhere else at that time. Pure.

    crew([scenario(a), scenario(b)], end_of_window) == {(0, 3): Member("G1", 0), (1, 3): Member("G1", 1)}

An engineer is at one place at a time, and two tickets' commands of one window come in any order: so whoever is on site
in a window is so for one visit alone. Of a group's engineers the first who is free goes; a group has as many as its
busiest hour needs. A paused visit leaves its engineer free for others, until it is resumed.
"""

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

from demo.scenario import Step

FOREVER = datetime.max.replace(tzinfo=UTC)
"""The window of an end that the log does not show."""


class Member(NamedTuple):
    """An engineer of a group, who has others before them if `number` is not 0."""

    group: str
    number: int


Spell = tuple[datetime, datetime]
"""The first and the last window of a time on site, both included; a window goes by its end."""


@dataclass(slots=True)
class Turn:
    """An assignment, the step `index` of this run: its group, and when whoever is assigned is on site."""

    run: int
    index: int
    group: str
    at: datetime
    spells: list[Spell] = field(default_factory=list)


@dataclass(slots=True)
class Day:
    """When an engineer is on site; spells never overlap."""

    spells: list[Spell] = field(default_factory=list)

    def is_free(self, spells: Iterable[Spell]) -> bool:
        """Whether none of these overlaps one of the engineer's."""
        return all(self._is_free(first, last) for first, last in spells)

    def _is_free(self, first: datetime, last: datetime) -> bool:
        place = bisect_left(self.spells, (first, last))
        before, after = self.spells[max(place - 1, 0) : place], self.spells[place : place + 1]
        return all(end < first for _, end in before) and all(begin > last for begin, _ in after)

    def take(self, spells: Iterable[Spell]) -> None:
        """The engineer is on site then."""
        for spell in spells:
            insort(self.spells, spell)


def crew(runs: Sequence[Sequence[Step]], window: Callable[[datetime], datetime]) -> Mapping[tuple[int, int], Member]:
    """Who is assigned, by run and step; `window` gives the window that an instant lies in."""
    turns = [turn for run, steps in enumerate(runs) for turn in _turns(run, steps, window)]
    days: defaultdict[str, list[Day]] = defaultdict(list)
    return {
        (turn.run, turn.index): Member(turn.group, _first_free(days[turn.group], turn.spells))
        for turn in sorted(turns, key=lambda turn: (turn.at, turn.run, turn.index))
    }


def _first_free(days: list[Day], spells: Sequence[Spell]) -> int:
    number = next((number for number, day in enumerate(days) if day.is_free(spells)), len(days))
    if number == len(days):
        days.append(Day())
    days[number].take(spells)
    return number


def _turns(run: int, steps: Sequence[Step], window: Callable[[datetime], datetime]) -> Iterator[Turn]:
    """The assignments of one run, each with its spells; who is relieved on site leaves, and the next one is there."""
    turn: Turn | None = None
    since: datetime | None = None
    for index, step in enumerate(steps):
        now = window(step.at)
        if step.verb == "assignment":
            yield from _over(turn, since, now)
            turn = Turn(run, index, step.fields["group"], step.at)
            since = None if since is None else now
        elif step.verb in ("arrival", "resumption"):
            since = now
        elif step.verb in ("pause", "completion", "cancellation"):
            _close(turn, since, now)
            since = None
    yield from _over(turn, since, FOREVER)


def _over(turn: Turn | None, since: datetime | None, now: datetime) -> Iterator[Turn]:
    _close(turn, since, now)
    if turn is not None:
        yield turn


def _close(turn: Turn | None, since: datetime | None, now: datetime) -> None:
    """Add the spell, as one with the last if that ended in the same window."""
    if turn is None or since is None:
        return
    if turn.spells and turn.spells[-1][1] >= since:
        turn.spells[-1] = (turn.spells[-1][0], now)
    else:
        turn.spells.append((since, now))
