"""What was and what would be: every clock of a set of tickets, as it was recorded and as a draft would have it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Literal

import msgspec

from services.sla.clocks.domain.clock import ClockJudged
from services.sla.clocks.domain.evidence import Adoption, Evidence
from services.sla.clocks.domain.judge import judge
from services.sla.policies.domain.fact import Fact
from services.sla.policies.domain.policy import Target
from services.sla.policies.domain.rulebook import Library, Rulebook
from services.sla.policies.domain.when import TOLD_BY, AppliesWhen, Traits, applies
from services.sla.replays.domain.summary import Group, Label, Pair, group
from services.sla.replays.domain.verdict import Verdict, as_judged, as_recorded

GROUPS_AT_MOST = 200
CHANGES_AT_MOST = 100
"""So that a result stays one event of less than 256 KiB, whatever there is to tell."""

SAME: tuple[Literal["kind", "channel", "region"], ...] = ("kind", "channel", "region")
"""What a ticket is under whichever rules; level and policy are each side's own."""


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """Which clocks are compared: of these metrics, of these tickets, of tickets that are like this in the end.

    What is left empty leaves nothing out.
    """

    metrics: tuple[str, ...] = ()
    tickets: tuple[str, ...] = ()
    traits: AppliesWhen = {}


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A clock whose verdict is another under the draft; None where there was, or would be, no such clock."""

    ticket_id: str
    metric: str
    was: Verdict | None
    would_be: Verdict | None


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
        for metric in self._metrics(recorded):
            evidence = Evidence(ticket_id, [adoption], self._telling(metric, facts))
            run = judge(self.library, evidence, metric, self.as_of)
            clock = recorded.get(metric)
            was = None if clock is None else as_recorded(clock, self.as_of)
            self._compare(ticket_id, metric, traits, was, None if run is None else as_judged(run))

    def result(self) -> Result:
        """What all tickets so far came to."""
        labels = sorted(self.pairs, key=self._importance)
        return Result(
            tickets=self.tickets,
            groups=tuple(group(label, self.pairs[label]) for label in labels[:GROUPS_AT_MOST]),
            left_out=max(0, len(labels) - GROUPS_AT_MOST),
            changed=self.changed,
            changes=tuple(self.changes),
        )

    @cached_property
    def _book(self) -> Rulebook:
        return self.library.rulebook(self.library.policies_in_force, self.library.calendars_in_force)

    @cached_property
    def _heard(self) -> dict[str, frozenset[str]]:
        """The events that can change a clock, for each metric of one target alone: with several, which of them is the
        strictest may also turn with time, and so with any fact."""
        targets: dict[str, list[Target]] = defaultdict(list)
        for policy in self._book.policies:
            for target in policy.targets:
                targets[target.metric].append(target)
        return {metric: only[0].events | self._always for metric, only in targets.items() if len(only) == 1}

    @cached_property
    def _always(self) -> frozenset[str]:
        """What tells a trait or a time zone."""
        own = [hours for policy in self._book.policies for hours in policy.calendars.values()]
        shared = [hours for _, hours in self._book.calendars.values()]
        zones = (hours.zone_from for hours in (*own, *shared) if not isinstance(hours, str))
        return frozenset(TOLD_BY).union(zone.event for zone in zones if zone is not None)

    def _telling(self, metric: str, facts: Sequence[Fact]) -> Sequence[Fact]:
        """The facts without those that a clock of the metric takes no notice of: judging costs as much as they are."""
        heard = self._heard.get(metric)
        return facts if heard is None else [fact for fact in facts if fact.type in heard]

    def _metrics(self, recorded: Mapping[str, ClockJudged]) -> Iterator[str]:
        for metric in dict.fromkeys((*self._book.metrics, *recorded)):
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
        for trait, name in TOLD_BY.get(fact.type, ()):
            if (value := fact.attributes.get(name)) is not None:
                traits[trait] = value
    return traits


def _labels(metric: str, verdict: Verdict, traits: Traits) -> Iterator[Label]:
    yield metric, "all", None
    yield metric, "level", str(verdict.level)
    yield metric, "policy", verdict.policy
    for trait in SAME:
        value = traits.get(trait)
        yield metric, trait, None if value is None else str(value)
