"""When another service tells something that a policy may name, the ticket's clocks hear it."""

from collections.abc import Callable, Mapping

from libs.events import AnyRecorded, Event, Story
from services.sla.domain.clocks import HearFact, clocks
from services.sla.domain.fact import TELLING, fact_of


def hear(heard: AnyRecorded) -> Story:
    """Something happened to a ticket: keep it, and judge the ticket's clocks anew."""
    id = heard.event.ticket_id
    yield clocks.on(id, HearFact(ticket_id=id, fact=fact_of(heard)))


reactions: Mapping[type[Event], Callable[[AnyRecorded], Story]] = dict.fromkeys(TELLING, hear)
