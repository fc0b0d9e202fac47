"""What the forms of a customer's account ask for, and how it is shown."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from libs.chassis.http import CommandBody
from libs.chassis.http.contacts import PhoneOnFile
from libs.chassis.input.fields import Address, Label, Name, Phone, Timezone
from services.intake.accounts.domain import CustomerKind, PersonRole

Role = Annotated[PersonRole, Field(description="职责 / What they do there", examples=["property"])]
Kind = Annotated[CustomerKind, Field(description="客户类型 / A person, or an organisation", examples=["organisation"])]


class NewKind(CommandBody):
    """客户类型 / What kind of customer it is."""

    kind: Kind


class NewPerson(CommandBody):
    """业主联系人 / Somebody to speak to at the customer's."""

    role: Role
    responsible: bool = Field(False, description="主要负责人 / They answer for all on the owner's side, alone")
    name: Annotated[Name, Field(description="姓名 / Name", examples=["王芳"])]
    phones: Annotated[
        list[Phone], Field(min_length=1, max_length=10, description="电话 / Phones", examples=[["13800000000"]])
    ]
    email: Annotated[Name | None, Field(description="邮箱 / E-mail", examples=["wang@example.org"])] = None


class NewCustomerSite(CommandBody):
    """客户地点 / A place of the customer's."""

    name: Annotated[Name, Field(description="名称 / What it is called", examples=["鼓楼分院"])]
    timezone: Annotated[Timezone, Field(description="时区 / IANA time zone", examples=["Asia/Shanghai"])]
    region: Annotated[Label | None, Field(description="区域 / Region, as dispatch names it", examples=["华东"])] = None
    address: Annotated[Address, Field(description="地址 / Address", examples=["福州市鼓楼区五四路1号"])]
    latitude: Annotated[
        float | None, Field(ge=-90, le=90, description="纬度 / Latitude (WGS 84)", examples=[26.0881])
    ] = None
    longitude: Annotated[float | None, Field(ge=-180, le=180, description="经度 / Longitude", examples=[119.3])] = None


class Removal(CommandBody):
    """移除 / Nothing to say but when it happened."""


class CustomerPersonItem(BaseModel):
    """业主联系人 / Somebody to speak to; null where the caller's roles do not show it, or once erased."""

    id: UUID
    role: Role
    responsible: bool = Field(description="主要负责人 / Whether they answer for all on the owner's side")
    name: str | None = Field(description="姓名 / Name", examples=["王芳"])
    phones: list[PhoneOnFile] | None = Field(description="电话 / Phones")
    email: str | None = Field(description="邮箱 / E-mail", examples=["wang@example.org"])


class CustomerSiteItem(BaseModel):
    """客户地点 / A place; null where the caller's roles do not show it, or once erased."""

    id: UUID
    region: str | None = Field(description="区域 / Region", examples=["华东"])
    timezone: str = Field(description="时区 / IANA time zone", examples=["Asia/Shanghai"])
    name: str | None = Field(description="名称 / What it is called", examples=["鼓楼分院"])
    address: str | None = Field(description="地址 / Address", examples=["福州市鼓楼区五四路1号"])
    latitude: float | None = Field(description="纬度 / Latitude (WGS 84)", examples=[26.0881])
    longitude: float | None = Field(description="经度 / Longitude", examples=[119.3])


class CustomerAccount(BaseModel):
    """用户档案 / A customer's people and sites."""

    id: UUID = Field(description="客户编号 / Customer id")
    kind: CustomerKind | None = Field(description="客户类型 / A person, or an organisation; null: not said")
    people: list[CustomerPersonItem] = Field(description="联系人 / The people to speak to")
    sites: list[CustomerSiteItem] = Field(description="地点 / The places")
    version: int = Field(ge=0, description="版本 / Version of the account's stream that this reflects; 0: none yet")
