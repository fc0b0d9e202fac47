"""When another service tells something that a policy may name, the ticket's clocks hear it."""

from collections.abc import Callable, Mapping

from libs.events import AnyRecorded, Event, Story
from libs.events.contracts.evidence import EvidenceAccepted
from services.sla.clocks.domain.clocks import HearFact, RuleEvidence, clocks
from services.sla.policies.domain.fact import RULING, TELLING, fact_of


def hear(heard: AnyRecorded) -> Story:
    """Something happened to a ticket: keep it, and judge the ticket's clocks anew."""
    id = heard.event.ticket_id
    yield clocks.on(id, HearFact(ticket_id=id, fact=fact_of(heard)))


def rule(heard: AnyRecorded) -> Story:
    """Somebody decided about late evidence: judge the ticket's clocks with it, or note that they go on without."""
    id, ruling = heard.event.ticket_id, heard.event
    accepted = isinstance(ruling, EvidenceAccepted)
    yield clocks.on(id, RuleEvidence(ticket_id=id, evidence_id=ruling.event_id, accepted=accepted, ruling_id=heard.id))


reactions: Mapping[type[Event], Callable[[AnyRecorded], Story]] = {
    **dict.fromkeys(TELLING, hear),
    **dict.fromkeys(RULING, rule),
}
