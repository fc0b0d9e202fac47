"""A drafted policy tried on past tickets in a browser: progress, what would end otherwise, and both explanations."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import Route, expect

from tests.web.conftest import Visit
from tests.web.office import CUSTOMER, Office
from tests.web.visitor import Visitor

REGION = "what-if"
ALWAYS = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
POLICY = {
    "id": "console-what-if",
    "title": {"zh-CN": "一秒响应", "en": "A second to respond"},
    "calendars": {"always": {"timezone": "Asia/Shanghai", "weekly_hours": ALWAYS}},
    "applies_when": {"region": [REGION]},
    "targets": [
        {
            "metric": "response",
            "title": {"zh-CN": "响应时限", "en": "Response"},
            "calendar": "always",
            "start": ["intake.TicketOpened"],
            "stop": ["triage.FaultClassified"],
            "cancel": ["intake.TicketCancelled"],
            "within": {"amount": 0.0005, "unit": "hours"},
        }
    ],
}
TICKET = {"channel": "phone", "kind": "repair", "summary": "空调不制冷", "customer": CUSTOMER, "region": REGION}


def test_a_manager_tries_a_draft_on_past_tickets_and_reads_both_explanations(visit: Visit) -> None:
    manager: Visitor = visit()
    manager.come_back("manager", "/policies")
    number = late_under_the_draft(Office(manager))
    page = manager.page
    page.goto(f"{manager.desk.url}/policies/console-what-if")
    page.get_by_role("link", name="试算").click()
    expect(page.get_by_label("规则", exact=True)).to_have_value("draft:console-what-if")
    now = datetime.now(UTC)
    page.get_by_label("受理日期起").fill((now - timedelta(days=1)).date().isoformat())
    page.get_by_label("受理日期止").fill((now + timedelta(days=1)).date().isoformat())
    assert manager.barriers() == []
    page.get_by_role("button", name="开始试算").click()
    changed = page.get_by_role("table", name="结果不同的时钟").get_by_role("row").filter(has_text=number)
    expect(changed).to_contain_text("将会超时")
    assert manager.barriers() == []
    changed.get_by_role("link").click()
    for side, policy in (("实际", "demo/1"), ("试算", "console-what-if/1")):
        region = page.get_by_role("region", name=side, exact=True)
        expect(region).to_contain_text(policy)
        expect(region.get_by_role("table", name="如何算到")).to_contain_text("受理")
    assert manager.barriers() == []


def test_a_replay_says_how_far_it_is_and_is_given_up(english: Visitor) -> None:
    english.come_back("manager", "/what-if")
    asked = {"policy": "demo/1", "from": "2026-03-01T00:00:00Z", "to": "2026-03-02T00:00:00Z"}
    id = english.command("sla", "replays", asked)["id"]
    held_halfway(english, id)
    page = english.page
    page.goto(f"{english.desk.url}/what-if/{id}")
    expect(page.get_by_role("progressbar", name="Progress")).to_have_attribute("value", "3")
    expect(page.get_by_text("3 of 8 tickets")).to_be_visible()
    assert english.barriers() == []
    assert english.overflows() == []
    page.get_by_role("button", name="Give it up").click()
    expect(page.get_by_role("status").filter(has_text="Cancelled")).to_be_visible()
    expect(page.get_by_role("button", name="Give it up")).to_have_count(0)
    page.unroute_all(behavior="ignoreErrors")  # it may be asked for once more as the window closes


def late_under_the_draft(office: Office) -> str:
    """The number of a ticket whose response is in time under what is in force, and late under a draft."""
    office.asked("sla/v1/policies", {"document": POLICY})
    ticket = office.asked("intake/v1/tickets", TICKET)
    listed = f"sla/v1/clocks?ticket_id={ticket['id']}&metric=response"
    office.manager.until(lambda: bool(office.asked(listed)["items"]), "a clock")
    office.manager.page.wait_for_timeout(2_500)  # the draft allows less: what is tried is of a time that is over
    return str(ticket["number"])


def held_halfway(visitor: Visitor, id: str) -> None:
    """The service answers of this replay that it is at work, until it is told to stop: it would be done at once."""
    going_on: dict[str, Any] = {"status": "running", "progress": {"done": 3, "total": 8}, "result": None}

    def answer(route: Route) -> None:
        if route.request.method == "POST":
            going_on["status"] = "cancelled"
            route.fulfill(json={"id": id, "version": 2, "status": "cancelled"})
        else:
            response = route.fetch()
            route.fulfill(response=response, body=json.dumps(response.json() | going_on))

    visitor.page.route(f"**/api/sla/v1/replays/{id}**", answer)
