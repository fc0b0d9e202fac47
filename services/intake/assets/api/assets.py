"""HTTP of assets: agents put them on file and keep them; whoever has to do with tickets reads them."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Annotated, Any

import msgspec
from fastapi import Query

from libs.chassis.http import (
    DEFAULT,
    TAGGED,
    UUID,
    AsOf,
    Commands,
    Cursor,
    Limit,
    MinVersion,
    Page,
    Reads,
    Response,
    Router,
    invalid,
    new_id,
)
from libs.chassis.http.contacts import look_at, seen_by
from libs.chassis.input.fields import Label
from libs.chassis.links import links
from libs.chassis.lists.filters import several
from libs.events import Story
from libs.events.contracts.intake.assets import AssetPart, Days, Identity, Site
from services.intake.assets.api.filing import KEEPERS, by_field, known, meant_site, noted_on
from services.intake.assets.api.forms import (
    AssetDetails,
    AssetItem,
    NewAsset,
)
from services.intake.assets.domain.asset import Asset, asset, status
from services.intake.assets.domain.card import numbered
from services.intake.assets.domain.command import (
    InstallAsset,
)
from services.intake.assets.domain.serial import TakeSerial, serial, serial_id
from services.intake.assets.view import assets, listed
from services.intake.contracts.api.contracts import READERS
from services.intake.customers.api.forms import SEES
from services.intake.customers.view import contact, of_customer

router = Router(prefix="/v1/assets", tags=["assets"])
NEXT = (
    "get_asset",
    "date_asset",
    "issue_warranty_card",
    "cover_asset",
    "move_asset",
    "replace_part",
    "expand_asset",
    "use_spare",
    "retire_asset",
)


@router.post(
    "",
    status_code=201,
    operation_id="install_asset",
    dependencies=[KEEPERS],
    responses=links(201, *NEXT, "get_warranty", asset_id="id"),
)
async def install_asset(body: NewAsset, commands: Commands, reads: Reads) -> Response:
    """设备建档 / Put an asset on file. A serial of a maker stands once, and so does the number of a warranty card."""
    customer_id = str(body.customer_id)
    if not await reads.rows(of_customer(customer_id)):
        raise invalid("body.customer_id", "No customer of this id is on file.", "unknown-customer")
    for place, id in enumerate(body.contracts):
        await known(reads, id, customer_id, f"body.contracts[{place}]")
    site, texts = meant_site(body.site, customer_id)
    command = InstallAsset(
        asset_id=new_id(),
        customer_id=customer_id,
        identity=Identity(
            model=body.model,
            serial=body.serial,
            lot=body.lot,
            maker=body.maker,
            supplier=body.supplier,
            sold_as=body.sold_as,
        ),
        site=site,
        days=body.days.meant(Days),
        parts=tuple(part.meant(AssetPart) for part in body.parts),
        contracts=tuple(str(id) for id in body.contracts),
    )
    other = await noted_on(reads, command.days.card_number, command.asset_id)
    return await by_field(commands, partial(filed, command, other), body, texts, creates=True)


def filed(command: InstallAsset, other: str | None = None) -> Story:
    """The asset is on file, its serial and its card nobody else's; `other` had a card of this number before."""
    yield from numbered(command.asset_id, asset.create(command.asset_id, command), other)
    maker, number = command.identity.maker, command.identity.serial
    if maker is not None and number is not None:
        yield serial.on(serial_id(maker, number), TakeSerial(command.asset_id))


@router.get(
    "",
    operation_id="list_assets",
    dependencies=[READERS],
    response_model=Page[AssetItem],
    responses=links(200, "get_asset", "get_warranty", asset_id="items/0/id"),
)
async def list_assets(
    reads: Reads,
    id: Annotated[list[UUID], several("设备编号 / Asset id")],
    customer_id: Annotated[list[UUID], several("客户编号 / Of this customer")],
    model: Annotated[list[Label], several("型号 / Product model", examples=[["KFR-35GW"]])],
    contract_id: Annotated[list[UUID], several("合同 / Under this contract")],
    begins: Annotated[
        Label | None,
        Query(description="序列号或保修卡号开头 / How serial or card begins", examples=["SN-2026"]),
    ] = None,
    limit: Limit = DEFAULT,
    cursor: Cursor = None,
) -> Any:
    """设备列表 / Assets, those put on file last first."""
    query = listed({"id": id, "customer_id": customer_id, "model": model}, begins, contract_id)
    page = await reads.page(query, assets, limit, cursor)
    return page | {"items": [{name: row[name] for name in AssetItem.model_fields} for row in page["items"]]}


@router.get(
    "/{asset_id}", operation_id="get_asset", dependencies=[READERS], response_model=AssetDetails, responses=TAGGED
)
async def get_asset(asset_id: UUID, reads: Reads, as_of: AsOf = None, min_version: MinVersion = None) -> Response:
    """设备 / One asset; with as_of as it was known then, by the time of recording. A shown address is a look."""
    id = str(asset_id)
    await reads.wait(asset.stream(id), min_version)
    state, version = await reads.state(asset, id, as_of, "asset")
    assert state.installed
    addresses = [{"id": site.address_id} for _, site in state.sites if site.address_id]
    fields = [field for field in seen_by(reads.principal, SEES) if addresses and field == "address"]
    shown = await look_at(reads, contact, state.installed.customer_id, fields, "GET /v1/assets/{asset_id}")
    texts = await reads.texts(addresses, "id") if shown else {}
    return reads.answer(details(state, version, texts), version=version)


def details(state: Asset, version: int, texts: Mapping[str, str]) -> dict[str, Any]:
    """An asset as it is answered."""
    installed = state.installed
    assert installed
    return {
        "id": installed.asset_id,
        "customer_id": installed.customer_id,
        **msgspec.structs.asdict(installed.identity),
        "region": state.sites[-1][1].region,
        "card_number": state.days.card_number,
        "contracts": state.contracts,
        "retired_at": state.retired_at,
        "version": version,
        "status": status(state),
        "days": state.days,
        "parts": state.parts,
        "sites": [shown_site(since, site, texts) for since, site in state.sites],
    }


def shown_site(since: datetime | None, site: Site, texts: Mapping[str, str]) -> dict[str, Any]:
    """A site as it is answered."""
    address = texts.get(site.address_id or "")
    return {"since": since, "timezone": site.timezone, "region": site.region, "address": address}
