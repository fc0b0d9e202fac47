"""The assets: whose, of which model, serial and card, and under which contracts. Verdicts are no part of it."""

from datetime import datetime
from typing import Annotated, Any, assert_never

import msgspec
import sqlalchemy as sa
from msgspec.structs import replace

from libs.events import AnyRecorded
from libs.events.contracts.intake.assets import (
    AssetCovered,
    AssetDated,
    AssetExpanded,
    AssetInstalled,
    AssetMoved,
    AssetReplaced,
    AssetRetired,
    SpareUsed,
    WarrantyCardIssued,
)
from libs.events.filters import Values, fits
from libs.events.table import Note, newest_first, table
from libs.events.view import View
from services.intake.assets.domain.asset import AssetEvent, asset
from services.intake.tables import metadata


class AssetRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the list."""

    id: str
    customer_id: str
    model: str
    serial: str | None
    lot: str | None
    maker: str | None
    region: Annotated[str | None, Note("of the site where it stands now")]
    card_number: str | None
    contracts: Annotated[list[str], Note("ids of the contracts that it is under")]
    moved_at: Annotated[datetime | None, Note("since when it stands there, if it was moved")] = None
    retired_at: datetime | None = None
    version: int
    opened_at: Annotated[datetime, Note("when it was put on file")]


assets = table("asset", AssetRow, metadata, newest_first("customer_id", "model"))
SERIAL = sa.func.lower(assets.c.serial).label("serial")
CARD = sa.func.lower(assets.c.card_number).label("card")
sa.Index("asset_serial", SERIAL, postgresql_ops={"serial": "text_pattern_ops"})
sa.Index("asset_card_number", CARD, postgresql_ops={"card": "text_pattern_ops"})
sa.Index("asset_contracts", assets.c.contracts, postgresql_using="gin")


def apply(row: AssetRow | None, recorded: AnyRecorded) -> AssetRow | None:
    """The row after one more event of the asset's stream."""
    event = recorded.event
    if isinstance(event, AssetInstalled):
        return _installed(event, recorded)
    return row and replace(_changed(row, event), version=recorded.version)


def _installed(event: AssetInstalled, recorded: AnyRecorded) -> AssetRow:
    identity = event.identity
    return AssetRow(
        id=event.asset_id,
        customer_id=event.customer_id,
        model=identity.model,
        serial=identity.serial,
        lot=identity.lot,
        maker=identity.maker,
        region=event.site.region,
        card_number=event.days.card_number,
        contracts=event.contracts,
        version=recorded.version,
        opened_at=recorded.recorded_at,
    )


def _changed(row: AssetRow, event: AssetEvent) -> AssetRow:
    match event:
        case AssetDated():
            return replace(row, card_number=event.days.card_number)
        case WarrantyCardIssued():
            return replace(row, card_number=event.number)
        case AssetCovered():
            return replace(row, contracts=[*row.contracts, event.contract_id])
        case AssetMoved():
            newest = row.moved_at is None or row.moved_at <= event.moved_at
            return replace(row, region=event.site.region, moved_at=event.moved_at) if newest else row
        case AssetRetired():
            return replace(row, retired_at=event.retired_at)
        case AssetInstalled() | AssetReplaced() | AssetExpanded() | SpareUsed():
            return row
        case _:
            assert_never(event)


asset_view = View.of(asset, assets, AssetRow, apply)


def other_of_card(number: str, asset_id: str) -> sa.Select[Any]:
    """Another asset whose card has this number, whatever its case."""
    return sa.select(assets.c.id).where(CARD.element == number.lower(), assets.c.id != asset_id).limit(1)


def listed(filters: dict[str, Values], begins: str | None, contract_id: Values) -> sa.Select[Any]:
    """The assets that fit, whose serial or warranty card begins so, under any of these contracts."""
    wanted = fits(assets, filters)
    if begins is not None:
        pattern = begins.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        wanted.append(SERIAL.element.like(pattern) | CARD.element.like(pattern))
    if contract_id:
        wanted.append(sa.or_(*(assets.c.contracts.has_key(str(id)) for id in contract_id)))
    return sa.select(assets).where(*wanted)
