"""SLA's document, tried out."""

from datetime import UTC, datetime

from services.sla.app import service
from services.sla.domain.clock import clock_id
from services.sla.domain.comparison import Filter
from services.sla.domain.preset import PRESETS
from services.sla.domain.what_if import RequestReplay, replays
from tests.http.api import Api, Known
from tests.http.contract import follow_links, trials, tried
from tests.http.seeds import Garden, ids, opened

schema = tried(service)
globals().update(trials(schema))


async def plant(garden: Garden) -> Known:
    """Tickets with their clocks."""
    tickets = ids(20)
    await garden.hear(*map(opened, tickets))
    replayed = ids(20)
    for id in replayed:
        await garden.tell(replays.begin(id, replay(id)))
    parked = await garden.park(*(opened(id) for id in ids(200)))
    return {
        "id": parked,
        "ticket_id": tickets,
        "get_clock": [clock_id(ticket, "fix") for ticket in tickets],
        "get_preset": list(PRESETS),
        "get_replay": replayed,
        "cancel_replay": replayed,
    }


def replay(id: str) -> RequestReplay:
    """A published policy on a month."""
    return RequestReplay(
        replay_id=id,
        policy="demo/1",
        calendars={},
        alone=True,
        opened_from=datetime(2026, 3, 1, tzinfo=UTC),
        opened_to=datetime(2026, 4, 1, tzinfo=UTC),
        filter=Filter(),
    )


def test_links_lead_from_one_operation_to_the_next(api: Api) -> None:
    follow_links(schema, api)


def test_a_third_of_all_calls_is_carried_out(api: Api) -> None:
    api.tell(service.name)
    assert api.succeeded >= 0.3
