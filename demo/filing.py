"""Puts the installed base on file over HTTP, before the first incident: what a ticket's opening names of it."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from demo.clients import Apis
from demo.incidents import Incident
from demo.installed_base import InstalledBase, Owned, agreed, installed, office, owned, template_of

AGENT, MANAGER = "agent", "manager"


@dataclass(frozen=True, slots=True)
class OnFile:
    """Customers' and assets' ids, by what they are."""

    customers: Mapping[str, str]
    assets: Mapping[Owned, str]

    def named(self, incident: Incident) -> Mapping[str, str] | None:
        """What the incident's ticket names: the customer and the asset; None where the asset is not on file."""
        asset = owned(incident)
        if asset not in self.assets:
            return None
        return {"customer_id": self.customers[asset.country], "asset_id": self.assets[asset]}


async def put_on_file(apis: Apis, base: InstalledBase) -> OnFile:
    """The offices, their contracts and what they own. Done again, it changes nothing."""
    templates = await apis.get("intake", MANAGER, "/v1/contract-templates")
    terms = {item["row"]: item["terms"] for item in templates["items"]}
    customers, contracts = {}, {}
    for number, country in enumerate(base.countries):
        customers[country] = await _filed(apis, AGENT, "customers", country, office(country))
        form = agreed(number, customers[country], terms[template_of(number)])
        contracts[country] = await _filed(apis, MANAGER, "contracts", country, form)
    forms = [installed(asset, customers[asset.country], contracts[asset.country]) for asset in base.assets]
    return OnFile(customers, dict(zip(base.assets, await _assets(apis, base.assets, forms), strict=True)))


async def _assets(apis: Apis, assets: Sequence[Owned], forms: Sequence[Mapping[str, Any]]) -> Sequence[str]:
    names = [f"{asset.country}/{asset.product}" for asset in assets]
    filed = (_filed(apis, AGENT, "assets", name, form) for name, form in zip(names, forms, strict=True))
    return await asyncio.gather(*filed)


async def _filed(apis: Apis, role: str, noun: str, name: str, form: Mapping[str, Any]) -> str:
    """The id of what is on file under this name, put there once."""
    id: str = (await apis.command("intake", role, f"/v1/{noun}", f"demo/{noun}/{name}", form))["id"]
    return id
