"""A product model (产品型号): its name stands once, and what is said of it holds from now on for all assets of it.

Its terms are defaults: they hold where no own or maker's contract in force says anything (W9).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never
from uuid import NAMESPACE_OID, uuid5

import msgspec

from libs.events import Catalogue, Decider, Event, Refused, event
from libs.events.contracts.intake.contracts import Term
from services.intake.contracts.domain.promise import term_of
from services.intake.warranty.domain.contract import Product
from services.intake.warranty.domain.flaw import Flaw, product_flaws


class ModelComponent(msgspec.Struct, frozen=True, kw_only=True):
    """A component that each asset of the model has to begin with."""

    id: str
    component_class: str
    parent: str | None = None


@event("intake.ModelDefined")
class ModelDefined(Event, frozen=True, kw_only=True):
    """All that is said of a model, for the first time or anew."""

    model_id: str
    name: str
    maker: str | None = None
    terms: list[Term] = msgspec.field(default_factory=list)
    components: list[ModelComponent] = msgspec.field(default_factory=list)


@dataclass(frozen=True, slots=True)
class DefineModel:
    """Put a model on file; `known` says that it has to be there and is said anew."""

    model_id: str
    name: str
    maker: str | None
    terms: tuple[Term, ...] = ()
    components: tuple[ModelComponent, ...] = ()
    known: bool = False


@dataclass(frozen=True, slots=True)
class ConsultModel:
    """Look at the model and change nothing: a story that depends on it asks so."""


ModelCommand = DefineModel | ConsultModel
Model = ModelDefined | None
"""What was said last; None: nothing."""


def model_id(name: str) -> str:
    """The id of a model by its name, the same without regard to case."""
    return str(uuid5(NAMESPACE_OID, f"model\n{name.casefold()}"))


def product(state: Model, name: str) -> Product | None:
    """The defaults as the warranty reads them, for an asset whose model is written so; None: there are none."""
    if state is None or not state.terms:
        return None
    return Product(name, tuple(term_of(term) for term in state.terms))


def decide(command: ModelCommand, state: Model, at: datetime) -> Sequence[ModelDefined]:
    """What is said of the model. Raises Refused for a name that stands already, and what contradicts itself."""
    match command:
        case ConsultModel():
            return []
        case DefineModel():
            _may(command, state)
            said = _said(command)
            if found := next(_flaws(said), None):
                raise Refused("model-contradicts", found.sentence, field=found.field)
            return [] if said == state else [said]
        case _:
            assert_never(command)


def _may(command: DefineModel, state: Model) -> None:
    if state is None and command.known:
        raise Refused("unknown-model", "No model of this id is on file.")
    if state is not None and not command.known:
        raise Refused("model-on-file", "A model of this name is on file.", model_id=command.model_id)


def _said(command: DefineModel) -> ModelDefined:
    return ModelDefined(
        model_id=command.model_id,
        name=command.name,
        maker=command.maker,
        terms=list(command.terms),
        components=list(command.components),
    )


def _flaws(said: ModelDefined) -> Iterator[Flaw]:
    """What contradicts itself: two terms of a class, a component that is part of none, or of itself."""
    found = product(said, said.name)
    yield from product_flaws("", found) if found else ()
    ids = [component.id for component in said.components]
    for place, component in enumerate(said.components):
        if component.id in ids[:place]:
            yield Flaw(f"components[{place}].id", "Another one has it.")
        if component.parent is not None and component.parent not in ids[:place]:
            yield Flaw(f"components[{place}].parent", "There is none of this id.")


def evolve(state: Model, event: ModelDefined) -> Model:
    return event


def status(state: Model) -> str:
    """One word for a command's answer."""
    return "on_file" if state else "unknown"


model: Decider[ModelCommand, Model, ModelDefined] = Decider(
    "model", Catalogue(ModelDefined), None, decide, evolve, status
)
