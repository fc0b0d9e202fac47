"""Assets from a file: each with one component, or those of its model, under contracts that its row names by number."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from libs.chassis.department import department
from libs.events.background.job_kind import Step
from libs.events.contracts.intake.assets import AssetPart, Days, Identity
from libs.imports.columns import REQUIRED
from libs.imports.outcome import Wrong
from libs.imports.subject import Filled, Plan, Planned, Subject
from services.intake.assets.api.assets import filed
from services.intake.assets.api.filing import meant_site
from services.intake.assets.api.forms import NewAsset
from services.intake.assets.domain.card import card, card_id
from services.intake.assets.domain.command import InstallAsset
from services.intake.assets.domain.serial import serial, serial_id
from services.intake.contracts.api.forms import ANOTHERS_CONTRACT
from services.intake.imports.domain.columns import ASSETS
from services.intake.imports.worker.on_file import (
    NO_CONTRACT,
    NO_CUSTOMER,
    TWO_CONTRACTS,
    Numbered,
    Parts,
    cards_of,
    components_of,
    contracts_of,
    customers_of,
)
from services.intake.models.domain import ModelComponent

PLATE = ("model", "serial", "lot", "maker", "supplier", "sold_as")
SITE = ("region", "address")
DAYS = ("acceptance_date", "completion_date", "card_number", "card_date")
PART = "main"
"""What the one component of a row is called that names its class; others are added one by one."""


class Assets(Subject):
    """What stands where, and since when its warranty may run."""

    columns = ASSETS
    form = NewAsset
    may_refuse = True

    def document(self, said: Mapping[str, Any]) -> dict[str, Any]:
        part = {"id": PART, "component_class": said.get("component_class", "*"), "serial": said.get("serial")}
        return {
            **_some(said, ("customer_id", *PLATE)),
            "site": {"timezone": said.get("timezone", department().timezone), **_some(said, SITE)},
            "days": _some(said, DAYS),
            "parts": [{**part, "installed_on": said.get("installed_on")}],
        }

    async def plans(self, step: Step[Any, Any], rows: Sequence[Filled]) -> list[Planned]:
        customers = await customers_of(step, (str(row.form.customer_id) for row in rows))
        numbers = await contracts_of(step, (number for row in rows for number in row.said.get("contracts", ())))
        parts = await components_of(step, (row.form.model for row in rows if _is_models(row)))
        cards = await cards_of(step, (number for row in rows if (number := row.form.days.card_number)))
        return [_installed(row, customers, numbers, parts, cards) for row in rows]


def _some(said: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {name: said[name] for name in names if name in said}


def _installed(
    row: Filled,
    customers: set[str],
    numbers: Mapping[str, list[Numbered]],
    parts: Parts,
    cards: Mapping[str, str],
) -> Planned:
    owner = str(row.form.customer_id)
    if owner not in customers:
        return (Wrong("customer_id", NO_CUSTOMER),)
    named = [numbers.get(number, []) for number in row.said.get("contracts", ())]
    if not all(named):
        return (Wrong("contracts", NO_CONTRACT),)
    if any(len(found) > 1 for found in named):
        return (Wrong("contracts", TWO_CONTRACTS),)
    contracts = [found[0] for found in named]
    if any(contract.customer_id not in (None, owner) for contract in contracts):
        return (Wrong("contracts", ANOTHERS_CONTRACT),)
    if _is_models(row) and not parts[row.form.model]:
        return (Wrong("component_class", REQUIRED),)
    own = tuple(part.meant(AssetPart) for part in row.form.parts)
    models = tuple(_part(row, component) for component in parts.get(row.form.model, ()))
    other = cards.get((row.form.days.card_number or "").lower())
    return _filed(row, tuple(contract.id for contract in contracts), models if _is_models(row) else own, other)


def _is_models(row: Filled) -> bool:
    """Whether the row leaves it to the model what it is made of."""
    return "component_class" not in row.said


def _part(row: Filled, component: ModelComponent) -> AssetPart:
    """A component of the model, put in with the asset."""
    (first,) = row.form.parts
    return AssetPart(
        id=component.id,
        component_class=component.component_class,
        parent=component.parent,
        installed_on=first.installed_on,
    )


def _filed(row: Filled, contracts: tuple[str, ...], parts: tuple[AssetPart, ...], other: str | None) -> Plan:
    form: NewAsset = row.form
    site, texts = meant_site(form.site, str(form.customer_id))
    command = InstallAsset(
        asset_id=row.id,
        customer_id=str(form.customer_id),
        identity=Identity(**{name: getattr(form, name) for name in PLATE}),
        site=site,
        days=form.days.meant(Days),
        parts=parts,
        contracts=contracts,
    )
    return Plan(work=partial(filed, command, other), streams=_streams(command), texts=texts)


def _streams(command: InstallAsset) -> Sequence[str]:
    """Of its serial and of its card: whether another asset has them."""
    maker, number, card_number = command.identity.maker, command.identity.serial, command.days.card_number
    serials = [serial.stream(serial_id(maker, number))] if maker is not None and number is not None else []
    return [*serials, *([card.stream(card_id(card_number))] if card_number is not None else [])]
