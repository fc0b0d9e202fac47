"""Triage's document, tried out."""

from services.triage.app import service
from services.triage.cases.domain import ClassifyFault, ReportRemoteSupport, case
from tests.http.api import Api, Known
from tests.http.contract import follow_links, trials, tried
from tests.http.seeds import SeededService, ids, opened

schema = tried(service)
globals().update(trials(schema))


async def seed(seeded: SeededService) -> Known:
    """Open cases, classified ones, and some where remote support began."""
    fresh, classified, helped = ids(60), ids(100), ids(100)
    await seeded.hear(*(opened(id) for id in fresh + classified + helped))
    for id in classified:
        await seeded.tell(case.on(id, ClassifyFault(id, 2, "corrective")))
    for id in helped:
        await seeded.tell(case.on(id, ReportRemoteSupport(id, "started")))
    parked = await seeded.park(*(opened(id) for id in ids(200)))
    return {"id": parked, "ticket_id": fresh, "authorise_work": classified, "report_remote_support": [*helped, *fresh]}


def test_links_lead_from_one_operation_to_the_next(api: Api) -> None:
    follow_links(schema, api)


def test_a_quarter_of_all_calls_is_carried_out(api: Api) -> None:
    api.tell(service.name)
    assert api.succeeded >= 0.25
