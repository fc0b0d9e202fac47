"""What the forms of contracts ask for, and how contracts are shown."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from libs.chassis.http import CommandBody
from libs.chassis.input.day import Day
from libs.chassis.input.fields import Code, Label, Words
from libs.chassis.input.form import Form
from libs.events.contracts.intake.contracts import (
    ChangeOp,
    ContractKind,
    EntitledPer,
    EntitledService,
    ExpansionRule,
    ReplacementRule,
    StartRule,
)

MAKERS_ONLY = "Only a maker's commitment is for no customer in particular."
EXTENDS = "An extension names the contract that it extends, and nothing else does."

ANOTHERS = "The contract that it extends is another customer's."
ANOTHERS_CONTRACT = "The contract is another customer's."
TWICE = "Another line has this item."

CONTRADICTIONS: tuple[tuple[str, str], ...] = (
    ("Two terms for one class.", "同一类别有两个条款"),
    ("The start rule `date` needs a date.", "起算规则 date 须给出日期"),
    ("The contract has no term for this class.", "合同没有该类别的条款"),
    ("A term that is added needs it.", "新增条款须给出此项"),
    ("Two changes of one class.", "同一类别有两处变更"),
    (TWICE, "同一项目出现两次"),
    (MAKERS_ONLY, "只有厂家承诺可以不指定客户"),
    (EXTENDS, "延保须指明所延的合同，其他类别不填"),
    (ANOTHERS, "所延的合同属于另一客户"),
    (ANOTHERS_CONTRACT, "该合同属于另一客户"),
    ("No contract of this id is on file.", "没有该编号的合同"),
)
"""What is wrong with a field, in English and in Chinese."""

Class = Annotated[Code, Field(description="部件类别，* 为其余全部 / Class of components; *: all others")]
Months = Annotated[int, Field(ge=1, le=600)]
LatentMonths = Annotated[int, Field(ge=0, le=600)]
ShelfYears = Annotated[int, Field(ge=0, le=5)]
Fen = Annotated[int, Field(ge=0, le=100_000_000_000)]


class TermForm(Form):
    """保修条款 / How long components of one class are covered, and from when."""

    component_class: Annotated[Class, Field(examples=["main_unit"])]
    months: Annotated[Months, Field(description="保修月数 / Months of warranty", examples=[36])]
    start_rule: StartRule = Field(description="起算规则 / The day from which it counts", examples=["card"])
    latent_defect_months: Annotated[
        LatentMonths, Field(description="潜在缺陷月数 / Months for hidden defects after")
    ] = 0
    shelf_years: Annotated[ShelfYears | None, Field(description="备件搁置年数 / Years on the shelf of a spare")] = None
    start_date: Annotated[Day | None, Field(description="起始日 / First day, for the start rule `date`")] = None
    replacement: ReplacementRule = Field("rest", description="更换件 / A replacement has the rest, or its own months")
    replacement_months: Annotated[Months | None, Field(description="更换件月数 / Months of a replacement")] = None
    expansion: ExpansionRule | None = Field(None, description="扩容件 / `own`: counts from its installation")


class TermChangeForm(Form):
    """条款变更 / A term that is added, fields of one that are other from now on, or one that is removed."""

    op: ChangeOp = Field(description="变更方式 / What happens to the term", examples=["set"])
    component_class: Annotated[Class, Field(examples=["main_unit"])]
    months: Annotated[Months | None, Field(description="保修月数 / Months of warranty", examples=[48])] = None
    start_rule: StartRule | None = Field(None, description="起算规则 / The day from which it counts")
    latent_defect_months: Annotated[LatentMonths | None, Field(description="潜在缺陷月数 / Hidden defects")] = None
    shelf_years: Annotated[ShelfYears | None, Field(description="备件搁置年数 / Years on the shelf of a spare")] = None
    start_date: Annotated[Day | None, Field(description="起始日 / First day, for the start rule `date`")] = None
    replacement: ReplacementRule | None = Field(None, description="更换件 / Of replacements")
    replacement_months: Annotated[Months | None, Field(description="更换件月数 / Months of a replacement")] = None
    expansion: ExpansionRule | None = Field(None, description="扩容件 / Of expansions")


class EntitlementForm(Form):
    """服务权益 / Services that the contract pays for."""

    service: EntitledService = Field(description="服务 / Which", examples=["visit"])
    times: Annotated[int, Field(ge=1, le=1000, description="次数 / How many", examples=[2])]
    per: EntitledPer = Field(description="周期 / In each", examples=["year"])


class PriceForm(Form):
    """价目 / A line of the price list."""

    item: Annotated[Label, Field(description="项目 / What", examples=["压缩机"])]
    unit: Annotated[Label, Field(description="单位 / Of which unit", examples=["台"])]
    price: Annotated[Fen, Field(description="单价（分） / What one costs, in fen", examples=[120000])]


class BudgetForm(Form):
    """预算 / A line of the budget."""

    item: Annotated[Label, Field(description="项目 / What for", examples=["备件"])]
    amount: Annotated[Fen, Field(description="金额（分） / What may be spent on it, in fen", examples=[5000000])]


class ConditionsForm(Form):
    """其他约定 / What is agreed beside the warranty."""

    service_level: Annotated[Label | None, Field(description="服务级别 / Service level", examples=["金牌"])] = None
    labour_cap: Annotated[
        int | None,
        Field(ge=0, le=100_000_000, description="每小时人工费上限 / Most for an hour, in fen", examples=[1000]),
    ] = None
    travel_free: Annotated[bool | None, Field(description="免差旅费 / Whether travel is free", examples=[True])] = None
    entitlements: Annotated[list[EntitlementForm], Field(max_length=20)] = Field(
        default_factory=list, description="服务权益 / Services that are paid for"
    )
    prices: Annotated[list[PriceForm], Field(max_length=200)] = Field(
        default_factory=list, description="价目表 / Price list, each item once"
    )
    budget: Annotated[list[BudgetForm], Field(max_length=100)] = Field(
        default_factory=list, description="预算 / Budget, each item once"
    )


class NewContract(CommandBody):
    """签订合同 / A contract that was signed; `occurred_at` is when."""

    number: Annotated[Label, Field(description="合同编号 / Its number", examples=["HT-2026-0113"])]
    kind: ContractKind = Field(description="类别 / Ours, a maker's commitment, or an extension", examples=["own"])
    customer_id: UUID | None = Field(None, description="客户编号 / Whose; a maker's commitment may be nobody's")
    extends: UUID | None = Field(None, description="延保的合同 / The contract that an extension extends")
    terms: Annotated[list[TermForm], Field(min_length=1, max_length=100, description="保修条款 / Terms by class")]
    conditions: ConditionsForm = Field(default_factory=ConditionsForm, description="其他约定 / What else is agreed")


class ContractAmendment(CommandBody):
    """变更合同 / What was agreed anew; `occurred_at` is when: it counts from that day on."""

    changes: Annotated[list[TermChangeForm], Field(max_length=100)] = Field(
        default_factory=list, description="条款变更 / Changes of terms"
    )
    conditions: ConditionsForm | None = Field(None, description="其他约定 / All conditions, where they are others now")
    order: Annotated[
        Label | None, Field(description="变更单号 / Number of the change order", examples=["BG-2026-0007"])
    ] = None


class ContractEnd(CommandBody):
    """终止合同 / The contract ends on the day of `occurred_at`."""

    reason: Annotated[Words | None, Field(description="原因 / Why", examples=["双方协商终止"])] = None


class ContractItem(BaseModel):
    """合同 / One line of the list."""

    id: UUID
    number: str = Field(description="合同编号 / Its number", examples=["HT-2026-0113"])
    kind: ContractKind = Field(description="类别 / Kind")
    customer_id: UUID | None = Field(description="客户编号 / Whose")
    extends: UUID | None = Field(description="延保的合同 / The contract that it extends")
    signed_at: datetime = Field(description="签订时间 / When it was signed")
    ended_at: datetime | None = Field(description="终止时间 / When it was ended before its time")
    version: int = Field(ge=1, description="版本 / Version of the contract's stream that this reflects")


class AmendmentItem(BaseModel):
    """变更 / What was agreed on one day."""

    agreed_at: datetime = Field(description="约定时间 / When it was agreed")
    changes: list[TermChangeForm] = Field(description="条款变更 / Changes of terms")
    conditions: ConditionsForm | None = Field(description="其他约定 / All conditions from then on")
    order: str | None = Field(description="变更单号 / Number of the change order", examples=["BG-2026-0007"])


class ContractDetails(ContractItem):
    """合同详情 / A contract with what it promised when it was signed, and what was agreed since."""

    status: str = Field(description="状态 / in_force, or ended", examples=["in_force"])
    end_reason: str | None = Field(
        description="终止原因 / Why it was ended; null once erased", examples=["双方协商终止"]
    )
    extended_by: list[UUID] = Field(description="延保合同 / Contracts that extend it")
    terms: list[TermForm] = Field(description="签订时的条款 / Terms as they were signed")
    amendments: list[AmendmentItem] = Field(description="历次变更 / In the order in which they were agreed")
    conditions: ConditionsForm = Field(description="现行其他约定 / What is agreed beside the warranty")
