"""A rulebook: the policies and shared calendars, each in one version, that a ticket's clocks go by.

`Library` holds every version that was ever published; a version never changes, so what was looked up once stays true.
Which are in force, and so given to new tickets, is the library's to say.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter

import msgspec

from libs.zones import ZONES
from services.sla.calendars.domain.live_calendar import LiveCalendar
from services.sla.policies.domain.fact import Fact
from services.sla.policies.domain.policy import Policy, SiteHours, Target
from services.sla.policies.domain.when import TRAITS

Names = tuple[str, ...]
"""Ids with versions: demo/1, cn-office/3."""


class UnknownRules(LookupError):
    """A policy or calendar of this name was never published here."""


@dataclass(frozen=True)
class Candidate:
    """A target that may be a clock's, with its policy and the calendar that it counts in for one ticket."""

    policy: Policy
    target: Target
    calendar_name: str
    calendar: LiveCalendar


@dataclass(frozen=True)
class Rulebook:
    """Policies, and the versions of the shared calendars that they count in, by id."""

    policies: tuple[Policy, ...]
    calendars: Mapping[str, tuple[str, SiteHours]]
    compiled: dict[tuple[str, str], LiveCalendar]

    @cached_property
    def metrics(self) -> tuple[str, ...]:
        """The metrics that the policies name, in their order."""
        return tuple(self.listens)

    @cached_property
    def listens(self) -> Mapping[str, frozenset[str]]:
        """By metric, the type names that can change its clock: what targets name, and what conditions and zones ask."""
        heard: dict[str, frozenset[str]] = {}
        for policy in self.policies:
            for target in policy.targets:
                traits = (*policy.applies_when, *target.applies_when)
                asked = {event for trait in traits for event in TRAITS[trait][0]}
                if target.by_level:
                    asked.update(TRAITS["level"][0])
                if (source := self._hours(policy, target)[1].zone_from) is not None:
                    asked.add(source.event)
                heard[target.metric] = heard.get(target.metric, frozenset()) | target.events | asked
        return heard

    def candidates(self, metric: str, facts: Iterable[Fact]) -> Iterator[Candidate]:
        """The targets of a metric, each in the calendar of the ticket that these facts are about."""
        for policy in self.policies:
            for target in policy.targets:
                if target.metric == metric:
                    name, hours = self._hours(policy, target)
                    yield Candidate(policy, target, name, self._compile(name, hours, _zone(hours, facts)))

    def _hours(self, policy: Policy, target: Target) -> tuple[str, SiteHours]:
        calendar = policy.calendars[target.calendar]
        if isinstance(calendar, SiteHours):
            return f"{policy.name}#{target.calendar}", calendar
        try:
            return self.calendars[calendar]
        except KeyError:
            raise UnknownRules(f"{policy.name} counts in the calendar {calendar}, which is not published") from None

    def _compile(self, name: str, hours: SiteHours, zone: str) -> LiveCalendar:
        if (name, zone) not in self.compiled:
            in_zone = hours if zone == hours.timezone else msgspec.structs.replace(hours, timezone=zone)
            self.compiled[name, zone] = LiveCalendar(in_zone)
        return self.compiled[name, zone]


@dataclass
class Library:
    """Every published version of policies and shared calendars, by name, and which of them new tickets are under."""

    policies: dict[str, Policy] = field(default_factory=dict)
    calendars: dict[str, SiteHours] = field(default_factory=dict)
    policies_in_force: Names = ()
    calendars_in_force: Names = ()
    _books: dict[tuple[Names, Names], Rulebook] = field(default_factory=dict)
    _compiled: dict[tuple[str, str], LiveCalendar] = field(default_factory=dict)

    def add(self, policies: Mapping[str, Policy], calendars: Mapping[str, SiteHours]) -> None:
        """Take published versions in, by name; nothing is in force by that."""
        self.policies.update(policies)
        self.calendars.update(calendars)
        self._books.clear()
        self._compiled.clear()

    def rulebook(self, policies: Names, calendars: Names) -> Rulebook:
        """The rulebook of these names. Raises UnknownRules."""
        key = policies, calendars
        if key not in self._books:
            try:
                shared = {name.partition("/")[0]: (name, self.calendars[name]) for name in calendars}
                chosen = tuple(self.policies[name] for name in policies)
            except KeyError as error:
                raise UnknownRules(f"{error.args[0]} was never published here") from None
            self._books[key] = Rulebook(chosen, shared, self._compiled)
        return self._books[key]


def _zone(hours: SiteHours, facts: Iterable[Fact]) -> str:
    """The zone that the ticket tells, where the calendar asks for it and it is one; else the calendar's own."""
    source = hours.zone_from
    if source is None:
        return hours.timezone
    # The first that happened, whatever arrived first.
    told = sorted((fact for fact in facts if fact.type == source.event), key=attrgetter("order"))
    zones = (zone for fact in told if (zone := fact.attributes.get(source.field)) in ZONES)
    return next(zones, hours.timezone)
