"""The warranty on a ticket: named asset and cause, the verdict that stands, and when it is another one than before."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from libs.events import Event, event
from libs.events.contracts.intake.tickets import TicketAssetNamed, Verdict, WarrantyAssessed, WarrantyReassessed
from services.intake.warranty.domain.question import Cause


@event("intake.CauseNoted")
class CauseNoted(Event, frozen=True, kw_only=True):
    """Triage determined the cause: the warranty asks for it. `fact_id` is the id of triage's event."""

    ticket_id: str
    cause: Cause
    fact_id: str


@dataclass(frozen=True, slots=True)
class NameAsset:
    """Say which asset the ticket is about, and which component of it, where that is known."""

    ticket_id: str
    asset_id: str
    part_id: str | None = None


@dataclass(frozen=True, slots=True)
class NoteCause:
    """Remember the cause that triage determined."""

    ticket_id: str
    cause: Cause
    fact_id: str


@dataclass(frozen=True, slots=True)
class AssessWarranty:
    """Put a verdict on the ticket that was worked out of what is on file."""

    ticket_id: str
    verdict: Verdict
    reasons: tuple[str, ...]
    because_of: str


WarrantyCommand = NameAsset | NoteCause | AssessWarranty
WarrantyEvent = WarrantyAssessed | WarrantyReassessed | TicketAssetNamed | CauseNoted


@dataclass(frozen=True, slots=True)
class Warranty:
    """What the warranty was asked with, and what it said last."""

    asset_id: str | None = None
    part_id: str | None = None
    cause: Cause | None = None
    verdict: Verdict | None = None
    reasons: tuple[str, ...] = ()


def unassessed(ticket_id: str) -> WarrantyAssessed:
    """Unknown, for no asset is named that a contract could cover."""
    return WarrantyAssessed(ticket_id=ticket_id, verdict="unknown", reasons=["no_contract"])


def assessed(command: WarrantyCommand, warranty: Warranty) -> Sequence[WarrantyEvent]:
    """What a command changes; nothing where it is so already. The first verdict is assessed, all later are anew."""
    match command:
        case NameAsset(ticket_id, asset_id, part_id):
            same = (asset_id, part_id) == (warranty.asset_id, warranty.part_id)
            return [] if same else [TicketAssetNamed(ticket_id=ticket_id, asset_id=asset_id, part_id=part_id)]
        case NoteCause(ticket_id, cause, fact_id):
            same = cause == warranty.cause
            return [] if same else [CauseNoted(ticket_id=ticket_id, cause=cause, fact_id=fact_id)]
        case AssessWarranty():
            return _verdict(command, warranty)


def _verdict(command: AssessWarranty, warranty: Warranty) -> Sequence[WarrantyEvent]:
    ticket_id, verdict, reasons = command.ticket_id, command.verdict, list(command.reasons)
    if warranty.verdict is None:
        return [WarrantyAssessed(ticket_id=ticket_id, verdict=verdict, reasons=reasons)]
    if (verdict, command.reasons) == (warranty.verdict, warranty.reasons):
        return []
    return [
        WarrantyReassessed(
            ticket_id=ticket_id,
            verdict=verdict,
            reasons=reasons,
            before=warranty.verdict,
            because_of=command.because_of,
        )
    ]


def after(warranty: Warranty, event: WarrantyEvent) -> Warranty:
    """The warranty after one event."""
    match event:
        case TicketAssetNamed():
            return replace(warranty, asset_id=event.asset_id, part_id=event.part_id)
        case CauseNoted():
            return replace(warranty, cause=event.cause)
        case WarrantyAssessed() | WarrantyReassessed():
            return replace(warranty, verdict=event.verdict, reasons=tuple(event.reasons))
