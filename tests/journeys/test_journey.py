"""One ticket through five services, over HTTP, on real Kafka and PostgreSQL: every way that it may end."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.journeys.people import People
from tests.journeys.story import Story

RUNNING = {"response": "running", "on_site": "running", "fix": "running"}


@pytest.mark.requirement("R065", "R068", "R069", "R083", "R116", "R233", "R361")
async def test_a_ticket_goes_from_its_opening_over_a_rework_visit_to_its_closing(people: People) -> None:
    story = await Story.begin(people)
    assert (await story.status("in_triage"))["warranty"] == {"verdict": "unknown", "reasons": ["no_contract"]}
    await story.classify()
    await story.authorise()
    await story.status("authorised")
    await story.assign()
    await story.status("authorised")
    start = datetime.now(UTC) + timedelta(days=1)
    times = {"start": start.isoformat(), "end": (start + timedelta(hours=2)).isoformat(), "confirmed": True}
    await people.do("dispatcher", "dispatch", f"{story.visit}/appointment", times)
    await story.status("scheduled")
    await story.on_site("departure")
    await story.on_site("arrival")
    await story.status("on_site")
    await story.on_site("pause", reason="waiting_customer")
    await story.status("waiting_customer")
    await story.on_site("resumption")
    await story.status("on_site")
    await story.on_site("completion", result="更换电容")
    await story.status("repaired")

    rejected = await story.on_site("rejection", reasons=["仍有异响"])
    await story.next_visit(visits=2)
    assert story.work_order_id == rejected["rework_work_order_id"]
    await story.status("rework")
    await story.repair()
    await story.sign()
    await story.status("accepted")
    await story.call_back("no_answer")
    await story.call_back(score=5, comment="师傅很准时")
    await story.told("survey.CallbackCompleted")
    closed = await people.do("agent", "intake", f"{story.ticket}/closure")
    assert closed["status"] == "closed"
    await people.until(lambda case: case["status"] == "ended", "triage", story.case)


@pytest.mark.requirement("R054", "R060", "R360")
async def test_a_fault_mended_from_afar_is_closed_and_nobody_travels(people: People) -> None:
    story = await Story.begin(people)
    for outcome in ("started", "succeeded"):
        body = {"outcome": outcome, "note": "电话指导重启"}
        await people.do("triage", "triage", f"{story.case}/remote-support", body)
    await story.status("repaired")
    await story.clocks({"response": "met", "on_site": "cancelled", "fix": "met"})
    assert (await people.do("agent", "intake", f"{story.ticket}/closure"))["status"] == "closed"
    assert (await people.see("dispatch", "/v1/work-orders", ticket_id=story.ticket_id))["items"] == []
    assert (await people.see("survey", "/v1/callbacks", ticket_id=story.ticket_id))["items"] == []


async def test_a_ticket_cancelled_before_work_was_authorised_ends_everywhere(people: People) -> None:
    story = await Story.begin(people)
    cancelled = await people.do("agent", "intake", f"{story.ticket}/cancellation", {"reason": "客户已自行解决"})
    assert cancelled["status"] == "cancelled"
    await people.until(lambda case: case["status"] == "ended", "triage", story.case)
    await story.clocks({"response": "cancelled", "on_site": "cancelled", "fix": "cancelled"})
    late = await people.send(
        "triage", "triage", f"{story.case}/classification", {"level": 1, "maintenance_type": "corrective"}
    )
    assert late.status_code == 409


@pytest.mark.parametrize("arrived", [False, True])
async def test_a_ticket_cancelled_after_work_was_authorised_takes_its_visit_with_it(
    people: People, arrived: bool
) -> None:
    story = await Story.begin(people)
    await story.classify()
    await story.authorise()
    if arrived:
        await story.assign()
        await story.on_site("arrival")
        await story.status("on_site")
    await people.do("agent", "intake", f"{story.ticket}/cancellation")
    await people.until(lambda visit: visit["status"] == "cancelled", "dispatch", story.visit)
    await story.told("dispatch.WorkOrderCancelled")
    assert (await people.see("intake", story.ticket))["status"] == "cancelled"


async def test_a_duplicate_ends_everywhere_and_the_ticket_that_goes_on_goes_on(people: People) -> None:
    kept, story = await Story.begin(people), await Story.begin(people)
    await story.classify()
    await story.authorise()
    one_matter = {"of": kept.ticket_id, "reason": "同一台设备，两人各报一次"}
    marked = await people.do("agent", "intake", f"{story.ticket}/duplicate", one_matter)
    assert marked["status"] == "cancelled"
    await people.until(lambda case: case["status"] == "ended", "triage", story.case)
    await people.until(lambda visit: visit["status"] == "cancelled", "dispatch", story.visit)
    await story.told("dispatch.WorkOrderCancelled")
    await story.clocks({"response": "met", "on_site": "cancelled", "fix": "cancelled"})
    assert (await people.see("intake", story.ticket))["duplicate_of"] == kept.ticket_id
    await kept.classify()
    await kept.authorise()
    await kept.status("authorised")


@pytest.mark.requirement("R398")
async def test_clocks_are_moved_paused_and_met_by_what_the_others_say(people: People) -> None:
    story = await Story.begin(people)
    at_first = await story.clocks(RUNNING)
    assert {clock["level"] for clock in at_first.values()} == {3}
    await story.classify(level=1)
    moved = await story.clocks({**RUNNING, "response": "met"})
    assert moved["fix"]["level"] == 1
    assert moved["fix"]["due_at"] < at_first["fix"]["due_at"]
    await story.authorise()
    await story.assign()
    await story.on_site("arrival")
    await story.clocks({"response": "met", "on_site": "met", "fix": "running"})
    await story.on_site("pause", reason="waiting_parts")
    paused = await story.clocks({"response": "met", "on_site": "met", "fix": "paused"})
    assert paused["fix"]["due_at"] is None
    await story.on_site("resumption")
    await story.on_site("completion", result="更换电容")
    await story.clocks({"response": "met", "on_site": "met", "fix": "met"})
    await story.on_site("rejection", reasons=["仍有异响"])
    await story.clocks({"response": "met", "on_site": "met", "fix": "running"})
