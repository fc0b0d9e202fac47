"""Survey's document, tried out."""

from uuid import uuid4

from libs.events.contracts.dispatch.work_orders import RepairAccepted
from services.survey.app import service
from services.survey.callbacks.domain import callback_id_of
from tests.http.api import Api, Known
from tests.http.contract import follow_links, trials, tried
from tests.http.seeds import SeededService, ids

schema = tried(service)
globals().update(trials(schema))


async def seed(seeded: SeededService) -> Known:
    """Callbacks that nobody has made yet."""
    accepted = [_accepted(ticket) for ticket in ids(150)]
    await seeded.hear(*accepted)
    parked = await seeded.park(*(_accepted(ticket) for ticket in ids(200)))
    return {"id": parked, "callback_id": [callback_id_of(event.work_order_id) for event in accepted]}


def _accepted(ticket: str) -> RepairAccepted:
    return RepairAccepted(
        ticket_id=ticket, customer_id=ticket, work_order_id=str(uuid4()), signed_by_id=ticket, signature_id=ticket
    )


def test_links_lead_from_one_operation_to_the_next(api: Api) -> None:
    follow_links(schema, api)


def test_a_quarter_of_all_calls_is_carried_out(api: Api) -> None:
    api.tell(service.name)
    assert api.succeeded >= 0.25
