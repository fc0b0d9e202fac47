"""SLA's document, tried out."""

from services.sla.app import service
from services.sla.domain.clock import clock_id
from services.sla.domain.preset import PRESETS
from tests.http.api import Api, Known
from tests.http.contract import follow_links, trials, tried
from tests.http.seeds import Garden, ids, opened

schema = tried(service)
globals().update(trials(schema))


async def plant(garden: Garden) -> Known:
    """Tickets with their clocks."""
    tickets = ids(20)
    await garden.hear(*map(opened, tickets))
    parked = await garden.park(*(opened(id) for id in ids(200)))
    return {
        "id": parked,
        "ticket_id": tickets,
        "get_clock": [clock_id(ticket, "fix") for ticket in tickets],
        "get_preset": list(PRESETS),
    }


def test_links_lead_from_one_operation_to_the_next(api: Api) -> None:
    follow_links(schema, api)


def test_a_third_of_all_calls_is_carried_out(api: Api) -> None:
    api.tell(service.name)
    assert api.succeeded >= 0.3
