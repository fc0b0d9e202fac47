"""Assets (设备, 装机): what a customer owns, part by part, where it stands, and which contracts cover it."""

from datetime import date
from typing import Annotated, Literal

import msgspec

from libs.events.event import Instant, Published, event

SuppliedBy = Literal["us", "maker", "elsewhere"]
PartKind = Literal["original", "replacement", "expansion", "spare"]
SoldAs = Literal["sold", "project", "leased", "loaned", "elsewhere"]

Model = Annotated[str, msgspec.Meta(examples=["KFR-35GW"])]
PartId = Annotated[str, msgspec.Meta(examples=["compressor-1"])]


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """Where an asset stands; the address is a text."""

    timezone: Annotated[str, msgspec.Meta(examples=["Asia/Shanghai"])]
    region: Annotated[str, msgspec.Meta(examples=["华东"])] | None = None
    address_id: str | None = None


class AssetPart(msgspec.Struct, frozen=True, kw_only=True):
    """A component. `replaced_on` is the day it was taken out, `replaces` the one that it was put in for."""

    id: PartId
    component_class: Annotated[str, msgspec.Meta(examples=["pump"])]
    parent: str | None = None
    serial: str | None = None
    installed_on: date | None = None
    replaced_on: date | None = None
    supplied_by: SuppliedBy = "us"
    kind: PartKind = "original"
    replaces: str | None = None


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """What a nameplate and a delivery note say of an asset. A serial of a maker stands once."""

    model: Model
    serial: str | None = None
    lot: str | None = None
    maker: str | None = None
    supplier: str | None = None
    sold_as: SoldAs = "sold"


class Days(msgspec.Struct, frozen=True, kw_only=True):
    """The days that a warranty may start from, as far as they are on file, and the warranty card's number."""

    acceptance_date: date | None = None
    completion_date: date | None = None
    card_number: str | None = None
    card_date: date | None = None


@event("intake.AssetInstalled")
class AssetInstalled(Published, frozen=True, kw_only=True):
    """An asset is on file: what it is, whose, where it stands, what it is made of, and under which contracts."""

    asset_id: str
    customer_id: str
    identity: Identity
    site: Site
    days: Days
    parts: list[AssetPart]
    contracts: list[str]


@event("intake.AssetDated")
class AssetDated(Published, frozen=True, kw_only=True):
    """Days that a warranty may start from became known, or were put right; these are all that are on file now."""

    asset_id: str
    days: Days


@event("intake.WarrantyCardIssued")
class WarrantyCardIssued(Published, frozen=True, kw_only=True):
    """The owner has a warranty card (保修卡) with this number; `card_date` is the day that stands on it."""

    asset_id: str
    number: str
    card_date: date


@event("intake.AssetCovered")
class AssetCovered(Published, frozen=True, kw_only=True):
    """The asset is under one more contract."""

    asset_id: str
    contract_id: str


@event("intake.AssetMoved")
class AssetMoved(Published, frozen=True, kw_only=True):
    """The asset stands at another site from `moved_at` on: its warranty goes with it."""

    asset_id: str
    moved_at: Instant
    site: Site


@event("intake.AssetReplaced")
class AssetReplaced(Published, frozen=True, kw_only=True):
    """A component of the asset was taken out on a day, and perhaps another one put in for it."""

    asset_id: str
    part_id: str
    taken_out_on: date
    by: AssetPart | None = None


@event("intake.AssetExpanded")
class AssetExpanded(Published, frozen=True, kw_only=True):
    """The asset has a further component, an expansion or a spare, bought here or elsewhere."""

    asset_id: str
    part: AssetPart


@event("intake.SpareUsed")
class SpareUsed(Published, frozen=True, kw_only=True):
    """A spare left the shelf and is in use since a day, from which its own warranty runs.

    What it was put in for, if anything, was taken out that day.
    """

    asset_id: str
    part_id: str
    used_on: date
    replaces: str | None = None


@event("intake.AssetRetired")
class AssetRetired(Published, frozen=True, kw_only=True):
    """The asset is in use no more."""

    asset_id: str
    retired_at: Instant
