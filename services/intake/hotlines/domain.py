"""The department's hotlines (热线): a small list, whose history says who changed what.

Who answers is a team or a place by its name, and no person: the events hold it.
"""

from collections.abc import Sequence
from typing import get_args

import msgspec

from libs.events import Catalogue, Event, Refused, event
from libs.events.kept_list import Bounds, KeptDecider, KeptList, Refusal, of_department

DEPARTMENT = of_department("hotlines")
"""The id of its one list."""
MOST = 100
BOUNDS = Bounds(
    MOST,
    Refusal("too-many-hotlines", f"There are {MOST} hotlines: remove one first."),
    Refusal("unknown-hotline", "There is no hotline of this id."),
)


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


HotlineEvent = HotlineKept | HotlineRemoved


def for_region(hotlines: Sequence[Hotline], region: str | None) -> Hotline | None:
    """The first of the region's own, else the first that is for all; None where there is neither."""
    own = [each for each in hotlines if each.region is not None and each.region == region]
    return next(iter([*own, *(each for each in hotlines if each.region is None)]), None)


def kept(hotline: Hotline) -> HotlineKept:
    return HotlineKept(hotline=hotline)


def removed(hotline: Hotline) -> HotlineRemoved:
    return HotlineRemoved(hotline_id=hotline.id, number=hotline.number, region=hotline.region)


def change(event: HotlineEvent) -> Hotline | str:
    return event.hotline if isinstance(event, HotlineKept) else event.hotline_id


def check(hotline: Hotline, others: Sequence[Hotline]) -> None:
    """Raises Refused for a number that its region has, however it is written."""
    if any(each.region == hotline.region and _digits(each) == _digits(hotline) for each in others):
        raise Refused("hotline-taken", "This number is there for this region already.")


def _digits(hotline: Hotline) -> str:
    return "".join(filter(str.isdigit, hotline.number))


hotlines: KeptDecider[Hotline] = KeptList(BOUNDS, kept, removed, change, check).decider(
    "hotlines", Catalogue(*get_args(HotlineEvent))
)
