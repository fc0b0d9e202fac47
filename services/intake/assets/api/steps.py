"""HTTP of what happens to an asset: it is dated, covered, moved, repaired part by part, expanded and retired."""

from functools import partial

from libs.chassis.http import UUID, CommandBody, Commands, Reads, Response, Router
from libs.events.contracts.intake.assets import AssetPart, Days
from libs.events.filters import by_id
from services.intake.assets.api.filing import KEEPERS, by_field, known, meant_site, noted_on
from services.intake.assets.api.forms import (
    NewCard,
    NewCover,
    NewDays,
    NewPart,
    NewSite,
    PartForm,
    PartReplacement,
    Retirement,
    SpareUse,
)
from services.intake.assets.domain.asset import asset
from services.intake.assets.domain.card import numbered
from services.intake.assets.domain.command import (
    CoverAsset,
    DateAsset,
    ExpandAsset,
    IssueCard,
    MoveAsset,
    ReplacePart,
    RetireAsset,
    UseSpare,
)
from services.intake.assets.view import assets

router = Router(prefix="/v1/assets/{asset_id}", tags=["assets"])


@router.post("/days", operation_id="date_asset", dependencies=[KEEPERS])
async def date_asset(asset_id: UUID, body: NewDays, commands: Commands, reads: Reads) -> Response:
    """补登日期 / Say when it was accepted or completed, or what its warranty card says."""
    days = Days(**{name: getattr(body, name) for name in Days.__struct_fields__})
    return await carded(DateAsset(str(asset_id), days), days.card_number, commands, reads, body)


@router.post("/warranty-card", operation_id="issue_warranty_card", dependencies=[KEEPERS])
async def issue_warranty_card(
    asset_id: UUID, commands: Commands, reads: Reads, body: NewCard | None = None
) -> Response:
    """发放保修卡 / Give the owner a warranty card: the print-out has its number, and its date is a day that counts."""
    body = body or NewCard(occurred_at=None)
    return await carded(IssueCard(str(asset_id), body.number), body.number, commands, reads, body)


async def carded(
    command: DateAsset | IssueCard, number: str | None, commands: Commands, reads: Reads, body: CommandBody
) -> Response:
    """The command's answer. The card's number is nobody else's from then on."""
    id = command.asset_id
    other = await noted_on(reads, number, id)
    return await by_field(commands, partial(numbered, id, asset.on(id, command), other), body)


@router.post("/contracts", operation_id="cover_asset", dependencies=[KEEPERS])
async def cover_asset(asset_id: UUID, body: NewCover, commands: Commands, reads: Reads) -> Response:
    """纳入合同 / Bring the asset under a contract; contracts that extend it come along."""
    rows = await reads.rows(by_id(assets, asset_id))
    await known(reads, body.contract_id, rows[0]["customer_id"] if rows else None, "body.contract_id")
    return await commands.run(asset.on(str(asset_id), CoverAsset(str(asset_id), str(body.contract_id))), body)


@router.post("/moves", operation_id="move_asset", dependencies=[KEEPERS])
async def move_asset(asset_id: UUID, body: NewSite, commands: Commands, reads: Reads) -> Response:
    """迁移 / It stands elsewhere: its warranty stays what it is."""
    row = await reads.one(by_id(assets, asset_id), "asset")
    site, texts = meant_site(body.site, row["customer_id"])
    return await by_field(commands, asset.on(row["id"], MoveAsset(row["id"], site)), body, texts)


@router.post("/replacements", operation_id="replace_part", dependencies=[KEEPERS])
async def replace_part(asset_id: UUID, body: PartReplacement, commands: Commands) -> Response:
    """更换部件 / A component was taken out, and perhaps another put in for it."""
    id, by = str(asset_id), replacement(body.by, body) if body.by else None
    return await by_field(commands, asset.on(id, ReplacePart(id, body.part_id, body.taken_out_on, by)), body)


def replacement(form: PartForm, body: PartReplacement) -> AssetPart:
    """What was put in, on the day on which the other was taken out unless it says otherwise."""
    installed_on = (form.installed_on or body.taken_out_on).isoformat()
    return form.meant(AssetPart, kind="replacement", replaces=body.part_id, installed_on=installed_on)


@router.post("/parts", operation_id="expand_asset", dependencies=[KEEPERS])
async def expand_asset(asset_id: UUID, body: NewPart, commands: Commands) -> Response:
    """扩容 / A further component, bought here or elsewhere; what was bought elsewhere is not covered."""
    id, part = str(asset_id), body.part.meant(AssetPart)
    return await by_field(commands, asset.on(id, ExpandAsset(id, part)), body)


@router.post("/spare-uses", operation_id="use_spare", dependencies=[KEEPERS])
async def use_spare(asset_id: UUID, body: SpareUse, commands: Commands) -> Response:
    """启用备件 / A spare leaves the shelf: its own months run from that day, if the shelf's years were not over."""
    id = str(asset_id)
    return await by_field(commands, asset.on(id, UseSpare(id, body.part_id, body.used_on, body.replaces)), body)


@router.post("/retirement", operation_id="retire_asset", dependencies=[KEEPERS])
async def retire_asset(asset_id: UUID, commands: Commands, body: Retirement | None = None) -> Response:
    """报废 / The asset is in use no more."""
    return await commands.run(asset.on(str(asset_id), RetireAsset(str(asset_id))), body or Retirement(occurred_at=None))
