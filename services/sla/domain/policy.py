"""A policy: which clocks a ticket has, as data. A new rule is a new file, not new code.

`decode` refuses a policy that cannot work, with the place and the reason. A policy's `name` (its id and version)
stands on every clock that it started: published once, a version is never edited (decision 9).
"""

from collections.abc import Iterator
from functools import cached_property
from typing import Annotated

import msgspec

from services.sla.domain.calendar import Calendar
from services.sla.domain.fact import TELLING
from services.sla.domain.opening_hours import OpeningHours

FIELDS = {cls.type_name: cls.__struct_fields__ for cls in TELLING}

Title = dict[str, str]
"""What people read, by language tag: zh-CN, en."""


class LevelRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a ticket's fault level comes from: a field of an event, and what holds until it was heard."""

    event: str
    field: str
    until_then: int


class Target(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One clock: the events that start, stop, pause, resume, reopen and cancel it, and its seconds by fault level.

    `reopen` events set a met clock going again; the time it was met counts as a pause (decision 10). `warn_at` is the
    share of the target after which the warning is due. `sources` are the requirements that it serves.
    """

    metric: Annotated[str, msgspec.Meta(pattern="^[a-z][a-z0-9_]*$")]
    title: Title
    calendar: str
    start: tuple[str, ...]
    stop: tuple[str, ...]
    pause: tuple[str, ...] = ()
    resume: tuple[str, ...] = ()
    reopen: tuple[str, ...] = ()
    cancel: tuple[str, ...] = ()
    seconds: dict[int, Annotated[int, msgspec.Meta(gt=0)]]
    warn_at: Annotated[float, msgspec.Meta(gt=0, lt=1)]
    sources: tuple[str, ...] = ()
    note: str = ""

    @property
    def events(self) -> frozenset[str]:
        """The events that this clock listens to."""
        return frozenset(self.start + self.stop + self.pause + self.resume + self.reopen + self.cancel)


class Policy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, dict=True):
    """Targets, the calendars they count in, and where the level comes from. Raises ValueError if it cannot work."""

    id: str
    version: int
    title: Title
    level: LevelRule
    calendars: dict[str, OpeningHours]
    targets: tuple[Target, ...]

    def __post_init__(self) -> None:
        for flaw in self._flaws():
            raise ValueError(flaw)

    @property
    def name(self) -> str:
        """The id and the version: what a clock names."""
        return f"{self.id}/{self.version}"

    @property
    def events(self) -> frozenset[str]:
        """The type names that this policy listens to."""
        return frozenset({self.level.event}.union(*(target.events for target in self.targets)))

    def target(self, metric: str) -> Target:
        """The target of one metric. Raises LookupError."""
        return next(target for target in self.targets if target.metric == metric)

    def calendar(self, target: Target) -> Calendar:
        """The working time that a target counts in; compiled once."""
        return self._compiled[target.calendar]

    @cached_property
    def _compiled(self) -> dict[str, Calendar]:
        return {name: Calendar(hours) for name, hours in self.calendars.items()}

    def _flaws(self) -> Iterator[str]:
        if self.level.field not in FIELDS.get(self.level.event, ()):
            yield f"level: {self.level.event} with a field {self.level.field} is not known"
        metrics = [target.metric for target in self.targets]
        if not metrics or len(set(metrics)) < len(metrics):
            yield "targets: at least one, and one for each metric"
        for name, hours in self.calendars.items():
            if not any(hours.weekly_hours.values()):
                yield f"calendars.{name}: it has no weekly hours, so its clocks would never end"
            if "23:59" in (closes for day in hours.weekly_hours.values() for _, closes in day):
                yield f"calendars.{name}: intervals are half-open, so the day's end is 24:00, not 23:59"
        for target in self.targets:
            yield from (f"targets.{target.metric}: {flaw}" for flaw in self._flaws_of(target))

    def _flaws_of(self, target: Target) -> Iterator[str]:
        if target.calendar not in self.calendars:
            yield f"no calendar is called {target.calendar}"
        for unknown in sorted(target.events - FIELDS.keys()):
            yield f"no service tells {unknown}"
        if not target.start or not target.stop:
            yield "it needs an event that starts it and one that stops it"
        if set(target.start) & set(target.stop):
            yield "the same event cannot start and stop it"
        if bool(target.pause) != bool(target.resume):
            yield "what pauses it needs something to resume it, and the other way round"
        if self.level.until_then not in target.seconds:
            yield f"it needs seconds for level {self.level.until_then}, which holds until the fault is classified"


def decode(data: bytes | str) -> Policy:
    """A policy from its JSON. Raises ValueError with the place and the reason."""
    try:
        return msgspec.json.decode(data, type=Policy)
    except msgspec.MsgspecError as error:
        raise ValueError(str(error)) from error
