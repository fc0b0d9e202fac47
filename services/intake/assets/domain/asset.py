"""An asset (设备): installed once, then moved, expanded and repaired part by part, and retired once.

What happened to it counts from its own day, so that it may be recorded in any order.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import assert_never, get_args
from zoneinfo import ZoneInfo

from msgspec.structs import asdict
from msgspec.structs import replace as changed

from libs.events import Catalogue, Decider, Refused
from libs.events.contracts.intake.assets import (
    AssetCovered,
    AssetDated,
    AssetExpanded,
    AssetInstalled,
    AssetMoved,
    AssetPart,
    AssetReplaced,
    AssetRetired,
    Days,
    Site,
    SpareUsed,
    WarrantyCardIssued,
)
from services.intake.assets.domain.command import (
    AssetCommand,
    ConsultAsset,
    CoverAsset,
    DateAsset,
    InstallAsset,
    IssueCard,
    MoveAsset,
    RetireAsset,
)
from services.intake.assets.domain.insured import insured
from services.intake.assets.domain.parts import PartCommand, PartEvent, after, happened
from services.intake.warranty.domain.asset import Asset as Insured
from services.intake.warranty.domain.flaw import asset_flaws

AssetEvent = (
    AssetInstalled
    | AssetDated
    | WarrantyCardIssued
    | AssetCovered
    | AssetMoved
    | AssetReplaced
    | AssetExpanded
    | SpareUsed
    | AssetRetired
)


@dataclass(frozen=True, slots=True)
class Asset:
    """What is on file of an asset; without `installed` it is none."""

    installed: AssetInstalled | None = None
    days: Days = field(default_factory=Days)
    parts: tuple[AssetPart, ...] = ()
    moves: tuple[AssetMoved, ...] = ()
    contracts: tuple[str, ...] = ()
    retired_at: datetime | None = None

    @property
    def insured(self) -> Insured | None:
        """The asset as the warranty reads it."""
        if self.installed is None:
            return None
        model, first = self.installed.identity.model, self.installed.site
        return insured(model, first, self.days, self.parts, self.moves)

    @property
    def sites(self) -> Sequence[tuple[datetime | None, Site]]:
        """Where it stood, each place with since when; None: since it was installed."""
        first = [(None, self.installed.site)] if self.installed else []
        moves = sorted(self.moves, key=lambda move: move.moved_at)
        return [*first, *((move.moved_at, move.site) for move in moves)]

    def part(self, part_id: str) -> AssetPart | None:
        """The part of this id."""
        return next((part for part in self.parts if part.id == part_id), None)


def decide(command: AssetCommand, asset: Asset, at: datetime) -> Sequence[AssetEvent]:
    """The events of a command; what was recorded before emits nothing. Refuses what makes no sense, by its field."""
    if isinstance(command, PartCommand):
        _in_use(asset)
        return _sound(happened(command, asset.parts, at), asset, at)
    match command:
        case ConsultAsset():
            return []
        case InstallAsset():
            return [] if asset.installed else _sound(_installed(command), asset, at)
        case DateAsset():
            return _dated(command, _on_file(asset), at)
        case IssueCard(asset_id, number):
            return _issued(asset_id, number, _on_file(asset), at)
        case CoverAsset(asset_id, contract_id):
            known = contract_id in _on_file(asset).contracts
            return [] if known else [AssetCovered(asset_id=asset_id, contract_id=contract_id)]
        case MoveAsset(asset_id, site):
            _in_use(asset)
            return _sound(AssetMoved(asset_id=asset_id, moved_at=at, site=site), asset, at)
        case RetireAsset(asset_id):
            over = _on_file(asset).retired_at
            return [] if over else [AssetRetired(asset_id=asset_id, retired_at=at)]
        case _:
            assert_never(command)


def _installed(command: InstallAsset) -> AssetInstalled:
    return AssetInstalled(
        asset_id=command.asset_id,
        customer_id=command.customer_id,
        identity=command.identity,
        site=command.site,
        days=command.days,
        parts=list(command.parts),
        contracts=list(dict.fromkeys(command.contracts)),
    )


def _dated(command: DateAsset, asset: Asset, at: datetime) -> Sequence[AssetEvent]:
    given = {name: day for name, day in asdict(command.days).items() if day is not None}
    days = changed(asset.days, **given)
    return [] if days == asset.days else _sound(AssetDated(asset_id=command.asset_id, days=days), asset, at)


def _issued(asset_id: str, number: str | None, asset: Asset, at: datetime) -> Sequence[AssetEvent]:
    """A card of the day where the asset stands; a date that is on file already is the card's."""
    if asset.days.card_number is not None:
        raise Refused("card-issued", "The asset has a warranty card.", number=asset.days.card_number)
    _, site = asset.sites[-1]
    today = at.astimezone(ZoneInfo(site.timezone)).date()
    number = number or f"BX{today:%Y%m%d}-{asset_id[-6:].upper()}"
    card = WarrantyCardIssued(asset_id=asset_id, number=number, card_date=asset.days.card_date or today)
    return _sound(card, asset, at)


def _sound(event: AssetEvent, asset: Asset, at: datetime) -> Sequence[AssetEvent]:
    """The event, where the asset makes sense with it. Raises Refused with the field where it does not."""
    then = evolve(asset, event).insured
    if then and (found := next(asset_flaws("", then, at), None)):
        raise Refused("asset-contradicts", found.sentence, field=found.field)
    return [event]


def _on_file(asset: Asset) -> Asset:
    if asset.installed is None:
        raise Refused("unknown-asset", "No asset of this id is on file.")
    return asset


def _in_use(asset: Asset) -> None:
    if _on_file(asset).retired_at is not None:
        raise Refused("asset-retired", "The asset is in use no more.")


def evolve(asset: Asset, event: AssetEvent) -> Asset:
    if isinstance(event, PartEvent):
        return replace(asset, parts=after(asset.parts, event))
    match event:
        case AssetInstalled():
            parts, contracts = tuple(event.parts), tuple(event.contracts)
            return replace(asset, installed=event, days=event.days, parts=parts, contracts=contracts)
        case AssetDated():
            return replace(asset, days=event.days)
        case WarrantyCardIssued():
            return replace(asset, days=changed(asset.days, card_number=event.number, card_date=event.card_date))
        case AssetCovered():
            return replace(asset, contracts=(*asset.contracts, event.contract_id))
        case AssetMoved():
            return replace(asset, moves=(*asset.moves, event))
        case AssetRetired():
            return replace(asset, retired_at=event.retired_at)
        case _:
            assert_never(event)


def status(asset: Asset) -> str:
    """One word for a command's answer."""
    if asset.installed is None:
        return "unknown"
    return "in_use" if asset.retired_at is None else "retired"


def subject(asset: Asset) -> str | None:
    """Whose erasure erases the texts about the asset."""
    return asset.installed.customer_id if asset.installed else None


asset: Decider[AssetCommand, Asset, AssetEvent] = Decider(
    "asset",
    Catalogue(*get_args(AssetEvent)),
    Asset(),
    decide,
    evolve,
    status,
    subject,
)
