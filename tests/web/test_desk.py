"""The desks of triage, managers and operators: a case decided by keyboard, figures and their rows, every service."""

import re
from functools import partial
from typing import Any

from playwright.sync_api import Locator, expect

from tests.web.office import Office
from tests.web.pages import TICKET
from tests.web.test_home import shows
from tests.web.test_journey import registered
from tests.web.visitor import Visitor, press

CUSTOMER = {"name": "齐岳", "phones": ["13700007129"], "address": "杭州市西湖区文三路9号"}


def chosen(visitor: Visitor, group: str, option: str) -> None:
    """A radio of a form, chosen by keyboard."""
    radio = visitor.page.get_by_role("radiogroup", name=group).get_by_role("radio", name=option)
    press(radio, "Space")


def act(visitor: Visitor, name: str) -> None:
    """Open the form of an act from the keyboard, once no other stands before it."""
    expect(visitor.page.get_by_role("dialog")).to_have_count(0)
    press(visitor.page.get_by_role("button", name=name, exact=True), "Enter")
    expect(visitor.page.get_by_role("dialog", name=name)).to_be_visible()


def sent(visitor: Visitor) -> None:
    """The form is sent from the keyboard, and taken."""
    visitor.page.keyboard.press("Control+Enter")
    expect(visitor.page.get_by_role("dialog")).to_have_count(0)


def test_a_triage_engineer_decides_a_case_by_keyboard_from_the_queue_on(visitor: Visitor) -> None:
    visitor.come_back("agent", "/tickets")
    number = registered(visitor)
    visitor.make_room()
    visitor.come_back("triage", "/triage?status=open")
    page = visitor.page
    line = page.get_by_role("row").filter(has_text=number)
    visitor.until(lambda: line.count() == 1, "the case of the ticket")
    assert visitor.barriers() == []
    press(line, "Enter")
    expect(page.get_by_role("heading", name=f"研判 {number}")).to_be_visible()
    expect(page.get_by_text("冷库温度偏高报警")).to_be_visible()
    act(visitor, "故障定级")
    assert visitor.barriers() == []
    chosen(visitor, "故障级别", "P2 严重")
    chosen(visitor, "维护类型", "纠正性")
    sent(visitor)
    act(visitor, "授权上门")
    sent(visitor)
    expect(page.get_by_role("button", name="授权上门", exact=True)).to_have_count(0)
    expect(page.get_by_role("region", name="研判结论")).to_contain_text("已授权")
    assert visitor.barriers() == []


def test_a_manager_orders_the_triage_queue_by_deadline_and_claims_from_it(visitor: Visitor) -> None:
    visitor.come_back("manager", "/triage?status=classified&status=remote_support")
    office, page = Office(visitor), visitor.page
    minor, unknown = (visitor.command("intake", "tickets", {**TICKET, "customer": CUSTOMER}) for _ in range(2))
    found = {"level": 4, "maintenance_type": "corrective"}
    office.asked(f"triage/v1/cases/{minor['id']}/classification", found)
    office.asked(f"triage/v1/cases/{unknown['id']}/remote-support", {"outcome": "started"})  # due as of level 3
    rows = page.get_by_role("row").filter(has_text=re.compile(f"{minor['number']}|{unknown['number']}"))

    def begins_with(ticket: dict[str, Any]) -> bool:
        return rows.count() == 2 and ticket["number"] in rows.first.inner_text()

    for order, first in (("级别", minor), ("最近截止", unknown)):
        page.get_by_role("button", name=order, exact=True).click()
        visitor.until(partial(begins_with, first), order)
    press(rows.first, "c")
    expect(page.get_by_text(f"已认领 {unknown['number']}")).to_be_visible()
    expect(rows.first).to_contain_text("张伟")
    expect(rows.first.get_by_role("button", name="认领")).to_have_count(0)
    assert visitor.barriers() == []


def test_the_keys_act_on_the_chosen_row_whatever_comes_above_it_and_stay_in_the_list_once_it_goes(
    visitor: Visitor,
) -> None:
    visitor.come_back("manager", "/triage?status=classified")
    office, page = Office(visitor), visitor.page
    chosen, urgent = (visitor.command("intake", "tickets", {**TICKET, "customer": CUSTOMER}) for _ in range(2))

    def classify(ticket: dict[str, Any], level: int) -> None:
        found = {"level": level, "maintenance_type": "corrective"}
        office.asked(f"triage/v1/cases/{ticket['id']}/classification", found)

    def place(ticket: dict[str, Any]) -> int:
        """Which row of the list a ticket has; 0 while it has none."""
        row = page.get_by_role("row").filter(has_text=ticket["number"])
        return int(row.evaluate_all("rows => rows[0]?.getAttribute('aria-rowindex') ?? 0"))

    classify(chosen, 2)
    visitor.until(lambda: place(chosen) > 0, "the chosen case")
    page.get_by_role("row").filter(has_text=chosen["number"]).focus()
    classify(urgent, 1)
    visitor.until(lambda: 0 < place(urgent) < place(chosen), "a worse case above it")
    page.keyboard.press("c")
    expect(page.get_by_text(f"已认领 {chosen['number']}")).to_be_visible()
    office.asked(
        f"triage/v1/cases/{chosen['id']}/authorisation", {"job_type": "repair", "payable": False, "skills": ["cooling"]}
    )
    visitor.until(lambda: place(chosen) == 0, "its leaving the list")
    focused = "document.activeElement.getAttribute('role')"
    visitor.until(lambda: bool(page.evaluate(focused) == "row"), "a row with the focus")


def test_a_figure_of_the_wallboard_is_the_number_of_its_rows(visitor: Visitor) -> None:
    visitor.come_back("agent", "/tickets")
    registered(visitor)
    visitor.make_room()
    visitor.come_back("manager", "/wallboard")
    page = visitor.page
    figure = page.locator(".figures li").filter(has_text="计时中").get_by_role("link")
    visitor.until(lambda: _number(figure.inner_text()) > 0, "a running clock")
    assert visitor.barriers() == []
    assert any(leads_to_its_rows(visitor, figure) for _ in range(5))
    assert visitor.barriers() == []


def leads_to_its_rows(visitor: Visitor, figure: Locator) -> bool:
    """Whether the list has as many rows as the figure said; between the two another clock may begin or end."""
    visitor.page.goto(f"{visitor.desk.url}/wallboard")
    expect(figure).to_have_text(re.compile(r"^\d+$"))
    number = _number(figure.inner_text())
    figure.click()
    visitor.page.get_by_role("grid", name="时钟明细").wait_for()
    return shows(visitor, number)


def test_an_auditor_reads_how_every_service_stands_and_has_no_act(visitor: Visitor) -> None:
    visitor.come_back("auditor", "/operations")
    main = visitor.page.get_by_role("main")
    for service in ("受理", "研判", "派工", "时限", "回访"):
        expect(main.get_by_role("region", name=service)).to_contain_text(re.compile(r"通道 \d+ 条，停止 0 条"))
        expect(main.get_by_role("region", name=service)).to_contain_text(re.compile(r"版本 \d+\.\d+"))
    expect(main.get_by_role("region", name="时限")).to_contain_text(re.compile(r"待处理事件：.*受理 \d+"))
    assert main.get_by_role("button").count() == 0
    assert visitor.barriers() == []


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0
