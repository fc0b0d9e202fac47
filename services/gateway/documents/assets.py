"""From an asset as intake answers it to its warranty card and its label."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from libs.documents.asset_forms import AssetLabel, AssetLabels, Covered, Label, WarrantyCard
from services.gateway.documents.domain import Answer


@dataclass(frozen=True)
class AssetRecord:
    """What intake answered of one asset: `warranties` are those of its components. None: hidden from the reader."""

    asset: Answer
    customer: Answer | None
    contracts: Sequence[Answer]
    warranties: Sequence[Answer]


def card(record: AssetRecord, address: str, hotline: str) -> WarrantyCard:
    """保修卡. Its number is the one on file, else the serial, else the beginning of the asset's id."""
    asset, customer, days = record.asset, record.customer or {}, record.asset["days"]
    numbers = "、".join(contract["number"] for contract in record.contracts)
    return WarrantyCard(
        number=days["card_number"] or asset["serial"] or asset["id"][:8],
        version=asset["version"],
        address=address,
        project=" ".join(filter(None, [customer.get("name"), numbers])) or asset["model"],
        customer=customer.get("name"),
        site=asset["sites"][-1]["address"] if asset["sites"] else None,
        model=asset["model"],
        serial=asset["serial"],
        maker=asset["maker"],
        contracts=numbers,
        accepted=days["acceptance_date"],
        completed=days["completion_date"],
        covered=[covered(part, found) for part, found in zip(in_use(asset), record.warranties, strict=True)],
        hotline=hotline or None,
    )


def in_use(asset: Answer) -> list[Answer]:
    """The components that were not taken out."""
    return [part for part in asset["parts"] if part["replaced_on"] is None]


def covered(part: Answer, warranty: Answer) -> Covered:
    """A line of the card."""
    clause = warranty["clause"] or {}
    return Covered(
        part=part["id"],
        component_class=part["component_class"],
        serial=part["serial"],
        begin=warranty["from"],
        until=warranty["until"],
        clause=clause.get("number"),
    )


def label_of(asset: Answer, address_of: Callable[[str], str]) -> Label:
    return Label(address=address_of(asset["id"]), model=asset["model"], serial=asset["serial"])


def one_label(asset: Answer, address_of: Callable[[str], str]) -> AssetLabel:
    """The label of one asset."""
    label = label_of(asset, address_of)
    return AssetLabel(number=asset["serial"] or asset["id"][:8], version=asset["version"], address="/", labels=[label])


def all_labels(customer_id: str, assets: Sequence[Answer], address_of: Callable[[str], str]) -> AssetLabels:
    """The labels of all assets of a customer that are in use."""
    labels = [label_of(asset, address_of) for asset in assets if asset["retired_at"] is None]
    return AssetLabels(number=customer_id[:8], version=len(labels), address="/", labels=labels)
