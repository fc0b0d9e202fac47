"""An agent's work in the browser, on the whole product: signing in, registering by keyboard, following, signing out."""

import re

import pytest
from playwright.sync_api import expect

from tests.web.visitor import Visitor

NUMBER = re.compile(r"^WX\d{8}-\d{4}$")


def registered(visitor: Visitor) -> str:
    """The number of a ticket that the visitor, who has signed in, registers by keyboard alone."""
    page = visitor.page
    expect(page.get_by_role("heading", name="工单", exact=True)).to_be_visible()
    page.keyboard.press("n")
    expect(page.get_by_role("heading", name="受理登记")).to_be_visible()
    page.get_by_label("电话").first.focus()
    visitor.type("13911112222")
    page.get_by_label("姓名").focus()
    visitor.type("赵敏")
    page.get_by_label("地址").focus()
    visitor.type("上海市浦东新区世纪大道1号")
    page.get_by_label("内容").focus()
    visitor.type("冷库温度偏高报警", then="Control+Enter")
    said = page.locator(".number-said")
    expect(said).to_have_text(NUMBER)
    return said.inner_text()


@pytest.mark.requirement("R001")
def test_an_agent_registers_by_keyboard_and_sees_the_clocks_run(visitor: Visitor) -> None:
    visitor.sign_in("agent", "/tickets?status=open")
    assert visitor.page.url == f"{visitor.desk.url}/tickets?status=open"
    number = registered(visitor)
    assert visitor.barriers() == []
    visitor.page.get_by_role("link", name="打开工单").click()
    expect(visitor.page.get_by_role("heading", name=f"工单 {number}")).to_be_visible()
    visitor.until(lambda: visitor.page.get_by_role("timer").count() >= 1, "a clock")
    expect(visitor.page.get_by_role("definition").filter(has_text="冷库温度偏高报警")).to_be_visible()
    assert visitor.barriers() == []


def test_what_is_missing_is_said_at_its_field_and_a_draft_outlives_a_reload(visitor: Visitor) -> None:
    visitor.come_back("agent", "/register")
    page = visitor.page
    page.get_by_label("内容").fill("电梯门关闭不到位")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("请填写姓名")).to_be_visible()
    assert visitor.barriers() == []
    expect(page.get_by_text("草稿已保存")).to_be_visible()
    page.reload()
    page.get_by_role("button", name=re.compile("恢复|继续")).first.click()
    expect(page.get_by_label("内容")).to_have_value("电梯门关闭不到位")


def test_whoever_signed_out_sees_nothing_any_more(visitor: Visitor) -> None:
    visitor.sign_in("agent", "/tickets")
    page = visitor.page
    page.locator("button.person").click()
    page.get_by_role("button", name="退出登录", exact=True).click()
    page.wait_for_url(f"{visitor.desk.issuer}/**")
    assert visitor.context.request.get(f"{visitor.desk.url}/auth/me").status == 401
    page.goto(f"{visitor.desk.url}/tickets")
    page.wait_for_url(f"{visitor.desk.issuer}/**")


def test_an_operator_reads_in_english_on_a_phones_width(english: Visitor) -> None:
    english.come_back("operator", "/tickets")
    expect(english.page.get_by_role("heading", name="Tickets")).to_be_visible()
    assert english.page.get_by_role("link", name="Register").count() == 0
    assert english.overflows() == []
    assert english.barriers() == []


def test_a_page_for_others_says_who_may(english: Visitor) -> None:
    english.come_back("operator", "/register")
    expect(english.page.get_by_role("main")).to_contain_text("agent", ignore_case=True)
    assert english.page.get_by_role("textbox", name="Phone").count() == 0
