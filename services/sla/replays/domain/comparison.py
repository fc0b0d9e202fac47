"""What was and what would be: every clock of a set of tickets, as it was recorded and as a draft would have it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

import msgspec

from services.sla.clocks.domain.clock import ClockJudged
from services.sla.clocks.domain.evidence import Adoption, Evidence
from services.sla.clocks.domain.judge import judge
from services.sla.policies.domain.fact import Fact
from services.sla.policies.domain.policy import Target
from services.sla.policies.domain.rulebook import Library, Rulebook
from services.sla.policies.domain.when import TOLD_BY, AppliesWhen, Traits, applies
from services.sla.replays.domain.findings import Findings
from services.sla.replays.domain.verdict import as_judged, as_recorded


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """Which clocks are compared: of these metrics, of these tickets, of tickets that are like this in the end.

    What is left empty leaves nothing out.
    """

    metrics: tuple[str, ...] = ()
    tickets: tuple[str, ...] = ()
    traits: AppliesWhen = {}


@dataclass
class Comparison:
    """Takes tickets one by one. `library` has the draft in force; open clocks are judged as at `as_of`."""

    library: Library
    filter: Filter
    as_of: datetime
    found: Findings = field(default_factory=Findings)

    def add(self, ticket_id: str, facts: Sequence[Fact], recorded: Mapping[str, ClockJudged]) -> None:
        """One more ticket: all facts about it, and its clocks as recorded, by metric. Raises OutOfReach."""
        traits = known_of(facts)
        if not facts or not applies(traits, self.filter.traits):
            return
        self.found.tickets += 1
        adoption = Adoption(self.as_of, self.library.policies_in_force, self.library.calendars_in_force)
        for metric in self._metrics(recorded):
            evidence = Evidence(ticket_id, [adoption], self._telling(metric, facts))
            run = judge(self.library, evidence, metric, self.as_of)
            clock = recorded.get(metric)
            was = None if clock is None else as_recorded(clock, self.as_of)
            self.found.add(ticket_id, metric, traits, was, None if run is None else as_judged(run))

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


def known_of(facts: Iterable[Fact]) -> Traits:
    """What the facts tell of a ticket in the end."""
    traits: Traits = {}
    for fact in sorted(facts, key=lambda fact: fact.order):
        for trait, name in TOLD_BY.get(fact.type, ()):
            if (value := fact.attributes.get(name)) is not None:
                traits[trait] = value
    return traits
