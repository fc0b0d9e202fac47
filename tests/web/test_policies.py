"""Policies in a browser: read, tried side by side, drafted with what cannot work at its place, approved by another."""

import json
import re
from typing import Any

from playwright.sync_api import expect

from tests.web.conftest import Visit
from tests.web.test_desk import act
from tests.web.visitor import Visitor

START = "2026-03-06T16:00"
"""A Friday, in the reader's zone."""


def test_a_manager_reads_a_policy_and_its_calendar_and_tries_two_side_by_side(visitor: Visitor) -> None:
    visitor.come_back("manager", "/policies")
    page = visitor.page
    page.get_by_role("link", name="演示时限政策").click()
    response = page.get_by_role("region", name="响应时限")
    expect(response).to_contain_text("P1 30 分钟")
    expect(response).to_contain_text("开始受理")
    assert visitor.barriers() == []
    response.get_by_role("link").click()
    expect(page.get_by_role("table", name=re.compile(r"^\d{4}-03$"))).to_be_visible()  # of whichever year it is
    assert visitor.barriers() == []
    page.goto(f"{visitor.desk.url}/try")
    page.get_by_label("开始时间").fill(START)
    page.get_by_label("故障级别").select_option("1")
    page.get_by_label("规则", exact=True).select_option("demo/1")
    page.get_by_label("对比").select_option(index=2)
    page.get_by_role("button", name="计算").click()
    sides = page.locator(".sides > div")
    expect(sides).to_have_count(2)
    expect(sides.first.get_by_role("listitem").first).to_contain_text("响应时限 · 2026-03-06")
    expect(sides.first.get_by_text("如何算到").first).to_be_visible()
    assert "start=" in page.url  # who has the address sees the same
    assert visitor.overflows() == []
    assert visitor.barriers() == []


def test_a_policy_that_cannot_work_is_refused_at_its_place_and_another_approves_one_that_can(visit: Visit) -> None:
    manager: Visitor = visit("en", width=320)
    manager.come_back("manager", "/policies/console-vip/draft?preset=pp-12a")
    page = manager.page
    document = page.get_by_label("Whole document (JSON)")
    policy = written(document.input_value())
    flawed = policy | {"targets": [policy["targets"][0] | {"stop": ["intake.TicketPainted"]}]}
    document.fill(json.dumps(flawed))
    page.get_by_role("button", name="Save the draft").click()
    expect(page.get_by_role("alert").first).to_contain_text("targets[0].stop[0].event")
    assert manager.overflows() == []
    assert manager.barriers() == []
    document.fill(json.dumps(policy))
    page.get_by_role("spinbutton").first.fill("3")
    page.get_by_role("button", name="Save the draft").click()
    expect(page.get_by_role("region", name="Versions")).to_contain_text("Draft")
    director: Visitor = visit("en")
    director.come_back("director", "/policies/console-vip")
    for step in ("Approve", "Publish", "Retire"):
        act(director, step)
        director.page.get_by_role("dialog").get_by_role("button", name="OK").click()
        expect(director.page.get_by_role("dialog")).to_have_count(0)
    expect(director.page.get_by_role("region", name="Versions")).to_contain_text("Retired")
    assert director.barriers() == []


def written(text: str) -> dict[str, Any]:
    """The preset's first target, as a policy of another id."""
    preset: dict[str, Any] = json.loads(text)
    hours = {"amount": 2, "unit": "hours"}
    target = preset["targets"][0] | {"within": hours, "by_level": {}}
    return preset | {"id": "console-vip", "applies_when": {"region": ["console-vip"]}, "targets": [target]}
