"""A closed ticket goes on, or another follows it."""

import pytest
from playwright.sync_api import expect

from tests.web.visitor import Visitor


def test_a_closed_ticket_is_opened_again_with_a_reason_and_followed_by_a_new_one(visitor: Visitor) -> None:
    visitor.come_back("agent", "/register")
    caller = {"name": "周复", "phones": ["13700005555"], "address": "台江区广达路7号"}
    asked = {"channel": "phone", "kind": "repair", "customer": caller, "summary": "又漏水了", "region": "华东"}
    ticket = visitor.command("intake", "tickets", asked)
    visitor.command("intake", f"tickets/{ticket['id']}/settlement", {"answer": "已教用户关阀"})
    page = visitor.page
    page.goto(f"{visitor.desk.url}/tickets/{ticket['id']}")
    page.get_by_role("button", name="重开").press("Enter")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("为何重开").fill("关阀后仍漏")
    dialog.get_by_role("button", name="确定").click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("button", name="重开")).to_have_count(0)
    expect(page.get_by_role("heading", name=ticket["number"])).to_be_focused()
    expect(page.get_by_role("region", name="备注").get_by_role("listitem").first).to_contain_text("关阀后仍漏")
    visitor.command("intake", f"tickets/{ticket['id']}/settlement", {"answer": "已换阀"})
    page.reload()
    page.get_by_role("link", name="登记后续工单").click()
    expect(page.get_by_role("definition").filter(has_text="周复")).to_be_visible()
    expect(page.get_by_label("区域", exact=True)).to_have_value("华东")
    assert visitor.barriers() == []
    page.get_by_label("内容", exact=True).fill("换阀后又漏水")
    page.keyboard.press("Control+Enter")
    said = page.get_by_role("region", name="已受理")  # the form, too, leads to a ticket: to that which is followed
    said.get_by_role("link", name="打开工单").click()
    expect(page.get_by_text("后续自")).to_be_visible()
    page.get_by_text("后续自").get_by_role("link").click()
    expect(page.get_by_role("heading", name=ticket["number"])).to_be_visible()


@pytest.mark.requirement("R244", "R251")
def test_a_question_has_a_short_way_until_it_is_amended_into_a_fault(visitor: Visitor) -> None:
    visitor.come_back("agent", "/register")
    caller = {"name": "周问", "phones": ["13700006666"], "address": "台江区广达路9号"}
    asked = {"channel": "phone", "kind": "consultation", "customer": caller, "summary": "怎么清洗滤网"}
    ticket = visitor.command("intake", "tickets", asked)
    page = visitor.page
    page.goto(f"{visitor.desk.url}/tickets/{ticket['id']}")
    way = page.get_by_role("list", name="办理进度")
    expect(way.get_by_role("listitem")).to_have_text(["已受理", "已结单"])
    page.get_by_role("button", name="更正").press("Enter")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("为何更正").fill("滤网破了")
    dialog.get_by_label("服务类别").fill("维修")
    expect(page.locator(".ant-select-item-option-active")).to_have_text("维修")
    dialog.get_by_label("服务类别").press("Enter")
    expect(dialog).not_to_contain_text("咨询")
    assert visitor.barriers() == []
    dialog.get_by_role("button", name="确定").click()
    expect(dialog).to_have_count(0)
    expect(way.get_by_role("listitem").filter(has_text="已授权")).to_be_visible()
    expect(page.get_by_role("region", name="履历")).to_contain_text("维修 ← 咨询")
    expect(page.locator(":focus")).to_have_count(1)
