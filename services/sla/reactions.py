"""When another service tells something that a policy names, the ticket's clocks hear it."""

from collections.abc import Callable, Mapping

from libs.events import AnyRecorded, Event, Story
from services.sla.domain.clocks import HearFact, clocks
from services.sla.domain.fact import TELLING, fact_of
from services.sla.domain.shipped import CURRENT, POLICIES


def hear(heard: AnyRecorded) -> Story:
    """Something happened to a ticket: keep it, and judge the ticket's clocks anew."""
    id = heard.event.ticket_id
    yield clocks.on(id, HearFact(ticket_id=id, policy=CURRENT.name, fact=fact_of(heard)))


NAMED = frozenset[str]().union(*(policy.events for policy in POLICIES.values()))

reactions: Mapping[type[Event], Callable[[AnyRecorded], Story]] = {
    telling: hear for telling in TELLING if telling.type_name in NAMED
}
