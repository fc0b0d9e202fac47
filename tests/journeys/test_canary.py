"""Personal data stays where it belongs: a canary flies through every flow, and nobody else has seen it."""

import asyncpg
import pytest

from libs.services import EVENT_SERVICES
from services.dispatch.work_orders.api.forms import SCRAWL
from tests.journeys.people import People
from tests.journeys.story import Story
from tests.libs.topic import read_topic

PHONE, NAME, PLACE, WORDS = "13900000001", "欧阳金丝雀", "金丝雀巷七号", "金丝雀在唱歌"
CANARY = [PHONE, "金丝雀", "27.123456", NAME.encode("unicode_escape").decode()]
LOGGED = ("event", "outbox", "published", "parked", "idempotency", "position", "timer")


@pytest.fixture(scope="module")
async def flown(people: People) -> Story:
    """A ticket whose every field for people's words, names and places holds the canary; and calls that are refused."""
    customer = {"name": NAME, "phones": [PHONE], "address": PLACE}
    story = await Story.begin(people, customer=customer, summary=f"{WORDS} {PHONE}", requirements=WORDS)
    for outcome in ("started", "failed"):
        body = {"outcome": outcome, "note": f"{WORDS} {PHONE}"}
        await people.do("triage", "triage", f"{story.case}/remote-support", body)
    await people.do("triage", "triage", f"{story.case}/cause", {"cause": "normal_wear", "explanation": WORDS})
    await story.classify()
    await story.authorise()
    await people.do("dispatcher", "dispatch", "/v1/engineers", {"name": NAME, "skills": ["hvac"], "region": "福建"})
    await story.assign()
    await story.on_site("arrival", latitude=27.123456)
    await story.on_site("pause", reason="waiting", note=f"{WORDS} {PHONE}")
    await story.on_site("resumption")
    await story.on_site("completion", result=WORDS)
    await story.on_site("rejection", reasons=[WORDS, PHONE])
    await story.next_visit(visits=2)
    await story.repair()
    await story.on_site("acceptance", signed_by=NAME, signature=SCRAWL)
    await story.call_back("no_answer", comment=WORDS)
    await story.call_back(score=5, comment=f"{WORDS} {PHONE}")
    await story.told("survey.CallbackCompleted")
    await people.do("agent", "intake", f"{story.ticket}/closure")
    for path in ("/v1/customers", "/v1/tickets", f"{story.ticket}/cancellation"):
        answer = await people.send("agent", "intake", path, {"name": NAME, "phones": PHONE, "reason": WORDS})
        assert answer.status_code in (409, 422)
        assert not _seen(answer.text)
    return story


def _seen(text: str) -> list[str]:
    return [canary for canary in CANARY if canary in text]


@pytest.mark.requirement("R047")
async def test_the_history_tells_the_whole_story_and_names_nobody(people: People, flown: Story) -> None:
    items = (await people.see("intake", f"{flown.ticket}/history", limit=200))["items"]
    types = [item["type"] for item in items]
    assert types[0] == "intake.TicketOpened"
    assert set(types) >= {
        "triage.FaultClassified",
        "triage.WorkAuthorised",
        "dispatch.OnSiteArrived",
        "dispatch.WorkPaused",
        "dispatch.RepairRejected",
        "dispatch.ReworkOrdered",
        "dispatch.RepairAccepted",
        "survey.CallbackCompleted",
        "sla.ClockMet",
        "intake.TicketClosed",
    }
    assert types.count("dispatch.WorkOrderCreated") == types.count("dispatch.RepairCompleted") == 2
    assert not _seen(str(items))


async def test_those_who_may_see_the_canary_do(people: People, flown: Story) -> None:
    ticket = await people.see("intake", flown.ticket, role="agent")
    assert ([phone["typed"] for phone in ticket["customer"]["phones"]], ticket["customer"]["name"]) == ([PHONE], NAME)
    assert (await people.see("dispatch", flown.visit, role="manager"))["signed_by"] == NAME
    assert (await people.see("intake", flown.ticket))["customer"] is None


async def test_copies_of_the_contact_reach_those_who_visit_and_those_who_call(people: People, flown: Story) -> None:
    visit = await people.until(
        lambda shown: shown["name"] == NAME, "dispatch", f"{flown.visit}/contact", role=flown.engineer
    )
    assert visit["address"] == PLACE
    (callback,) = (await people.see("survey", "/v1/callbacks", ticket_id=flown.ticket_id))["items"]
    path = f"/v1/callbacks/{callback['id']}/contact"
    called = await people.until(lambda shown: shown["name"] == NAME, "survey", path, role="agent")
    assert called["phones"][0]["typed"] == PHONE
    for service in ("dispatch", "survey"):
        looks = await people.see(service, "/v1/contact-views", customer_id=callback["customer_id"])
        assert looks["items"]


@pytest.mark.parametrize("service", EVENT_SERVICES)
async def test_no_log_of_events_and_no_table_beside_it_holds_it(people: People, flown: Story, service: str) -> None:
    connection = await asyncpg.connect(people.product.database_url(service))
    rows = 0
    for table in LOGGED:
        for (row,) in await connection.fetch(f"SELECT t::text FROM {table} AS t"):
            rows += 1
            assert not _seen(row), table
    for (value,) in await connection.fetch("SELECT convert_from(value, 'UTF8') FROM parked WHERE event_id IS NOT NULL"):
        assert not _seen(value)
    await connection.close()
    assert rows > 20


async def test_no_topic_brings_it_to_anybody(people: People, flown: Story) -> None:
    topics = [f"{service}.events" for service in EVENT_SERVICES]
    heard, seen = 0, []
    for record in await read_topic(people.product.kafka_bootstrap, *topics):
        heard += flown.ticket_id in str(record.headers)
        seen += _seen((record.value or b"").decode(errors="replace") + str(record.headers))
    assert heard > 20
    assert seen == []


async def test_no_line_of_a_log_and_no_metric_shows_it(people: People, flown: Story) -> None:
    for service in EVENT_SERVICES:
        log = people.product.folder.log(service).read_text()
        assert "ready" in log
        metrics = (await people.http.get(people.product.address(service, "/metrics"))).text
        assert flown.ticket_id not in metrics
        assert not _seen(log + metrics), service
