"""What the warranty says of an asset: a story, which looks at the asset and at all contracts that may cover it.

Nothing of it is stored with the asset, so that an amended contract changes no asset.
"""

from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from libs.events import Addressed, Change
from services.intake.assets.domain.asset import Asset, asset
from services.intake.assets.domain.command import ConsultAsset
from services.intake.contracts.domain.contract import ConsultContract, Contract, contract
from services.intake.models.domain import ConsultModel, Model, model, model_id, product
from services.intake.warranty.domain.question import Ask, Cause, Given
from services.intake.warranty.domain.verdict import Verdict, assess

Contracts = Mapping[str, Contract]
"""Contracts by id, as they are on file."""


@dataclass(frozen=True, slots=True)
class Question:
    """Whether a part, the first where None, was covered on a day for a cause."""

    on: datetime
    part_id: str | None = None
    cause: Cause | None = None
    discoverable_before_expiry: bool | None = None


def related(state: Contract) -> Iterator[str]:
    """The contracts that go with one: those that extend it, and the one that it extends."""
    yield from state.extended_by
    if state.signed and state.signed.extends:
        yield state.signed.extends


def holding(state: Asset, found: Contracts) -> Contracts:
    """Those that hold for the asset: what goes with one of its contracts and is somebody else's does not."""
    owner = state.installed.customer_id if state.installed else None
    return {
        id: each
        for id, each in found.items()
        if id in state.contracts or (each.signed and each.signed.customer_id in (None, owner))
    }


def further(state: Asset, found: Contracts) -> str | None:
    """A contract that may cover the asset and was not looked at; None: all were."""
    wanted = [*state.contracts, *(id for each in holding(state, found).values() for id in related(each))]
    return next((id for id in wanted if id not in found), None)


def verdict(state: Asset, found: Contracts, question: Question, default: Model = None) -> Verdict | None:
    """The verdict; None for an asset that is not on file, or has no such part. `default` is its model."""
    insured = state.insured
    part = question.part_id or (state.parts[0].id if state.parts else "")
    if insured is None or state.part(part) is None:
        return None
    promises = tuple(each.promise for _, each in sorted(holding(state, found).items()))
    defaults = product(default, insured.model) if insured.model else None
    given = Given(insured, tuple(promise for promise in promises if promise), (defaults,) if defaults else ())
    return assess(given, _ask(part, question))


def _ask(part: str, question: Question) -> Ask:
    return Ask(
        component=part,
        on=question.on,
        cause=question.cause,
        discoverable_before_expiry=question.discoverable_before_expiry,
    )


def consulted(asset_id: str, question: Question) -> Generator[Addressed, Change, Verdict | None]:
    """The verdict within a story: `found = yield from consulted(asset_id, question)`."""
    looked = yield asset.on(asset_id, ConsultAsset())
    state: Asset = looked.after
    found: dict[str, Contract] = {}
    while (id := further(state, found)) is not None:
        found[id] = (yield contract.on(id, ConsultContract())).after
    default: Model = None
    if state.installed is not None:
        default = (yield model.on(model_id(state.installed.identity.model), ConsultModel())).after
    return verdict(state, found, question, default)
