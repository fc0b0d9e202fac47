"""Records in a browser: engineers and customers, found, read and changed."""

import pytest
from playwright.sync_api import expect

from tests.web.office import Office
from tests.web.pages import TICKET
from tests.web.test_desk import act, sent
from tests.web.visitor import Visitor, press

CUSTOMER = {"name": "储君", "phones": ["13655557777"], "address": "扬州市广陵区文昌路1号"}


def test_a_dispatcher_registers_an_engineer_changes_the_record_and_binds_a_login(visitor: Visitor) -> None:
    visitor.come_back("dispatcher", "/engineers")
    page = visitor.page
    act(visitor, "登记维修人员")
    page.get_by_label("姓名").fill("诸葛明")
    page.get_by_label("区域").last.fill("西南")
    page.get_by_role("dialog").get_by_label("技能", exact=True).fill("records_lifts，records_doors")
    assert visitor.barriers() == []
    sent(visitor)
    expect(page.get_by_role("heading", name="诸葛明")).to_be_visible()
    record = page.get_by_role("region", name="档案")
    expect(record).to_contain_text("records_lifts · records_doors")
    act(visitor, "变更档案")
    page.get_by_role("dialog").get_by_label("技能", exact=True).fill("records_lifts")
    sent(visitor)
    expect(record).not_to_contain_text("records_doors")
    act(visitor, "绑定登录")
    page.get_by_label("登录名").fill("zhuge.ming")
    page.keyboard.press("Enter")
    expect(record).to_contain_text("已绑定")
    act(visitor, "解除绑定")
    page.get_by_role("dialog").get_by_role("button", name="确定").click()
    expect(record).to_contain_text("未绑定")
    page.goto(f"{visitor.desk.url}/engineers?skill=records_lifts")
    expect(page.get_by_role("row").filter(has_text="诸葛明")).to_be_visible()
    assert visitor.barriers() == []


def test_an_engineers_page_has_the_visits_that_are_planned(visitor: Visitor) -> None:
    visitor.come_back("manager", "/engineers")
    office = Office(visitor)
    engineer, (order, number) = office.engineer("司马光", "records_pumps"), office.visit("records_pumps")
    office.asked(f"dispatch/v1/work-orders/{order}/assignment", {"engineer_id": engineer})
    visitor.page.goto(f"{visitor.desk.url}/engineers/{engineer}")
    expect(visitor.page.get_by_role("region", name="待上门").get_by_role("listitem")).to_contain_text(number)
    assert visitor.barriers() == []


@pytest.mark.requirement("R079")
def test_an_agent_finds_a_customer_by_the_last_digits_and_changes_the_address(visitor: Visitor) -> None:
    visitor.come_back("agent", "/customers")
    page = visitor.page
    ticket = visitor.command("intake", "tickets", {**TICKET, "customer": CUSTOMER})
    page.get_by_label("电话或尾号").fill("5557777")
    page.keyboard.press("Enter")
    line = page.get_by_role("row").filter(has_text="储君")
    expect(line).to_contain_text("136****7777")
    assert "7777" not in page.url
    assert visitor.barriers() == []
    press(line, "Enter")
    expect(page.get_by_role("region", name="工单")).to_contain_text(ticket["number"])
    act(visitor, "变更资料")
    page.get_by_label("电话（每行一个）").fill("123")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("电话号码长度不正确")).to_be_visible()
    page.get_by_label("电话（每行一个）").fill("13655557777")
    page.get_by_label("地址").fill("扬州市邗江区大学路2号")
    sent(visitor)
    expect(page.get_by_role("region", name="联系方式")).to_contain_text("大学路2号")
    assert visitor.barriers() == []
