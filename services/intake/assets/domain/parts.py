"""The components of an asset: one is replaced, one is added, and a spare is taken into use."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import assert_never

from msgspec.structs import replace

from libs.events import Refused
from libs.events.contracts.intake.assets import AssetExpanded, AssetPart, AssetReplaced, SpareUsed
from services.intake.assets.domain.command import ExpandAsset, ReplacePart, UseSpare
from services.intake.warranty.domain.flaw import EASTERNMOST

PartCommand = ReplacePart | ExpandAsset | UseSpare
PartEvent = AssetReplaced | AssetExpanded | SpareUsed

YET_TO_COME = "The day lies in the future."


def happened(command: PartCommand, parts: Sequence[AssetPart], at: datetime) -> PartEvent:
    """What a command does. Raises Refused for a component that is not there, or no spare on the shelf."""
    match command:
        case ReplacePart(asset_id, part_id, taken_out_on, by):
            _there(parts, part_id, "part_id")
            return AssetReplaced(asset_id=asset_id, part_id=part_id, taken_out_on=taken_out_on, by=by)
        case ExpandAsset(asset_id, part):
            return AssetExpanded(asset_id=asset_id, part=part)
        case UseSpare():
            return _used(command, parts, at)
        case _:
            assert_never(command)


def _used(command: UseSpare, parts: Sequence[AssetPart], at: datetime) -> SpareUsed:
    spare = _there(parts, command.part_id, "part_id")
    if spare.kind != "spare":
        raise Refused("no-spare", "This component is no spare.", field="part_id")
    if spare.installed_on is not None:
        raise Refused("spare-used", "This spare was taken into use before.", field="part_id")
    if command.used_on > (at.astimezone(UTC) + EASTERNMOST).date():
        raise Refused("asset-contradicts", YET_TO_COME, field="used_on")
    if command.replaces is not None:
        _in_place_of(_there(parts, command.replaces, "replaces"), command)
    return SpareUsed(
        asset_id=command.asset_id, part_id=command.part_id, used_on=command.used_on, replaces=command.replaces
    )


def _in_place_of(other: AssetPart, command: UseSpare) -> None:
    if other.id == command.part_id:
        raise Refused("asset-contradicts", "It leads back to itself.", field="replaces")
    if other.installed_on is not None and command.used_on < other.installed_on:
        raise Refused("asset-contradicts", "It was taken out before it was put in.", field="used_on")


def _there(parts: Sequence[AssetPart], part_id: str, field: str) -> AssetPart:
    found = next((part for part in parts if part.id == part_id), None)
    if found is None:
        raise Refused("unknown-part", "The asset has no component of this id.", field=field)
    if found.replaced_on is not None:
        raise Refused("part-taken-out", "This component was taken out before.", field=field)
    return found


def after(parts: Sequence[AssetPart], event: PartEvent) -> tuple[AssetPart, ...]:
    """The components after one event."""
    match event:
        case AssetReplaced():
            rest = _with(parts, event.part_id, replaced_on=event.taken_out_on)
            return (*rest, event.by) if event.by else rest
        case AssetExpanded():
            return (*parts, event.part)
        case SpareUsed():
            used = _with(parts, event.part_id, installed_on=event.used_on, replaces=event.replaces)
            return _with(used, event.replaces, replaced_on=event.used_on)
        case _:
            assert_never(event)


def _with(parts: Sequence[AssetPart], part_id: str | None, **fields: object) -> tuple[AssetPart, ...]:
    return tuple(replace(part, **fields) if part.id == part_id else part for part in parts)
