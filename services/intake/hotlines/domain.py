"""The department's hotlines (热线): one stream has them all, and its history says who changed what.

Who answers is a team or a place by its name, and no person: the events hold it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never, get_args
from uuid import NAMESPACE_URL, uuid5

import msgspec

from libs.events import Catalogue, Decider, Event, Refused, event

DEPARTMENT = str(uuid5(NAMESPACE_URL, "urn:aftercare:department:hotlines"))
"""The id of its one list."""
MOST = 100


class Hotline(msgspec.Struct, frozen=True, kw_only=True):
    """One of them. `region`: for customers there, None: for all; `hours` and `answered_by` in words."""

    id: str
    number: str
    region: str | None = None
    hours: str
    answered_by: str


@event("intake.HotlineKept")
class HotlineKept(Event, frozen=True, kw_only=True):
    """The department has a hotline, or what is other about it now."""

    hotline: Hotline


@event("intake.HotlineRemoved")
class HotlineRemoved(Event, frozen=True, kw_only=True):
    """Nobody is told to call it any more."""

    hotline_id: str
    number: str
    region: str | None = None


@dataclass(frozen=True, slots=True)
class KeepHotline:
    """Have a hotline; `known`: in the place of the one of its id."""

    hotline: Hotline
    known: bool = False


@dataclass(frozen=True, slots=True)
class RemoveHotline:
    hotline_id: str


HotlineCommand = KeepHotline | RemoveHotline
HotlineEvent = HotlineKept | HotlineRemoved


@dataclass(frozen=True, slots=True)
class Hotlines:
    """All that there are, in the order in which they were kept first."""

    lines: tuple[Hotline, ...] = ()

    def of(self, id: str) -> Hotline | None:
        return next((each for each in self.lines if each.id == id), None)

    def for_region(self, region: str | None) -> Hotline | None:
        """The first of the region's own, else the first that is for all; None where there is neither."""
        own = [each for each in self.lines if each.region is not None and each.region == region]
        return next(iter([*own, *(each for each in self.lines if each.region is None)]), None)


def decide(command: HotlineCommand, hotlines: Hotlines, at: datetime) -> Sequence[HotlineEvent]:
    """The events of a command; nothing where it changes nothing."""
    match command:
        case KeepHotline(hotline, known):
            _check(hotline, hotlines, known)
            return [] if hotlines.of(hotline.id) == hotline else [HotlineKept(hotline=hotline)]
        case RemoveHotline(id):
            found = hotlines.of(id)
            return [HotlineRemoved(hotline_id=id, number=found.number, region=found.region)] if found else []
        case _:
            assert_never(command)


def _check(hotline: Hotline, hotlines: Hotlines, known: bool) -> None:
    """Raises Refused for one that cannot be kept."""
    if known and hotlines.of(hotline.id) is None:
        raise Refused("unknown-hotline", "There is no hotline of this id.")
    if not known and len(hotlines.lines) >= MOST:
        raise Refused("too-many-hotlines", f"There are {MOST} hotlines: remove one first.")
    if any(_same(each, hotline) and each.id != hotline.id for each in hotlines.lines):
        raise Refused("hotline-taken", "This number is there for this region already.")


def _same(one: Hotline, other: Hotline) -> bool:
    digits = [[*filter(str.isdigit, each.number)] for each in (one, other)]
    return one.region == other.region and digits[0] == digits[1]


def evolve(hotlines: Hotlines, event: HotlineEvent) -> Hotlines:
    match event:
        case HotlineKept(hotline=kept):
            if hotlines.of(kept.id) is None:
                return replace(hotlines, lines=(*hotlines.lines, kept))
            return replace(hotlines, lines=tuple(kept if each.id == kept.id else each for each in hotlines.lines))
        case HotlineRemoved(hotline_id=id):
            return replace(hotlines, lines=tuple(each for each in hotlines.lines if each.id != id))
        case _:
            assert_never(event)


def status(hotlines: Hotlines) -> str:
    """One word for a command's answer."""
    return "kept"


hotlines: Decider[HotlineCommand, Hotlines, HotlineEvent] = Decider(
    "hotlines", Catalogue(*get_args(HotlineEvent)), Hotlines(), decide, evolve, status
)
