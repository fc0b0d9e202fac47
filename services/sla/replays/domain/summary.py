"""Tallies: how the clocks of a group went, as it was and as it would be.

Times are whole seconds of working time and percentiles are of the clocks that were met, by nearest rank: the p90 is
the time that at least nine in ten of them kept to.
"""

from array import array
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import msgspec

from services.sla.replays.domain.verdict import Verdict

LONGEST = 2**32 - 1
"""Seconds that are told apart: 136 years."""

By = Literal["all", "level", "policy", "kind", "channel", "region"]


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """The clocks of a group by how they went. `breached` counts all that took longer than allowed, met or not."""

    clocks: int
    met_in_time: int
    met_late: int
    open: int
    cancelled: int
    breached: int
    p50: int | None
    p90: int | None
    p99: int | None
    max: int | None


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """The clocks of one metric, all or those that are alike in something; `value` is None where it is not known."""

    metric: str
    by: By
    value: str | None
    was: Summary
    would_be: Summary
    newly_breached: int
    no_longer_breached: int


@dataclass
class Count:
    """A tally as it grows: four bytes for a clock that was met."""

    how: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    seconds: "array[int]" = field(default_factory=lambda: array("I"))

    def add(self, verdict: Verdict) -> None:
        """One more clock."""
        self.how["clocks"] += 1
        self.how["breached"] += verdict.breached
        if verdict.state == "met":
            self.how["met_late" if verdict.breached else "met_in_time"] += 1
            self.seconds.append(min(round(verdict.counted_seconds), LONGEST))
        else:
            self.how["cancelled" if verdict.state == "cancelled" else "open"] += 1

    def tally(self) -> Summary:
        """The tally of the clocks so far."""
        ranked = sorted(self.seconds)
        names = ("clocks", "met_in_time", "met_late", "open", "cancelled", "breached")
        return Summary(
            **{name: self.how[name] for name in names},
            p50=_rank(ranked, 50),
            p90=_rank(ranked, 90),
            p99=_rank(ranked, 99),
            max=ranked[-1] if ranked else None,
        )


@dataclass
class Pair:
    """Both counts of a group, and the verdicts that change."""

    was: Count = field(default_factory=Count)
    would_be: Count = field(default_factory=Count)
    newly_breached: int = 0
    no_longer_breached: int = 0


Label = tuple[str, By, str | None]


def group(label: Label, pair: Pair) -> Group:
    """A group as it is told."""
    metric, by, value = label
    return Group(
        metric=metric,
        by=by,
        value=value,
        was=pair.was.tally(),
        would_be=pair.would_be.tally(),
        newly_breached=pair.newly_breached,
        no_longer_breached=pair.no_longer_breached,
    )


def _rank(ranked: Sequence[int], percent: int) -> int | None:
    return ranked[-(-percent * len(ranked) // 100) - 1] if ranked else None
