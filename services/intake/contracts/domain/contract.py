"""A contract (合同): signed once, amended as often as both sides agree, perhaps extended by another, perhaps ended.

Amendments count from the day on which they were agreed, so they may be recorded in any order.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import assert_never, get_args

from libs.events import Catalogue, Decider, Refused
from libs.events.contracts.intake.contracts import (
    Conditions,
    ContractAmended,
    ContractEnded,
    ContractExtended,
    ContractKind,
    ContractSigned,
    Term,
    TermChange,
)
from services.intake.contracts.domain.promise import promise
from services.intake.warranty.domain.contract import Contract as Promise
from services.intake.warranty.domain.flaw import Flaw, contract_flaws

NEEDED = {"add": ("months", "start_rule")}
"""What a change of a term cannot go without, by what it does."""


@dataclass(frozen=True, slots=True)
class SignContract:
    """Put a signed contract on file; it was signed when the command happened."""

    contract_id: str
    number: str
    kind: ContractKind
    customer_id: str | None
    terms: tuple[Term, ...]
    conditions: Conditions = field(default_factory=Conditions)
    extends: str | None = None


@dataclass(frozen=True, slots=True)
class AmendContract:
    """Record what both sides agreed when the command happened."""

    contract_id: str
    changes: tuple[TermChange, ...]
    conditions: Conditions | None = None
    order: str | None = None


@dataclass(frozen=True, slots=True)
class ExtendContract:
    """Let the contract `by` hold for the same assets."""

    contract_id: str
    by: str


@dataclass(frozen=True, slots=True)
class EndContract:
    """End the contract on the day on which the command happened; the reason is a text."""

    contract_id: str
    reason_id: str | None = None


@dataclass(frozen=True, slots=True)
class ConsultContract:
    """Look at the contract and change nothing: a story that depends on it asks so."""


ContractCommand = SignContract | AmendContract | ExtendContract | EndContract | ConsultContract
ContractEvent = ContractSigned | ContractAmended | ContractExtended | ContractEnded


@dataclass(frozen=True, slots=True)
class Contract:
    """What is on file of a contract; None: it was never signed."""

    signed: ContractSigned | None = None
    amendments: tuple[ContractAmended, ...] = ()
    extended_by: tuple[str, ...] = ()
    ended_at: datetime | None = None
    end_reason_id: str | None = None

    @property
    def promise(self) -> Promise | None:
        """The contract as the warranty reads it."""
        return promise(self.signed, self.amendments, self.ended_at) if self.signed else None

    @property
    def conditions(self) -> Conditions:
        """What is agreed last beside the warranty."""
        agreed = [each for each in sorted(self.amendments, key=lambda each: each.agreed_at) if each.conditions]
        if agreed and agreed[-1].conditions:
            return agreed[-1].conditions
        return self.signed.conditions if self.signed else Conditions()


def decide(command: ContractCommand, contract: Contract, at: datetime) -> Sequence[ContractEvent]:
    """The events of a command. Refuses what contradicts the contract, and names the field."""
    match command:
        case ConsultContract():
            return []
        case SignContract():
            return [] if contract.signed else _sound([_signed(command, at)], contract)
        case AmendContract(contract_id, changes, conditions, order):
            _going_on(contract, at)
            amended = ContractAmended(
                contract_id=contract_id, agreed_at=at, changes=list(changes), conditions=conditions, order=order
            )
            return _sound([amended], contract)
        case ExtendContract(contract_id, by):
            _on_file(contract)
            return [] if by in contract.extended_by else [ContractExtended(contract_id=contract_id, by=by)]
        case EndContract(contract_id, reason_id):
            _going_on(contract, at)
            if contract.ended_at is not None:
                raise Refused("contract-ended", "The contract was ended.")
            return [ContractEnded(contract_id=contract_id, ended_at=at, reason_id=reason_id)]
        case _:
            assert_never(command)


def _signed(command: SignContract, at: datetime) -> ContractSigned:
    return ContractSigned(
        contract_id=command.contract_id,
        number=command.number,
        kind=command.kind,
        customer_id=command.customer_id,
        signed_at=at,
        terms=list(command.terms),
        conditions=command.conditions,
        extends=command.extends,
    )


def _sound(events: Sequence[ContractEvent], contract: Contract) -> Sequence[ContractEvent]:
    """The events, where the contract makes sense with them. Raises Refused with the field where it does not."""
    after = events[-1]
    found = next(_incomplete(after.changes), None) if isinstance(after, ContractAmended) else None
    if isinstance(after, ContractSigned | ContractAmended) and after.conditions:
        found = found or next(condition_flaws(after.conditions), None)
    found = found or next(_flaws(contract.amendments, evolve(contract, after)), None)
    if found:
        raise Refused("contract-contradicts", found.sentence, field=found.field)
    return events


def _flaws(before: Sequence[ContractAmended], after: Contract) -> Iterator[Flaw]:
    """What contradicts itself, where the form says it: an amendment's changes are counted in its own form."""
    if after.promise is None:
        return
    known = sum(len(amended.changes) for amended in before)
    for where, sentence in contract_flaws("", after.promise):
        place, _, rest = where.removeprefix("amendments[").partition("].")
        if place.isdecimal() and where.startswith("amendments["):
            own = int(place) - known
            name = rest.removeprefix("change.").removeprefix("term.")
            yield Flaw(f"changes[{own}].{name}" if own >= 0 else "changes", sentence)
        else:
            yield Flaw(where, sentence)


def condition_flaws(conditions: Conditions) -> Iterator[Flaw]:
    """An item that stands twice in the price list or in the budget."""
    for name in ("prices", "budget"):
        items = [line.item.casefold() for line in getattr(conditions, name)]
        for place, item in enumerate(items):
            if item in items[:place]:
                yield Flaw(f"conditions.{name}[{place}].item", "Another line has this item.")


def _incomplete(changes: Sequence[TermChange]) -> Iterator[Flaw]:
    """A change that lacks what it needs; two of one class would have no order."""
    seen: set[str] = set()
    for place, change in enumerate(changes):
        for name in NEEDED.get(change.op, ()):
            if getattr(change, name) is None:
                yield Flaw(f"changes[{place}].{name}", "A term that is added needs it.")
        if change.component_class in seen:
            yield Flaw(f"changes[{place}].component_class", "Two changes of one class.")
        seen.add(change.component_class)


def _on_file(contract: Contract) -> ContractSigned:
    if contract.signed is None:
        raise Refused("unknown-contract", "No contract of this id is on file.")
    return contract.signed


def _going_on(contract: Contract, at: datetime) -> None:
    """Raises Refused for what lies outside the contract's life; what was agreed in it may be recorded later."""
    if at < _on_file(contract).signed_at:
        raise Refused("before-contract", "That lies before the contract was signed.")
    if contract.ended_at is not None and at >= contract.ended_at:
        raise Refused("contract-ended", "The contract was ended.")


def evolve(contract: Contract, event: ContractEvent) -> Contract:
    match event:
        case ContractSigned():
            return replace(contract, signed=event)
        case ContractAmended():
            return replace(contract, amendments=(*contract.amendments, event))
        case ContractExtended():
            return replace(contract, extended_by=(*contract.extended_by, event.by))
        case ContractEnded():
            return replace(contract, ended_at=event.ended_at, end_reason_id=event.reason_id)
        case _:
            assert_never(event)


def status(contract: Contract) -> str:
    """One word for a command's answer."""
    if contract.signed is None:
        return "unknown"
    return "in_force" if contract.ended_at is None else "ended"


def subject(contract: Contract) -> str | None:
    """Whose erasure erases the texts about the contract."""
    return contract.signed.customer_id if contract.signed else None


contract: Decider[ContractCommand, Contract, ContractEvent] = Decider(
    "contract",
    Catalogue(*get_args(ContractEvent)),
    Contract(),
    decide,
    evolve,
    status,
    subject,
)
