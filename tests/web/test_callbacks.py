"""Callbacks in a browser: whom to call, what came of it, and when to call again."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.web.conftest import Visit
from tests.web.office import Office
from tests.web.test_desk import act, chosen, sent
from tests.web.visitor import Visitor, press

PHONE = re.compile(r"138[\d*]{4}1111")
"""The customer's, in full or masked; 1111 alone is also of a ticket's number on the eleventh of November."""


def in_two_days() -> str:
    """A day of which every hour is to come, in whatever zone."""
    return (datetime.now(UTC) + timedelta(days=2)).date().isoformat()


@pytest.mark.requirement("R064", "R083")
def test_an_agent_calls_until_the_customer_is_reached_and_a_colleague_sees_it(visit: Visit) -> None:
    colleague: Visitor = visit()
    colleague.come_back("manager", "/callbacks")
    number = Office(colleague).accepted("callbacks_pumps")["number"]
    waiting = colleague.page.get_by_role("row").filter(has_text=number)
    colleague.until(lambda: waiting.count() == 1, "the callback")
    agent: Visitor = visit()
    agent.come_back("agent", "/callbacks")
    page = agent.page
    line = page.get_by_role("row").filter(has_text=number)
    agent.until(lambda: line.count() == 1, "the callback")
    assert agent.barriers() == []
    press(line, "Enter")
    expect(page.get_by_role("heading", name=f"回访 {number}")).to_be_visible()
    expect(page.get_by_role("region", name="履历")).to_contain_text("验收")
    expect(page.get_by_text(PHONE)).to_have_count(0)
    page.get_by_role("button", name="显示联系人").click()
    expect(page.get_by_text(PHONE)).to_contain_text("138****1111")
    assert agent.barriers() == []
    act(agent, "登记回访")
    chosen(agent, "回访结果", "改时间")
    page.get_by_label("再次回访时间").fill(f"{in_two_days()}T09:00")
    assert agent.barriers() == []
    sent(agent)
    expect(page.get_by_role("region", name="回访", exact=True)).to_contain_text("改时间")
    expect(waiting).to_have_count(0)  # it is told that it waits for another day
    act(agent, "登记回访")
    chosen(agent, "回访结果", "已接通")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("请填写满意度")).to_be_visible()
    chosen(agent, "满意度", "5 非常满意")
    page.get_by_label("客户意见").fill("师傅很准时")
    sent(agent)
    expect(page.get_by_role("region", name="回访", exact=True)).to_contain_text("5 非常满意")
    expect(page.get_by_role("button", name="登记回访")).to_have_count(0)
    page.goto(f"{agent.desk.url}/callbacks?view=done")
    expect(page.get_by_role("row").filter(has_text=number)).to_contain_text("已接通")


def test_what_a_call_cannot_be_is_said_at_its_field(visit: Visit) -> None:
    manager: Visitor = visit("en", width=320)
    manager.come_back("manager", "/callbacks")
    callback = Office(manager).accepted("callbacks_doors")["callback_id"]
    page = manager.page
    page.goto(f"{manager.desk.url}/callbacks/{callback}")
    page.keyboard.press(".")
    act(manager, "Record the call")
    chosen(manager, "Outcome", "No answer")
    page.get_by_label("Call again at").fill("2026-01-01T09:00")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert").filter(has_text="The next call is to be later than this one.")).to_be_visible()
    assert manager.overflows() == []
    assert manager.barriers() == []


def test_who_does_not_call_customers_has_no_callbacks(visitor: Visitor) -> None:
    visitor.come_back("dispatcher", "/callbacks")
    expect(visitor.page.get_by_text("您的角色无权查看此页。")).to_be_visible()
    expect(visitor.page.get_by_text("坐席 · 主管")).to_be_visible()
