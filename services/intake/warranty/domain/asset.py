"""What was sold: an asset with its components, where it stood, and the days from which a warranty may run."""

from bisect import bisect_right
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from msgspec import Struct, field

from services.intake.warranty.domain.contract import Instant, Name

PartKind = Literal["original", "replacement", "expansion", "spare"]


class Card(Struct, frozen=True, forbid_unknown_fields=True):
    """A warranty card (保修卡): what is written on it, and since when it is on file."""

    number: Name | None = None
    start_date: date | None = None
    recorded_at: Instant | None = None


class Move(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The asset stands at another site from this instant on."""

    at: Instant
    to_site: Name | None = None
    site_timezone: str


class Repair(Struct, frozen=True, forbid_unknown_fields=True):
    """Days in repair, both inclusive. They lengthen nothing."""

    begin: date = field(name="from")
    end: date | None = field(name="to", default=None)


class Component(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of the asset. `replaced_on` is the day it was taken out, `replaces` the part that it was put in for."""

    id: Name
    component_class: Name = field(name="class")
    parent: Name | None = None
    serial: Name | None = None
    installed_on: date | None = None
    replaced_on: date | None = None
    supplied_by: Literal["us", "maker", "elsewhere"] = "us"
    kind: PartKind = "original"
    replaces: Name | None = None


class Asset(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An asset as it is on file. `site_timezone` is that of its first site."""

    model: Name | None = None
    components: tuple[Component, ...]
    acceptance_date: date | None = None
    completion_date: date | None = None
    card: Card | None = None
    moves: tuple[Move, ...] = ()
    site_timezone: str
    acceptance_recorded_at: Instant | None = None
    repairs: tuple[Repair, ...] = ()


class Sites:
    """Where an asset stood at any instant, as far as was known at `known_at`."""

    def __init__(self, asset: Asset, known_at: datetime | None) -> None:
        moves = [move for move in asset.moves if known_at is None or move.at <= known_at]
        moves.sort(key=_order)
        self._since = [move.at for move in moves]
        self._zones = [ZoneInfo(asset.site_timezone), *(ZoneInfo(move.site_timezone) for move in moves)]

    def day(self, at: datetime) -> date:
        """The calendar date at an instant, on the site of then."""
        return at.astimezone(self._zones[bisect_right(self._since, at)]).date()


def _order(move: Move) -> tuple[datetime, str, str]:
    # Of two at one instant the names decide: never the place in the list.
    return move.at, move.to_site or "", move.site_timezone
