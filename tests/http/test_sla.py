"""SLA's document, tried out."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from libs.events.contracts.intake.tickets import TicketOpened
from services.sla.app import service
from services.sla.clocks.domain.clock import clock_id
from services.sla.policies.domain.preset import PRESETS
from services.sla.publishing.api.rules import RuleDecider
from services.sla.publishing.domain.reassessment import ReassessmentRequested, reassessments
from services.sla.publishing.domain.rule import Approve, Create, Publish
from services.sla.publishing.domain.rules import calendars, policies
from services.sla.replays.domain.comparison import Filter
from services.sla.replays.domain.what_if import RequestReplay, replays
from tests.http.api import Api, Known
from tests.http.contract import follow_links, trials, tried
from tests.http.seeds import SeededService, ids, opened
from tests.sla.publishing import Document, shared, written

pytestmark = pytest.mark.long

schema = tried(service)
globals().update(trials(schema))

MANY = 60


async def seed(seeded: SeededService) -> Known:
    """Tickets with their clocks, policies and calendars at each step of their lives, and orders that wait."""
    tickets, orders = ids(20), ids(20)
    await seeded.hear(*map(opened, tickets))
    replayed = ids(20)
    for id in replayed:
        await seeded.tell(replays.create(id, replay(id)))
    for rules, write in ((policies, written), (calendars, shared)):
        await live(seeded, rules, write("drafted"))
        await live(seeded, rules, write("published"), Approve, Publish)
        for number in range(MANY):
            await live(seeded, rules, write(f"approved-{number}"), Approve)
    for id in orders:
        order = ReassessmentRequested(id=id, kind="policy", rule="published", by="dora")
        await seeded.tell(reassessments.create(id, order))
    parked: list[TicketOpened] = [opened(id) for id in ids(200)]
    clocks = [clock_id(ticket, "fix") for ticket in tickets]
    return {
        "id": await seeded.park(*parked),
        "ticket_id": tickets,
        "number": [1],
        "calendar": ["demo/1#office"],
        "get_clock": clocks,
        "get_explanation": clocks,
        "get_preset": list(PRESETS),
        "get_replay": replayed,
        "get_replayed_clock": replayed,
        "cancel_replay": replayed,
        "get_reassessment": orders,
        "cancel_reassessment": orders,
        **lives("policy", written),
        **lives("calendar", shared),
    }


async def live(seeded: SeededService, rules: RuleDecider, document: Document, *steps: type[Approve | Publish]) -> None:
    """Mia drafts it, and Dora takes these steps."""
    id = document["id"]
    for command in (Create(id, document, "mia"), *(step(id, "dora") for step in steps)):
        await seeded.tell(rules.on(id, command))


def lives(kind: str, write: Callable[[str], Document]) -> Known:
    """What each operation on rules of a kind can be carried out with."""
    return {
        f"{kind}_id": ["published"],
        f"approve_{kind}": ["drafted"],
        f"publish_{kind}": [f"approved-{number}" for number in range(MANY)],
        f"create_{kind}.document": [write(f"new-{number}") for number in range(MANY)],
        f"draft_{kind}.document": [write("published")],
    }


def replay(id: str) -> RequestReplay:
    """A published policy on a month."""
    return RequestReplay(
        id=id,
        policy="demo/1",
        calendars={},
        alone=True,
        opened_from=datetime(2026, 3, 1, tzinfo=UTC),
        opened_to=datetime(2026, 4, 1, tzinfo=UTC),
        filter=Filter(),
    )


def test_links_lead_from_one_operation_to_the_next(api: Api) -> None:
    follow_links(schema, api)


def test_a_quarter_of_all_calls_is_carried_out(api: Api) -> None:
    api.tell(service.name)
    assert api.succeeded >= 0.25
