"""What rows name that has to be on file: customers by id, contracts by number, models by name."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from libs.events.background.job_kind import Step
from services.intake.models.domain import ModelComponent, model, model_id

NO_CUSTOMER = "No customer of this id is on file."
NO_CONTRACT = "No contract of this number is on file."
TWO_CONTRACTS = "Two contracts of this number are on file."

CUSTOMERS = "SELECT id FROM contact WHERE id = ANY($1)"
CARDS = "SELECT id, lower(card_number) AS number FROM asset WHERE lower(card_number) = ANY($1)"
CONTRACTS = "SELECT id, number, customer_id FROM contract WHERE number = ANY($1)"


async def customers_of(step: Step[Any, Any], ids: Iterable[str]) -> set[str]:
    """Those of these ids that are customers."""
    return {row["id"] for row in await step.connection.fetch(CUSTOMERS, list(set(ids)))}


async def cards_of(step: Step[Any, Any], numbers: Iterable[str]) -> Mapping[str, str]:
    """The assets that have warranty cards of these numbers, by the number in small letters."""
    wanted = list({number.lower() for number in numbers})
    found = await step.connection.fetch(CARDS, wanted) if wanted else []
    return {row["number"]: row["id"] for row in found}


@dataclass(frozen=True, slots=True)
class Numbered:
    """A contract of a number, and whose it is; None: nobody's in particular."""

    id: str
    customer_id: str | None


async def contracts_of(step: Step[Any, Any], numbers: Iterable[str]) -> Mapping[str, list[Numbered]]:
    """The contracts by these numbers."""
    found: dict[str, list[Numbered]] = defaultdict(list)
    for row in await step.connection.fetch(CONTRACTS, list(set(numbers))):
        found[row["number"]].append(Numbered(row["id"], row["customer_id"]))
    return found


Parts = Mapping[str, Sequence[ModelComponent]]
"""Of product models by name; none of a model that is not on file."""


async def components_of(step: Step[Any, Any], names: Iterable[str]) -> Parts:
    """What the models of these names are made of."""
    streams = {name: model.stream(model_id(name)) for name in names}
    if not streams:
        return {}
    _, histories = await step.store.load(list(set(streams.values())), step.connection)
    found = {name: model.replay(histories.get(stream, [])) for name, stream in streams.items()}
    return {name: state.components if state else () for name, state in found.items()}
