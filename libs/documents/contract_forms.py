"""What is printed of a contract: what was promised, what it costs, what was agreed since, and for which assets."""

import msgspec

from libs.documents.forms import Document


class TermLine(msgspec.Struct, frozen=True, kw_only=True):
    """How long a class of components is covered, from when, and what is particular about it."""

    component_class: str
    months: str
    start: str
    latent: str
    notes: str


class AmountLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the price list, of one `unit`, or of the budget."""

    item: str
    unit: str | None = None
    amount: str


class ChangeLine(msgspec.Struct, frozen=True, kw_only=True):
    """A change order: its number, the day that it counts from, and what it says."""

    order: str | None
    agreed: str
    says: list[str]


class AssetLine(msgspec.Struct, frozen=True, kw_only=True):
    """An asset that the contract holds for; where it stands and its card are for its owner alone."""

    model: str
    serial: str | None
    maker: str | None
    region: str | None = None
    card: str | None = None


class ServiceContract(Document, frozen=True, kw_only=True):
    """售后服务合同: as it stands on the day of the print; `more` assets than a paper is for are left out.

    One `of_maker` is for assets of many customers, and goes to the maker: it says nothing of whose they are.
    """

    name = "service-contract"
    title = "售后服务合同"

    kind: str
    of_maker: bool
    customer: str | None
    signed: str
    ended: str | None
    extends: str | None
    extended_by: str | None
    level: str | None
    labour_cap: str | None
    travel: str | None
    entitlements: list[str]
    terms: list[TermLine]
    prices: list[AmountLine]
    budget: list[AmountLine]
    total: str | None
    changes: list[ChangeLine]
    assets: list[AssetLine]
    more: bool
    hotline: str | None
