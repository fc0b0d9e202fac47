"""A policy: which clocks a ticket has, as data. A new rule is a new document, not new code.

`decode` refuses a policy that cannot work, with every place and reason. A policy's `name` (its id and version) stands
on every clock that it started: published once, a version is never edited (ADR 19.9).
"""

from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Literal

import msgspec

from services.sla.calendars.domain.count_from import CountFrom
from services.sla.calendars.domain.opening_hours import OpeningHours
from services.sla.policies.domain.duration import Duration
from services.sla.policies.domain.fact import LAST
from services.sla.policies.domain.hours_flaws import hours_flaws
from services.sla.policies.domain.when import EVENTS, AppliesWhen, Flaw, When, Whens, trait_flaws

Id = Annotated[str, msgspec.Meta(pattern="^[a-z][a-z0-9-]{0,39}$")]
Metric = Annotated[str, msgspec.Meta(pattern="^[a-z][a-z0-9_]{0,39}$")]
Level = Annotated[int, msgspec.Meta(ge=1, le=4)]
Title = dict[
    Annotated[str, msgspec.Meta(max_length=20)],
    Annotated[str, msgspec.Meta(min_length=1, max_length=200, extra_json_schema={"format": "name"})],
]
"""What people read, by language tag: zh-CN, en."""
Note = Annotated[str, msgspec.Meta(extra_json_schema={"maxLength": 4000, "format": "words"})]
Source = Annotated[str, msgspec.Meta(extra_json_schema={"maxLength": 60, "format": "label"})]
"""Looked at where somebody writes them (words.py of the api): what was written before stays."""

OnChange = Literal["retroactive", "from_now", "keep_share"]
Reopening = Literal["resume", "new_cycle"]

EARLY, LATE = 0, 9
STAGES = {"intake": 1, "triage": 2, "dispatch": 3, "survey": 4}
EDGES = {"intake.TicketOpened": EARLY, "intake.TicketClosed": LATE}
"""Where in a ticket's life an event belongs: within a stage things repeat, stages themselves do not change places."""


class Flawed(ValueError):
    """A document that cannot work: `flaws` are the places and the reasons."""

    def __init__(self, flaws: list[Flaw]) -> None:
        super().__init__("; ".join(f"{place}: {reason}" for place, reason in flaws))
        self.flaws = flaws


class Zone(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The event and the field with a ticket's own time zone; without it the calendar's own zone holds (ADR 19.13)."""

    event: str
    field: str


class SiteHours(OpeningHours, frozen=True, kw_only=True, forbid_unknown_fields=True, dict=True):
    """The opening hours that clocks count in, perhaps in the time zone of the ticket's site instead of their own."""

    zone_from: Zone | None = None


class Target(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, dict=True):
    """One clock: what starts, stops, pauses, resumes, reopens and cancels it, and how long it may take.

    `within` is the time allowed, `by_level` overrides it for a level; without either the target is not for that level.
    `count_from` says from which date its business days are counted.
    `reopening` says whether a `reopen` event sets a met clock going again, the time it was met being a pause
    (ADR 19.10), or begins a new cycle, as it also does later than `resume_within` after it was met. Pauses count up to
    `pause_at_most` of working time. `on_change` says what a new level or policy in mid-flight means: worked out again
    from the start, the new time from now, or the same share used up. `warn_at` is the share after which the warning is
    due. `sources` are the requirements that it serves.
    """

    metric: Metric
    title: Title
    calendar: str
    applies_when: AppliesWhen = {}
    start: Whens
    stop: Whens
    pause: Whens = ()
    resume: Whens = ()
    reopen: Whens = ()
    cancel: Whens = ()
    within: Duration | None = None
    by_level: dict[Level, Duration] = {}
    count_from: CountFrom = "next_business_day"
    warn_at: Annotated[float, msgspec.Meta(gt=0, lt=1)] = 0.75
    reopening: Reopening = "resume"
    resume_within: Duration | None = None
    pause_at_most: Duration | None = None
    on_change: OnChange = "retroactive"
    sources: tuple[Source, ...] = ()
    note: Note = ""

    def allowed(self, level: int) -> Duration | None:
        """The time that a fault of this level may take; None where the target is not for it."""
        return self.by_level.get(level, self.within)

    @property
    def durations(self) -> Iterator[tuple[str, Duration]]:
        """The times that it allows, and their places: within, by_level.1."""
        if self.within is not None:
            yield "within", self.within
        yield from ((f"by_level.{level}", duration) for level, duration in self.by_level.items())

    @cached_property
    def whens(self) -> dict[str, tuple[When, ...]]:
        """What each role listens to, by role."""
        roles = ("start", "stop", "pause", "resume", "reopen", "cancel")
        return {role: tuple(map(_when, getattr(self, role))) for role in roles}

    @cached_property
    def events(self) -> frozenset[str]:
        """The type names that this clock listens to."""
        return LAST.union(when.event for whens in self.whens.values() for when in whens)

    @cached_property
    def chained(self) -> bool:
        """Whether it starts in mid-life: what stopped it before its start was for something earlier."""
        return all(when.event != "intake.TicketOpened" for when in self.whens["start"])

    def flaws(self) -> Iterator[Flaw]:
        """Why it cannot work."""
        for role, whens in self.whens.items():
            for number, when in enumerate(whens):
                yield from ((f"{role}[{number}].{place}", reason) for place, reason in when.flaws())
        yield from ((f"applies_when.{place}", reason) for place, reason in trait_flaws(self.applies_when))
        yield from self._flaws_of_times()
        if not self.start:
            yield "start", "it needs an event that starts it"
        if not self.stop:
            yield "stop", "it needs an event that stops it"
        if bool(self.pause) != bool(self.resume):
            yield "resume" if self.pause else "pause", "what pauses it needs something to resume it, and the other way"
        if any(when in self.whens["stop"] for when in self.whens["start"]):
            yield "stop", "the same event cannot start and stop it"
        elif self.start and self.stop and _latest(self.whens["stop"]) < _earliest(self.whens["start"]):
            yield "stop", "nothing that stops it can happen after what starts it"

    def _flaws_of_times(self) -> Iterator[Flaw]:
        if self.within is None and not self.by_level:
            yield "within", "it needs the time allowed, for all levels (within) or by level (by_level)"
        if any(0 < one.seconds * self.warn_at < 1 for _, one in self.durations):
            yield "warn_at", "the warning rounds to nothing: it would come as the clock starts"
        units = {one.unit for _, one in self.durations}
        if self.count_from != "next_business_day" and units and "business_days" not in units:
            yield "count_from", "it says how business days are counted, and no time allowed here is in business days"


class Policy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, dict=True):
    """Targets and the calendars they count in: of its own, or shared ones by their id. `decode` makes it."""

    id: Id
    version: Annotated[int, msgspec.Meta(ge=1)] = 1
    title: Title
    note: Note = ""
    level_until_classified: Level = 3
    applies_when: AppliesWhen = {}
    calendars: dict[Id, SiteHours | Id]
    targets: tuple[Target, ...]

    @property
    def name(self) -> str:
        """The id and the version: what a clock names."""
        return f"{self.id}/{self.version}"

    @cached_property
    def events(self) -> frozenset[str]:
        """The type names that its targets listen to."""
        return frozenset[str]().union(*(target.events for target in self.targets))

    @property
    def shared_calendars(self) -> frozenset[str]:
        """The ids of the shared calendars that it counts in."""
        return frozenset(calendar for calendar in self.calendars.values() if isinstance(calendar, str))

    def flaws(self) -> Iterator[Flaw]:
        """Why it cannot work: places and reasons."""
        yield from ((f"applies_when.{place}", reason) for place, reason in trait_flaws(self.applies_when))
        for name, calendar in self.calendars.items():
            if isinstance(calendar, SiteHours):
                yield from ((f"calendars.{name}{place}", reason) for place, reason in calendar_flaws(calendar))
        if not self.targets:
            yield "targets", "it needs at least one target"
        for number, target in enumerate(self.targets):
            yield from ((f"targets[{number}].{place}", reason) for place, reason in target.flaws())
            if target.calendar not in self.calendars:
                yield f"targets[{number}].calendar", f"no calendar is called {target.calendar}"


def calendar_flaws(calendar: SiteHours) -> Iterator[Flaw]:
    """Why clocks cannot count in a calendar."""
    yield from hours_flaws(calendar)
    if calendar.zone_from is not None:
        if calendar.zone_from.event not in EVENTS:
            yield ".zone_from.event", f"no service tells {calendar.zone_from.event}"
        elif calendar.zone_from.field not in EVENTS[calendar.zone_from.event].__struct_fields__:
            yield ".zone_from.field", f"{calendar.zone_from.event} has no field {calendar.zone_from.field}"


def decode(data: bytes | str) -> Policy:
    """A policy from its JSON. Raises Flawed with every place and reason that is to be corrected."""
    try:
        policy = msgspec.json.decode(data, type=Policy)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise Flawed([placed(error)]) from error
    if flaws := list(policy.flaws()):
        raise Flawed(flaws)
    return policy


def placed(error: Exception) -> Flaw:
    """msgspec's sentence, such as "Expected `int` - at `$.targets[0].warn_at`", as a place and a reason."""
    reason, _, place = str(error).partition(" - at `")
    return place.rpartition("$")[2].rstrip("`").lstrip(".") or "document", reason


def _when(written: str | When) -> When:
    return When(written) if isinstance(written, str) else written


def _stage(when: When) -> int:
    return EDGES.get(when.event, STAGES.get(when.event.partition(".")[0], LATE))


def _earliest(whens: tuple[When, ...]) -> int:
    return min(map(_stage, whens))


def _latest(whens: tuple[When, ...]) -> int:
    return max(map(_stage, whens))
