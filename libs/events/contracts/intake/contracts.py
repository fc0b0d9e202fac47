"""Contracts (合同): what was promised to a customer, for how long, and what else belongs to it."""

from datetime import date
from typing import Annotated, Literal

import msgspec

from libs.events.event import Instant, Published, event

ContractKind = Literal["own", "maker", "extension"]
StartRule = Literal["card", "completion", "acceptance", "day_after_acceptance", "date", "after_base"]
ReplacementRule = Literal["rest", "own"]
ExpansionRule = Literal["own"]
ChangeOp = Literal["set", "add", "remove"]
EntitledService = Literal["visit", "inspection", "training"]
EntitledPer = Literal["month", "quarter", "half_year", "year", "contract"]

Months = Annotated[int, msgspec.Meta(ge=1, le=600)]
LatentMonths = Annotated[int, msgspec.Meta(ge=0, le=600)]
ShelfYears = Annotated[int, msgspec.Meta(ge=0, le=5)]
Number = Annotated[str, msgspec.Meta(examples=["HT-2026-0113"])]
ComponentClass = Annotated[str, msgspec.Meta(examples=["pump"])]


class Term(msgspec.Struct, frozen=True, kw_only=True):
    """How long components of a class are covered and from which day; the class `*` is every one without its own."""

    component_class: ComponentClass
    months: Months
    start_rule: StartRule
    latent_defect_months: LatentMonths = 0
    shelf_years: ShelfYears | None = None
    start_date: date | None = None
    replacement: ReplacementRule = "rest"
    replacement_months: Months | None = None
    expansion: ExpansionRule | None = None


class TermChange(msgspec.Struct, frozen=True, kw_only=True):
    """What an amendment does to the term of a class: adds one, sets the fields that are given, or removes it."""

    op: ChangeOp
    component_class: ComponentClass
    months: Months | None = None
    start_rule: StartRule | None = None
    latent_defect_months: LatentMonths | None = None
    shelf_years: ShelfYears | None = None
    start_date: date | None = None
    replacement: ReplacementRule | None = None
    replacement_months: Months | None = None
    expansion: ExpansionRule | None = None


class Entitlement(msgspec.Struct, frozen=True, kw_only=True):
    """Services that the contract pays for: so many visits, inspections or trainings in each such time."""

    service: EntitledService
    times: Annotated[int, msgspec.Meta(ge=1, le=1000)]
    per: EntitledPer


class Price(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the price list: what one of `unit` costs, in fen."""

    item: Annotated[str, msgspec.Meta(examples=["compressor"])]
    unit: Annotated[str, msgspec.Meta(examples=["piece"])]
    price: Annotated[int, msgspec.Meta(ge=0)]


class BudgetLine(msgspec.Struct, frozen=True, kw_only=True):
    """What may be spent on one item, in fen."""

    item: Annotated[str, msgspec.Meta(examples=["spare parts"])]
    amount: Annotated[int, msgspec.Meta(ge=0)]


class Conditions(msgspec.Struct, frozen=True, kw_only=True):
    """What a contract says beside its warranty. `labour_cap` is the most that an hour costs, in fen."""

    service_level: str | None = None
    labour_cap: Annotated[int, msgspec.Meta(ge=0)] | None = None
    travel_free: bool | None = None
    entitlements: list[Entitlement] = []
    prices: list[Price] = []
    budget: list[BudgetLine] = []


@event("intake.ContractSigned")
class ContractSigned(Published, frozen=True, kw_only=True):
    """A contract, a maker's commitment or an extension, which `extends` another contract, was signed.

    A maker's commitment may be for no customer in particular.
    """

    contract_id: str
    number: Number
    kind: ContractKind
    customer_id: str | None = None
    signed_at: Instant
    terms: list[Term]
    conditions: Conditions = Conditions()
    extends: str | None = None


@event("intake.ContractAmended")
class ContractAmended(Published, frozen=True, kw_only=True):
    """Terms are others from the day `agreed_at` on, and so are all conditions, where they are given.

    `order` is the number of the change order, where there is one.
    """

    contract_id: str
    agreed_at: Instant
    changes: list[TermChange]
    conditions: Conditions | None = None
    order: str | None = None


@event("intake.ContractExtended")
class ContractExtended(Published, frozen=True, kw_only=True):
    """Another contract, `by`, extends this one: it holds for the same assets."""

    contract_id: str
    by: str


@event("intake.ContractEnded")
class ContractEnded(Published, frozen=True, kw_only=True):
    """The contract ended before its time: the day of `ended_at` is the last that it covers. The reason is a text."""

    contract_id: str
    ended_at: Instant
    reason_id: str | None = None
