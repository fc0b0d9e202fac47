"""What a contract promised, as the warranty reads it: published terms become clauses, changes become amendments."""

from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec

from libs.events.contracts.intake.contracts import ContractAmended, ContractSigned, TermChange
from libs.events.contracts.intake.contracts import Term as PublishedTerm
from services.intake.warranty.domain.contract import (
    AddTerm,
    Amendment,
    Change,
    Contract,
    RemoveTerm,
    SetTerm,
    Term,
)


def promise(signed: ContractSigned, amendments: Sequence[ContractAmended], ended_at: datetime | None) -> Contract:
    """The contract with its amendments in order of agreement, whatever the order in which they were recorded."""
    return Contract(
        id=signed.contract_id,
        signed_at=signed.signed_at,
        kind=signed.kind,
        terms=tuple(term_of(term) for term in signed.terms),
        amendments=tuple(each for amended in amendments for each in _amendments(amended)),
        ended_at=ended_at,
        extends=signed.extends,
    )


def term_of(term: PublishedTerm) -> Term:
    """A term as the warranty reads it; what a newer release added to it is left aside."""
    return msgspec.convert(term, Term, from_attributes=True)


def _amendments(amended: ContractAmended) -> Iterator[Amendment]:
    for change in amended.changes:
        yield Amendment(at=amended.agreed_at, change=_change(change))


def _change(change: TermChange) -> Change:
    given = {name: value for name, value in msgspec.structs.asdict(change).items() if value is not None}
    op = given.pop("op")
    match op:
        case "add":
            return AddTerm(msgspec.convert(given, Term))
        case "set":
            return SetTerm(**given)
        case _:
            return RemoveTerm(component_class=change.component_class)
