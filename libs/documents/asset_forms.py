"""What is printed of assets: the card that says what is covered until when, and the labels that are stuck on them."""

import msgspec

from libs.documents.forms import Document


class Covered(msgspec.Struct, frozen=True, kw_only=True):
    """A component, and the days on which the warranty covers it."""

    part: str
    component_class: str
    serial: str | None
    begin: str | None
    until: str | None
    clause: str | None


class WarrantyCard(Document, frozen=True, kw_only=True):
    """保修卡: the project, what is covered and until when, on which principles, and who answers for it."""

    name = "warranty-card"
    title = "保修卡"

    project: str
    customer: str | None
    site: str | None
    model: str
    serial: str | None
    maker: str | None
    contracts: str
    accepted: str | None
    completed: str | None
    covered: list[Covered]
    hotline: str | None


class Label(msgspec.Struct, frozen=True, kw_only=True):
    """What is stuck on one asset; the QR code leads to its address."""

    address: str
    model: str
    serial: str | None


class AssetLabel(Document, frozen=True, kw_only=True):
    """设备标签: one label, on a strip of 62 by 29 mm."""

    name = "asset-label"
    title = "设备标签"

    labels: list[Label]


class AssetLabels(Document, frozen=True, kw_only=True):
    """设备标签: those of all assets of a customer, on A4, three beside each other."""

    name = "asset-labels"
    title = "设备标签页"

    labels: list[Label]
