"""Customers' links in a browser: made in the console, opened at 400 % without a script, in both languages."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import Visit
from tests.web.office import Office
from tests.web.pages import TICKET
from tests.web.test_pages import ZOOMED
from tests.web.visitor import Visitor

pytestmark = pytest.mark.long

SMALLEST = """() => Math.min(...[...document.querySelectorAll("main *, header *")]
  .filter((one) => one.textContent.trim() && one.offsetParent)
  .map((one) => parseFloat(getComputedStyle(one).fontSize)))"""
TOO_SMALL = """() => [...document.querySelectorAll("a, button, label.choice")]
  .filter((one) => one.getBoundingClientRect().height < 44).map((one) => one.outerHTML)"""
PROGRESS = {"zh-CN": "维修进度", "en": "Repair progress"}
RATING = {"zh-CN": "服务评价", "en": "Rate the service"}
TIME = {"zh-CN": "上门预约", "en": "Time of the visit"}
CLOSED = {"zh-CN": "链接已失效", "en": "This link does not work any more"}
NAME = "钱进"
CUSTOMER = {"name": NAME, "phones": ["13700005555"], "address": "苏州市姑苏区观前街1号"}


def customer(visit: Visit, language: str) -> Page:
    """Somebody without a login, whose browser runs no script."""
    someone: Visitor = visit(language, **ZOOMED, java_script_enabled=False)
    return someone.page


def made(agent: Visitor, button: str) -> str:
    """The address of a link that the dialog shows once."""
    agent.page.get_by_role("button", name=button).click()
    expect(agent.page.locator(".dialog svg")).to_be_visible()
    assert agent.barriers() == []
    address = agent.page.get_by_label("网址", exact=True).input_value()
    agent.page.get_by_role("button", name="完成", exact=True).click()
    return address


def looked_at(visit: Visit, address: str, headings: dict[str, str]) -> None:
    """Both languages, large, without a barrier, and in sizes that are read and hit."""
    for language, heading in headings.items():
        plain, checked = customer(visit, language), visit(language, **ZOOMED)
        for page in (plain, checked.page):
            page.goto(address)
            expect(page.get_by_role("heading", name=heading)).to_be_visible()
        assert checked.overflows() == []
        assert checked.barriers() == []
        assert checked.page.evaluate(SMALLEST) >= 16
        assert checked.page.evaluate(TOO_SMALL) == []


def test_an_agent_gives_a_link_and_takes_it_back(visitor: Visitor, visit: Visit) -> None:
    visitor.come_back("agent", "/home")
    ticket = visitor.command("intake", "tickets", {**TICKET, "customer": CUSTOMER})
    visitor.page.goto(f"{visitor.desk.url}/tickets/{ticket['id']}")
    address = made(visitor, "生成进度链接")
    looked_at(visit, address, PROGRESS)
    page = customer(visit, "zh-CN")
    page.goto(address)
    expect(page.get_by_text(ticket["number"])).to_be_visible()
    assert NAME not in page.content()
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", name=PROGRESS["en"])).to_be_visible()
    visitor.page.get_by_role("button", name="撤回").click()
    expect(visitor.page.get_by_text("进度 · 已撤回")).to_be_visible()
    looked_at(visit, address, CLOSED)


@pytest.mark.requirement("R064")
def test_a_customer_rates_by_a_link_and_nobody_calls(visitor: Visitor, visit: Visit) -> None:
    visitor.come_back("manager", "/home")
    office = Office(visitor)
    ticket_id = office.accepted("links_pumps")["ticket_id"]
    visitor.page.goto(f"{visitor.desk.url}/tickets/{ticket_id}")
    address = made(visitor, "生成评价链接")
    looked_at(visit, address, RATING)
    page = customer(visit, "en")
    page.goto(address)
    page.get_by_role("radio", name="Satisfied 4/5", exact=True).check()
    page.get_by_label("Your comment").fill("On time\nand friendly")
    page.get_by_role("button", name="Send the rating").click()
    for _ in range(2):
        expect(page.get_by_role("heading", name="Thank you for your rating")).to_be_visible()
        page.reload()
    listed = f"survey/v1/callbacks?ticket_id={ticket_id}"
    (callback,) = office.asked(listed)["items"]
    assert (callback["status"], callback["last_outcome"], callback["score"]) == ("completed", "by_link", 4)
    expect(visitor.page.get_by_text("评价 · 已用")).to_be_visible()
    looked_at(visit, address, CLOSED)


@pytest.mark.requirement("R010")
def test_a_customer_wishes_another_time_and_the_dispatcher_sees_it(visitor: Visitor, visit: Visit) -> None:
    visitor.come_back("manager", "/home")
    office = Office(visitor)
    engineer, (order, _) = office.engineer("宁", "links_times"), office.visit("links_times")
    day = (datetime.now(UTC) + timedelta(days=2)).date()
    plan = {"engineer_id": engineer, "start": f"{day}T01:00:00Z", "end": f"{day}T03:00:00Z", "confirmed": False}
    office.asked(f"dispatch/v1/work-orders/{order}/plan", plan)
    visitor.page.goto(f"{visitor.desk.url}/tickets/{office.order(order)['ticket_id']}")
    address = made(visitor, "生成预约链接")
    looked_at(visit, address, TIME)
    page = customer(visit, "en")
    page.goto(address)
    expect(page.get_by_text("offered, not confirmed yet")).to_be_visible()
    page.get_by_role("radio", name="I would rather have another time").check()
    page.get_by_label("Day", exact=True).fill(f"{day}")
    page.get_by_role("radio", name="Afternoon").check()
    page.get_by_label("Anything to add").fill("After work")
    page.get_by_role("button", name="Send the answer").click()
    for _ in range(2):
        expect(page.get_by_role("heading", name="Your wish has arrived")).to_be_visible()
        page.reload()
    expect(visitor.page.get_by_text("预约 · 已用")).to_be_visible()
    visitor.page.goto(f"{visitor.desk.url}/work-orders/{order}")
    expect(visitor.page.get_by_text("After work")).to_be_visible()
    assert not office.order(order)["appointment"]["confirmed"]
    looked_at(visit, address, CLOSED)
