"""What intake's forms ask for."""

from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import ConfigDict, Field, model_validator

from libs.chassis.http import CommandBody
from libs.chassis.input.fields import Label, Timezone, Words
from libs.chassis.input.instant import Instant
from libs.events.contracts.intake.tickets import Channel, TicketKind, Urgency, WaitsFor
from services.intake.customers.api.forms import Contact
from services.intake.tickets.domain.note import Audience

WHOSE = "Give either customer_id, of a registered customer, or customer, to register one."
"""The rule of a new ticket's customer, in a sentence."""


def _absent() -> Any:
    """The default of a field that may be left out, but is not null."""
    return None


class NewTicket(CommandBody):
    """客户咨询/反馈登记表 / The register of customers' consultation and feedback, for one contact."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": ["customer_id"]}, {"required": ["customer"]}]})

    channel: Channel = Field(description="渠道 / How the customer reached us", examples=["phone"])
    kind: TicketKind = Field(description="服务类别 / Type of job", examples=["repair"])
    customer_id: UUID = Field(default_factory=_absent, description="客户编号 / A registered customer")
    customer: Contact = Field(default_factory=_absent, description="新客户 / A customer to register with the ticket")
    summary: Annotated[Words, Field(description="内容 / What is the matter", examples=["空调不制冷"])]
    requirements: Annotated[
        Words | None, Field(description="业主要求 / The owner's requirements", examples=["周末上门"])
    ] = None
    urgency: Urgency = Field("normal", description="紧急程度 / Urgency", examples=["normal"])
    region: Annotated[Label | None, Field(description="区域 / The region, as dispatch names it", examples=["华东"])] = (
        None
    )
    contract: Annotated[
        Label | None, Field(description="合同编号 / The contract's number", examples=["HT-2026-0113"])
    ] = None
    asset_id: UUID | None = Field(None, description="设备编号 / The asset that it is about")
    part: Annotated[Label | None, Field(description="部件 / Its component", examples=["compressor-1"])] = None
    follows: UUID | None = Field(None, description="后续自 / A ticket of the same customer that this one follows")
    site_id: UUID | None = Field(
        None, description="客户地点 / The customer's site: its region and time zone hold where none are given"
    )
    timezone: Annotated[
        Timezone | None, Field(description="现场时区 / The site's IANA time zone", examples=["Asia/Shanghai"])
    ] = None

    @model_validator(mode="after")
    def one_customer(self) -> Self:
        """Known or new, but one."""
        if len(self.model_fields_set & {"customer_id", "customer"}) != 1:
            raise ValueError(WHOSE)
        return self


class NamedAsset(CommandBody):
    """指明设备 / The asset that the ticket is about."""

    asset_id: UUID = Field(description="设备编号 / The asset")
    part: Annotated[Label | None, Field(description="部件 / Its component", examples=["compressor-1"])] = None


class Reassessment(CommandBody):
    """重新核定 / Nothing to say but when it happened."""


class Cancellation(CommandBody):
    """撤单 / Withdraw a ticket."""

    reason: Annotated[Words | None, Field(description="原因 / Why", examples=["客户已自行解决"])] = None


class Duplicate(CommandBody):
    """并单 / Mark a ticket as a duplicate of another one."""

    of: UUID = Field(description="并入的工单 / The ticket that goes on")
    reason: Annotated[
        Words | None,
        Field(description="原因 / Why; required of tickets of two customers", examples=["同一台电梯，两位住户报修"]),
    ] = None


class Unmerging(CommandBody):
    """撤销并单 / Let a duplicate go on by itself again."""

    reason: Annotated[Words, Field(description="原因 / Why", examples=["是另一台设备"])]


class Ownership(CommandBody):
    """负责人 / Whose ticket it is from now on."""

    owner_id: UUID | Literal["me"] | None = Field(
        description="负责人 / `me` claims it, a colleague's pseudonym assigns it, null releases it", examples=["me"]
    )


class TeamChoice(CommandBody):
    """班组 / Whose team's the ticket is from now on."""

    team: Annotated[
        Label | None, Field(description="班组 / Its name; null: no particular one", examples=["技术支持一组"])
    ]


class Wait(CommandBody):
    """等待 / Whom the ticket waits for."""

    waits_for: WaitsFor = Field(
        description="等待谁 / The customer, a supplier, spare parts, or us", examples=["supplier"]
    )
    reason: Annotated[Words, Field(description="原因 / Why it waits", examples=["等厂家寄出压缩机"])]
    look_again_at: Instant = Field(description="再看时间 / When somebody looks at it again")


class WaitEnd(CommandBody):
    """不再等待 / Nothing to say but when it happened."""


class Settlement(CommandBody):
    """答复结单 / Close what needs nobody's work by an answer."""

    answer: Annotated[Words, Field(description="答复 / What the customer was told", examples=["滤网每季度清洗一次"])]


class TicketAmendment(CommandBody):
    """更正 / Put right what a ticket says; what is left out stays."""

    reason: Annotated[Words, Field(description="原因 / Why", examples=["业主更正：是漏水，不是咨询"])]
    kind: TicketKind | None = Field(None, description="类别 / What kind of contact it is", examples=["repair"])
    urgency: Urgency | None = Field(None, description="紧急程度 / Urgency", examples=["high"])
    region: Annotated[Label | None, Field(description="区域 / Region", examples=["华东"])] = None
    contract: Annotated[
        Label | None, Field(description="合同编号 / The contract's number", examples=["HT-2026-0113"])
    ] = None
    summary: Annotated[Words | None, Field(description="内容 / What is the matter", examples=["空调漏水"])] = None


class Reopening(CommandBody):
    """重开 / Let a closed ticket go on."""

    reason: Annotated[Words, Field(description="原因 / Why", examples=["业主来电：又不制冷了"])]


class Note(CommandBody):
    """备注 / A note on a ticket."""

    text: Annotated[Words, Field(description="内容 / What is noted", examples=["业主周三以后在家"])]
    audience: Audience = Field("internal", description="对象 / Among colleagues, or what the customer was told")


class Closure(CommandBody):
    """结单 / Close a ticket."""
