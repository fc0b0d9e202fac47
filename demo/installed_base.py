"""What the demo's customers own, derived from the incidents: the log names products and countries, and no owners. Pure.

An office in each country has the products that were reported from there, one asset a product: the `MOST` that were
reported most often. Every office has a contract from a template of the product's own, in turn. When an asset was
accepted follows from its product's number, so that of the same incidents the same verdicts come.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from demo.incidents import ZONE, Incident

MOST = 60
NOWHERE = "0"
"""What the log has for a country that nobody filled in."""

TEMPLATES = ("PP-12a", "PP-20b", "PP-11", "PP-06b")
"""36 months from the card or the acceptance, 12 from the day after it, 24 with as many for hidden defects."""

SIGNED_AT = "2008-01-07T09:00:00+01:00"
FIRST_DAY, DAYS, STRIDE = date(2008, 6, 2), 1400, 37
"""Assets were accepted on one of so many days; products whose numbers are neighbours, so many days apart."""

ZONES = {
    "Belgium": "Europe/Brussels",
    "Brazil": "America/Sao_Paulo",
    "China": "Asia/Shanghai",
    "France": "Europe/Paris",
    "INDIA": "Asia/Kolkata",
    "Japan": "Asia/Tokyo",
    "POLAND": "Europe/Warsaw",
    "USA": "America/New_York",
}


class Owned(NamedTuple):
    """A product in a country's office."""

    country: str
    product: str


@dataclass(frozen=True, slots=True)
class InstalledBase:
    """The offices by their countries, and what stands in them; both in the order of the alphabet."""

    countries: Sequence[str]
    assets: Sequence[Owned]

    @classmethod
    def of(cls, incidents: Iterable[Incident]) -> "InstalledBase":
        """What was reported most often; of equals the first in the alphabet."""
        reported = Counter(found for incident in incidents if (found := owned(incident)).country != NOWHERE)
        most = sorted(reported, key=lambda asset: (-reported[asset], asset))[:MOST]
        return cls(sorted({asset.country for asset in most}), sorted(most))

    def __contains__(self, incident: Incident) -> bool:
        """Whether the incident is about an asset that is on file."""
        return owned(incident) in self.assets


def owned(incident: Incident) -> Owned:
    """What the incident is about: it stands where it was reported from."""
    return Owned(incident.events[0].country, incident.product)


def office(country: str) -> dict[str, Any]:
    """The form of a country's customer."""
    return {"name": f"Office in {country}", "phones": ["+46 31 660 000"], "address": country}


def template_of(number: int) -> str:
    """The template that the contract of the nth office is made from."""
    return TEMPLATES[number % len(TEMPLATES)]


def agreed(number: int, customer_id: str, terms: Sequence[Any]) -> dict[str, Any]:
    """The form of the nth office's contract."""
    about = {"number": f"HT-2008-{number + 1:04}", "kind": "own", "customer_id": customer_id}
    return {**about, "terms": terms, "occurred_at": SIGNED_AT}


def installed(asset: Owned, customer_id: str, contract_id: str) -> dict[str, Any]:
    """The form of an asset: one component, with the day of its acceptance on its card, too."""
    number = int("".join(filter(str.isdigit, asset.product)))
    day = (FIRST_DAY + timedelta(days=number * STRIDE % DAYS)).isoformat()
    card = f"BX-{number:04}-{asset.country[:2].upper()}"
    return {
        "customer_id": customer_id,
        "model": asset.product,
        "serial": f"{asset.product}-{asset.country}",
        "site": {"timezone": ZONES.get(asset.country, ZONE), "region": asset.country, "address": asset.country},
        "days": {"acceptance_date": day, "card_number": card, "card_date": day},
        "parts": [{"id": "main", "component_class": "main_unit", "installed_on": day}],
        "contracts": [contract_id],
    }
