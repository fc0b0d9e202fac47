"""What rows name that has to be on file: customers by id, contracts by number."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from libs.events.background.job_kind import Step

NO_CUSTOMER = "No customer of this id is on file."
NO_CONTRACT = "No contract of this number is on file."
TWO_CONTRACTS = "Two contracts of this number are on file."

CUSTOMERS = "SELECT id FROM contact WHERE id = ANY($1)"
CONTRACTS = "SELECT id, number FROM contract WHERE number = ANY($1)"


async def customers_of(step: Step[Any, Any], ids: Iterable[str]) -> set[str]:
    """Those of these ids that are customers."""
    return {row["id"] for row in await step.connection.fetch(CUSTOMERS, list(set(ids)))}


async def contracts_of(step: Step[Any, Any], numbers: Iterable[str]) -> Mapping[str, list[str]]:
    """The ids of the contracts by these numbers."""
    found: dict[str, list[str]] = defaultdict(list)
    for row in await step.connection.fetch(CONTRACTS, list(set(numbers))):
        found[row["number"]].append(row["id"])
    return found
