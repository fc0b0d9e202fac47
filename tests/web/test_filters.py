"""Filters that are kept under a name, by keyboard, and the tickets of one customer, device or contract."""

import re

import pytest
from playwright.sync_api import expect

from tests.web.office import Office
from tests.web.test_queue import opened
from tests.web.visitor import Visitor, press

OWNER = {"name": "卞之", "phones": ["13655557777"], "address": "扬州市广陵区文昌路2号"}


def test_a_filter_is_kept_by_keyboard_and_the_queue_begins_with_it(visitor: Visitor) -> None:
    visitor.come_back("director", "/tickets?urgency=critical&sort=due_at")
    page = visitor.page
    menu = page.get_by_role("group").filter(has_text="我的筛选")
    expect(page.get_by_text("还没有保存筛选。")).to_be_attached()
    page.keyboard.press("f")
    name = page.get_by_label("名称")
    expect(name).to_be_focused()
    page.keyboard.insert_text("危急的")
    page.get_by_label("打开工单列表时使用").check()
    assert visitor.barriers() == []
    press(name, "Enter")
    kept = page.get_by_role("list", name="本人保存的筛选").get_by_role("button", name="危急的", exact=True)
    expect(kept).to_have_attribute("aria-pressed", "true")
    page.goto(f"{visitor.desk.url}/tickets")
    page.wait_for_url(re.compile(r"urgency=critical"))
    page.get_by_role("button", name=re.compile(r"^全部 \d")).click()
    expect(page).to_have_url(re.compile(r"/tickets$"))
    page.keyboard.press("f")
    expect(kept).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"urgency=critical"))
    page.keyboard.press("f")
    page.get_by_role("button", name="删除 危急的").click()
    expect(page.get_by_text("还没有保存筛选。")).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu.get_by_label("名称")).to_be_hidden()


@pytest.mark.requirement("R180")
def test_the_pages_of_a_customer_a_device_and_a_contract_lead_to_their_tickets(visitor: Visitor) -> None:
    visitor.come_back("manager", "/home")
    page = visitor.page
    who, contract, asset = Office(visitor).covered(OWNER)
    about = {"channel": "phone", "kind": "repair", "customer_id": who}
    number = visitor.command("intake", "tickets", {**about, "summary": "水泵异响", "asset_id": asset})["number"]
    other = visitor.command("intake", "tickets", {**about, "summary": "询问保养"})["number"]
    stranger, _ = opened(visitor, "别家的水泵")
    for path, shown in ((f"contracts/{contract}", 1), (f"devices/{asset}", 1), (f"accounts/{who}", 2)):
        page.goto(f"{visitor.desk.url}/{path}")
        page.get_by_role("link", name="在工单列表中查看").click()
        rows = page.get_by_role("row")
        expect(rows.filter(has_text=number)).to_be_visible()
        expect(rows.filter(has_text=other)).to_have_count(shown - 1)
        expect(rows.filter(has_text=stranger)).to_have_count(0)
    expect(page.get_by_role("group", name="客户").get_by_role("button", name="所指定的")).to_be_visible()
    assert visitor.barriers() == []
