"""Late evidence of a service: accepted or refused once, by somebody else than who recorded it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Literal, assert_never

import msgspec

from libs.events.catalogue import Catalogue
from libs.events.contracts.evidence import EvidenceAccepted, EvidenceRefused
from libs.events.database.schema import evidence_ruling, late_evidence
from libs.events.decider import Decider, Refused, Story
from libs.events.event import Event, Evidence
from libs.events.message import AnyRecorded
from libs.events.view import View


@dataclass(frozen=True, slots=True)
class Late:
    """An event that was recorded late: what it is about, who recorded it, and when."""

    event_id: str
    ticket_id: str
    author: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class AcceptEvidence:
    """Let verdicts rest on it; `by` is who says so."""

    late: Late
    by: str


@dataclass(frozen=True, slots=True)
class RefuseEvidence:
    """Leave it out of verdicts for good; why is a text."""

    late: Late
    by: str
    reason_id: str


Command = AcceptEvidence | RefuseEvidence
Ruling = Literal["pending", "accepted", "refused"]
RulingEvent = EvidenceAccepted | EvidenceRefused
EvidenceDecider = Decider[Command, Ruling, RulingEvent]


def _decide(
    accepted: type[EvidenceAccepted], refused: type[EvidenceRefused], command: Command, state: Ruling, at: datetime
) -> Sequence[RulingEvent]:
    late = command.late
    if at < late.recorded_at:
        raise Refused("before-evidence", "That lies before the evidence was recorded.")
    if command.by == late.author:
        raise Refused("own-evidence", "Somebody else than who recorded it has to decide.")
    if state != "pending":
        raise Refused(f"evidence-{state}", f"This evidence was {state} before.")
    match command:
        case AcceptEvidence():
            return [accepted(ticket_id=late.ticket_id, event_id=late.event_id)]
        case RefuseEvidence():
            return [refused(ticket_id=late.ticket_id, event_id=late.event_id, reason_id=command.reason_id)]
        case _:
            assert_never(command)


def _evolve(state: Ruling, event: RulingEvent) -> Ruling:
    return "accepted" if isinstance(event, EvidenceAccepted) else "refused"


def evidence_of(accepted: type[EvidenceAccepted], refused: type[EvidenceRefused]) -> EvidenceDecider:
    """The decider of one service's late evidence, by its own two events: a stream for each late event, by its id."""
    events = Catalogue(accepted, refused)
    return Decider("evidence", events, "pending", partial(_decide, accepted, refused), _evolve, str)


def rule(evidence: EvidenceDecider, commands: Sequence[Command]) -> Story:
    """Decide about all that one report said at once: whoever believes its time believes it for each event."""
    for command in commands:
        yield evidence.on(command.late.event_id, command)


class LateRow(msgspec.Struct, frozen=True, kw_only=True):
    """A late event that somebody recorded. What a reaction made of one goes the way of its cause, and has no row."""

    id: str
    stream: str
    ticket_id: str
    type: str
    occurred_at: datetime
    recorded_at: datetime
    actor: str


class RulingRow(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a late event."""

    id: str
    accepted: bool
    ruled_at: datetime
    ruled_by: str
    reason_id: str | None


def is_late(event: Event, actor: str) -> bool:
    """Whether it is late evidence that somebody has to decide about."""
    return isinstance(event, Evidence) and event.late and not actor.startswith("service:")


def _late_key(recorded: AnyRecorded) -> str | None:
    return recorded.id if is_late(recorded.event, recorded.actor) else None


def _late(before: LateRow | None, recorded: AnyRecorded) -> LateRow:
    return LateRow(
        id=recorded.id,
        stream=recorded.stream,
        ticket_id=recorded.event.ticket_id,
        type=recorded.event.type_name,
        occurred_at=recorded.occurred_at,
        recorded_at=recorded.recorded_at,
        actor=recorded.actor,
    )


def _ruling_key(recorded: AnyRecorded) -> str | None:
    return recorded.event.event_id if isinstance(recorded.event, RulingEvent) else None


def _ruling(before: RulingRow | None, recorded: AnyRecorded) -> RulingRow:
    return RulingRow(
        id=recorded.event.event_id,
        accepted=isinstance(recorded.event, EvidenceAccepted),
        ruled_at=recorded.recorded_at,
        ruled_by=recorded.actor,
        reason_id=recorded.event.reason_id if isinstance(recorded.event, EvidenceRefused) else None,
    )


late_evidence_view = View(late_evidence, LateRow, _late_key, _late)
evidence_ruling_view = View(evidence_ruling, RulingRow, _ruling_key, _ruling)

evidence_views = (late_evidence_view, evidence_ruling_view)
"""The read tables of late evidence, which every service has that takes evidence."""
