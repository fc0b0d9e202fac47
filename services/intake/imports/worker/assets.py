"""Assets from a file: each with one component, under the contracts that its row names by number."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from libs.chassis.department import department
from libs.events.background.job_kind import Step
from libs.events.contracts.intake.assets import AssetPart, Days, Identity
from libs.imports.outcome import Wrong
from libs.imports.subject import Filled, Plan, Planned, Subject
from services.intake.assets.api.assets import filed
from services.intake.assets.api.filing import meant_site
from services.intake.assets.api.forms import NewAsset
from services.intake.assets.domain.command import InstallAsset
from services.intake.imports.domain.columns import ASSETS
from services.intake.imports.worker.on_file import (
    NO_CONTRACT,
    NO_CUSTOMER,
    TWO_CONTRACTS,
    contracts_of,
    customers_of,
)

PLATE = ("model", "serial", "lot", "maker", "supplier", "sold_as")
SITE = ("region", "address")
DAYS = ("acceptance_date", "completion_date", "card_number", "card_date")
PART = "main"
"""What the one component of a row is called; others are added one by one."""


class Assets(Subject):
    """What stands where, and since when its warranty may run."""

    columns = ASSETS
    form = NewAsset
    may_refuse = True

    def document(self, said: Mapping[str, Any]) -> dict[str, Any]:
        part = {"id": PART, "component_class": said["component_class"], "serial": said.get("serial")}
        return {
            **_some(said, ("customer_id", *PLATE)),
            "site": {"timezone": said.get("timezone", department().timezone), **_some(said, SITE)},
            "days": _some(said, DAYS),
            "parts": [{**part, "installed_on": said.get("installed_on")}],
        }

    async def plans(self, step: Step[Any, Any], rows: Sequence[Filled]) -> list[Planned]:
        customers = await customers_of(step, (str(row.form.customer_id) for row in rows))
        numbers = await contracts_of(step, (number for row in rows for number in row.said.get("contracts", ())))
        return [_installed(row, customers, numbers) for row in rows]


def _some(said: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {name: said[name] for name in names if name in said}


def _installed(row: Filled, customers: set[str], numbers: Mapping[str, list[str]]) -> Planned:
    if str(row.form.customer_id) not in customers:
        return (Wrong("customer_id", NO_CUSTOMER),)
    named = [numbers.get(number, []) for number in row.said.get("contracts", ())]
    if not all(named):
        return (Wrong("contracts", NO_CONTRACT),)
    if any(len(ids) > 1 for ids in named):
        return (Wrong("contracts", TWO_CONTRACTS),)
    return _filed(row, tuple(ids[0] for ids in named))


def _filed(row: Filled, contracts: tuple[str, ...]) -> Plan:
    form: NewAsset = row.form
    site, texts = meant_site(form.site, str(form.customer_id))
    command = InstallAsset(
        asset_id=row.id,
        customer_id=str(form.customer_id),
        identity=Identity(**{name: getattr(form, name) for name in PLATE}),
        site=site,
        days=form.days.meant(Days),
        parts=tuple(part.meant(AssetPart) for part in form.parts),
        contracts=contracts,
    )
    return Plan(work=partial(filed, command), texts=texts)
