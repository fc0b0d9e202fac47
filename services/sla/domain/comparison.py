"""What was and what would be: every clock of a set of tickets, as it was recorded and as a draft would have it.

Times are whole seconds of working time and percentiles are of the clocks that were met, by nearest rank: the p90 is
the time that at least nine in ten of them kept to.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

import msgspec

from services.sla.domain.clock import ClockJudged, State
from services.sla.domain.evidence import Adoption, Evidence
from services.sla.domain.fact import Fact
from services.sla.domain.judge import Run, judge
from services.sla.domain.rulebook import Library
from services.sla.domain.when import TRAITS, AppliesWhen, Traits, applies

GROUPS_AT_MOST = 200
CHANGES_AT_MOST = 100
"""So that a result stays one event of less than 256 KiB, whatever there is to tell."""

LONGEST = 2**32 - 1
"""Seconds that are told apart: 136 years."""

By = Literal["all", "level", "policy", "kind", "channel", "region"]
SAME: tuple[Literal["kind", "channel", "region"], ...] = ("kind", "channel", "region")
"""What a ticket is under whichever rules; level and policy are each side's own."""


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """Which clocks are compared: of these metrics, of these tickets, of tickets that are like this in the end.

    What is left empty leaves nothing out.
    """

    metrics: tuple[str, ...] = ()
    tickets: tuple[str, ...] = ()
    traits: AppliesWhen = {}


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """One clock under one set of rules, as at the instant of the comparison."""

    policy: str
    level: int
    state: State
    breached: bool
    target_seconds: int
    counted_seconds: float
    due_at: datetime | None


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A clock whose verdict is another under the draft; None where there was, or would be, no such clock."""

    ticket_id: str
    metric: str
    was: Verdict | None
    would_be: Verdict | None


class Tally(msgspec.Struct, frozen=True, kw_only=True):
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
    was: Tally
    would_be: Tally
    newly_breached: int
    no_longer_breached: int


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """The comparison. Groups: every metric's all first, then the largest; `left_out` says how many more there are.

    `changed` verdicts there are, the first of them in `changes`, by when their tickets were opened.
    """

    tickets: int
    groups: tuple[Group, ...]
    left_out: int
    changed: int
    changes: tuple[Change, ...]


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

    def tally(self) -> Tally:
        """The tally of the clocks so far."""
        ranked = sorted(self.seconds)
        names = ("clocks", "met_in_time", "met_late", "open", "cancelled", "breached")
        return Tally(
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


@dataclass
class Comparison:
    """Takes tickets one by one. `library` has the draft in force; open clocks are judged as at `as_of`."""

    library: Library
    filter: Filter
    as_of: datetime
    tickets: int = 0
    changed: int = 0
    changes: list[Change] = field(default_factory=list)
    pairs: defaultdict[Label, Pair] = field(default_factory=lambda: defaultdict(Pair))

    def add(self, ticket_id: str, facts: Sequence[Fact], recorded: Mapping[str, ClockJudged]) -> None:
        """One more ticket: all facts about it, and its clocks as recorded, by metric. Raises OutOfReach."""
        traits = known_of(facts)
        if not facts or not applies(traits, self.filter.traits):
            return
        self.tickets += 1
        adoption = Adoption(self.as_of, self.library.policies_in_force, self.library.calendars_in_force)
        evidence = Evidence(ticket_id, [adoption], facts)
        for metric in self._metrics(recorded):
            run = judge(self.library, evidence, metric, self.as_of)
            clock = recorded.get(metric)
            was = None if clock is None else _as_recorded(clock, self.as_of)
            self._compare(ticket_id, metric, traits, was, None if run is None else _as_judged(run))

    def result(self) -> Result:
        """What all tickets so far came to."""
        order = {label: number for number, label in enumerate(sorted(self.pairs, key=self._importance))}
        shown = list(order)[:GROUPS_AT_MOST]
        return Result(
            tickets=self.tickets,
            groups=tuple(_group(label, self.pairs[label]) for label in shown),
            left_out=len(order) - len(shown),
            changed=self.changed,
            changes=tuple(self.changes),
        )

    def _metrics(self, recorded: Mapping[str, ClockJudged]) -> Iterator[str]:
        book = self.library.rulebook(self.library.policies_in_force, self.library.calendars_in_force)
        for metric in dict.fromkeys((*book.metrics, *recorded)):
            if not self.filter.metrics or metric in self.filter.metrics:
                yield metric

    def _compare(
        self, ticket_id: str, metric: str, traits: Traits, was: Verdict | None, would_be: Verdict | None
    ) -> None:
        late, would_be_late = was is not None and was.breached, would_be is not None and would_be.breached
        if was is not None:
            for label in _labels(metric, was, traits):
                self.pairs[label].was.add(was)
                self.pairs[label].no_longer_breached += late and not would_be_late
        if would_be is not None:
            for label in _labels(metric, would_be, traits):
                self.pairs[label].would_be.add(would_be)
                self.pairs[label].newly_breached += would_be_late and not late
        if late != would_be_late:
            self.changed += 1
            if len(self.changes) < CHANGES_AT_MOST:
                self.changes.append(Change(ticket_id=ticket_id, metric=metric, was=was, would_be=would_be))

    def _importance(self, label: Label) -> tuple[bool, int, Label]:
        """Metrics as wholes first, then by size; what is equally large stands in the order of its name."""
        pair, (metric, by, value) = self.pairs[label], label
        return by != "all", -pair.was.how["clocks"] - pair.would_be.how["clocks"], (metric, by, value or "")


def known_of(facts: Iterable[Fact]) -> Traits:
    """What the facts tell of a ticket in the end."""
    traits: Traits = {}
    for fact in sorted(facts, key=lambda fact: fact.order):
        for trait, (event, name) in TRAITS.items():
            if fact.type == event and (value := fact.attributes.get(name)) is not None:
                traits[trait] = value
    return traits


def _labels(metric: str, verdict: Verdict, traits: Traits) -> Iterator[Label]:
    yield metric, "all", None
    yield metric, "level", str(verdict.level)
    yield metric, "policy", verdict.policy
    for trait in SAME:
        value = traits.get(trait)
        yield metric, trait, None if value is None else str(value)


def _as_recorded(clock: ClockJudged, as_of: datetime) -> Verdict:
    """As the clock stood; a breach that its timer was about to tell at `as_of` counts as told."""
    waits = clock.state == "running" and clock.next_at is not None and clock.next_at <= as_of
    overdue = waits and clock.due_at is not None and clock.due_at < as_of
    verdict = {name: getattr(clock, name) for name in Verdict.__struct_fields__}
    return Verdict(**verdict | {"breached": clock.breached or overdue})


def _as_judged(run: Run) -> Verdict:
    return Verdict(
        policy=run.clock.candidate.policy.name,
        level=run.level,
        state=run.state,
        breached=run.breached,
        target_seconds=run.target_seconds,
        counted_seconds=run.course.counted(run.since).total_seconds(),
        due_at=None if run.state == "paused" else run.deadline(run.since),
    )


def _group(label: Label, pair: Pair) -> Group:
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
