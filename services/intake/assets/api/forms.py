"""What the forms of assets ask for, and how assets are shown."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from libs.chassis.http import CommandBody
from libs.chassis.input.day import Day
from libs.chassis.input.fields import Address, Code, Label, Name, Timezone
from libs.chassis.input.form import Form
from libs.events.contracts.intake.assets import PartKind, SoldAs, SuppliedBy

Model = Annotated[Label, Field(description="型号 / Product model", examples=["KFR-35GW"])]
Serial = Annotated[Label, Field(description="序列号 / Serial number", examples=["SN-20260001"])]
PartName = Annotated[Label, Field(description="部件 / Component, by its own name here", examples=["compressor-1"])]


class SiteForm(Form):
    """安装地点 / Where an asset stands."""

    timezone: Annotated[Timezone, Field(description="时区 / IANA time zone", examples=["Asia/Shanghai"])]
    region: Annotated[Label | None, Field(description="区域 / Region, as dispatch names it", examples=["华东"])] = None
    address: Annotated[Address | None, Field(description="地址 / Address", examples=["福州市鼓楼区五四路1号"])] = None


class DaysForm(Form):
    """起算日期 / Days that a warranty may start from, and the warranty card."""

    acceptance_date: Annotated[Day | None, Field(description="验收日 / Acceptance")] = None
    completion_date: Annotated[Day | None, Field(description="竣工日 / Completion")] = None
    card_number: Annotated[Label | None, Field(description="保修卡号 / The card's number", examples=["BX-0001"])] = None
    card_date: Annotated[Day | None, Field(description="保修卡日期 / Date on the card")] = None


class PartForm(Form):
    """部件 / A component of an asset."""

    id: PartName
    component_class: Annotated[Code, Field(description="部件类别 / Class, as in contracts", examples=["main_unit"])]
    parent: Annotated[Label | None, Field(description="上级部件 / The component that it is part of")] = None
    serial: Annotated[Serial | None, Field()] = None
    installed_on: Annotated[Day | None, Field(description="装入日 / When it was put in")] = None
    supplied_by: SuppliedBy = Field("us", description="供货方 / Supplied by us, the maker, or elsewhere")
    kind: PartKind = Field("original", description="部件性质 / Original, replacement, expansion or spare")


class NewAsset(CommandBody):
    """设备建档 / An asset that is put on file."""

    customer_id: UUID = Field(description="客户编号 / Whose it is")
    model: Model
    serial: Annotated[Serial | None, Field()] = None
    lot: Annotated[Label | None, Field(description="批号 / Lot", examples=["2026-03"])] = None
    maker: Annotated[Name | None, Field(description="厂家 / Maker", examples=["格力"])] = None
    supplier: Annotated[Name | None, Field(description="供应商 / Supplier", examples=["福建机电公司"])] = None
    sold_as: SoldAs = Field("sold", description="销售方式 / How it came to the customer")
    site: SiteForm = Field(description="安装地点 / Where it stands")
    days: DaysForm = Field(default_factory=DaysForm, description="起算日期 / Days that a warranty may start from")
    parts: Annotated[list[PartForm], Field(min_length=1, max_length=500, description="部件 / Its components")]
    contracts: Annotated[list[UUID], Field(max_length=20)] = Field(
        default_factory=list, description="所属合同 / Contracts that it is under"
    )


class NewDays(CommandBody, DaysForm):
    """补登日期 / Days that became known, or were put right; what is left out stays."""


class NewCard(CommandBody):
    """发放保修卡 / The owner gets a warranty card on the day of `occurred_at`."""

    number: Annotated[
        Label | None,
        Field(description="保修卡号 / Its number; without one it has the day's and the asset's", examples=["BX-0001"]),
    ] = None


class NewCover(CommandBody):
    """纳入合同 / The asset is under one more contract."""

    contract_id: UUID = Field(description="合同 / The contract")


class NewSite(CommandBody):
    """迁移 / The asset stands elsewhere since `occurred_at`."""

    site: SiteForm = Field(description="新地点 / Where it stands now")


class PartReplacement(CommandBody):
    """更换部件 / A component was taken out, and perhaps another put in for it."""

    part_id: PartName
    taken_out_on: Annotated[Day, Field(description="拆下日 / When it was taken out")]
    by: PartForm | None = Field(None, description="换上的部件 / What was put in for it, of the kind `replacement`")


class NewPart(CommandBody):
    """扩容 / A further component."""

    part: PartForm = Field(description="部件 / An expansion, or a spare")


class SpareUse(CommandBody):
    """启用备件 / A spare was taken into use: its own warranty runs from that day."""

    part_id: PartName
    used_on: Annotated[Day, Field(description="启用日 / Since when it is in use")]
    replaces: Annotated[
        Label | None,
        Field(description="被换部件 / What it was put in for, and was taken out that day", examples=["pump-1"]),
    ] = None


class Retirement(CommandBody):
    """报废 / The asset is in use no more since `occurred_at`."""


class AssetItem(BaseModel):
    """设备 / One line of the list."""

    id: UUID
    customer_id: UUID = Field(description="客户编号 / Whose it is")
    model: Model
    serial: Serial | None
    lot: str | None = Field(description="批号 / Lot", examples=["2026-03"])
    maker: str | None = Field(description="厂家 / Maker", examples=["格力"])
    region: str | None = Field(description="区域 / Region where it stands", examples=["华东"])
    card_number: str | None = Field(description="保修卡号 / Number of the warranty card", examples=["BX-0001"])
    contracts: list[UUID] = Field(description="所属合同 / Contracts that it is under")
    retired_at: datetime | None = Field(description="报废时间 / When it was retired")
    version: int = Field(ge=1, description="版本 / Version of the asset's stream that this reflects")


class SiteItem(BaseModel):
    """安装地点 / Where an asset stood, and since when; null: since it was installed."""

    since: datetime | None = Field(description="起 / Since when")
    timezone: str = Field(description="时区 / IANA time zone", examples=["Asia/Shanghai"])
    region: str | None = Field(description="区域 / Region", examples=["华东"])
    address: str | None = Field(
        description="地址 / Address; null where it is not shown, or erased", examples=["福州市鼓楼区五四路1号"]
    )


class PartItem(BaseModel):
    """部件 / A component as it is on file."""

    id: PartName
    component_class: str = Field(description="部件类别 / Class", examples=["main_unit"])
    parent: str | None = Field(description="上级部件 / What it is part of", examples=["main"])
    serial: Serial | None
    installed_on: date | None = Field(description="装入日 / When it was put in")
    replaced_on: date | None = Field(description="拆下日 / When it was taken out")
    supplied_by: SuppliedBy = Field(description="供货方 / Supplied by")
    kind: PartKind = Field(description="部件性质 / Kind")
    replaces: str | None = Field(description="被换部件 / What it was put in for", examples=["compressor-0"])


class DaysItem(BaseModel):
    """起算日期 / Days that a warranty may start from."""

    acceptance_date: date | None = Field(description="验收日 / Acceptance")
    completion_date: date | None = Field(description="竣工日 / Completion")
    card_number: str | None = Field(description="保修卡号 / The card's number", examples=["BX-0001"])
    card_date: date | None = Field(description="保修卡日期 / Date on the card")


class AssetDetails(AssetItem):
    """设备详情 / An asset with its components, and where it stood."""

    status: str = Field(description="状态 / in_use, or retired", examples=["in_use"])
    supplier: str | None = Field(description="供应商 / Supplier", examples=["福建机电公司"])
    sold_as: SoldAs = Field(description="销售方式 / How it came to the customer")
    days: DaysItem
    parts: list[PartItem] = Field(description="部件 / Components, those that were taken out too")
    sites: list[SiteItem] = Field(description="历次地点 / Where it stood, the first place first")
