"""A ticket beside the queue: shown from its row, followed by arrows, closed with the focus back where it was."""

import pytest
from playwright.sync_api import expect

from tests.web.test_queue import opened
from tests.web.visitor import Visitor, press


@pytest.mark.requirement("R076")
def test_a_ticket_stands_beside_the_list_while_arrows_go_on(visitor: Visitor) -> None:
    visitor.come_back("agent", "/tickets")
    page = visitor.page
    (older, _), (newer, id) = opened(visitor, "水泵漏水"), opened(visitor, "喷淋管爆裂")
    page.reload()
    beside = page.get_by_role("complementary", name="所选工单")
    row = page.get_by_role("row").filter(has_text=newer)
    press(row, "Space")
    expect(beside.get_by_role("link", name=f"工单 {newer}")).to_be_visible()
    expect(beside.get_by_text("喷淋管爆裂")).to_be_visible()
    expect(row).to_be_focused()
    expect(row).to_have_attribute("aria-current", "true")
    assert f"open={id}" in page.url
    assert visitor.barriers() == []

    page.keyboard.press("ArrowDown")
    expect(beside.get_by_role("link", name=f"工单 {older}")).to_be_visible()
    page.reload()
    expect(beside.get_by_role("link", name=f"工单 {older}")).to_be_visible()

    page.get_by_role("row").filter(has_text=newer).focus()
    expect(beside.get_by_role("link", name=f"工单 {newer}")).to_be_visible()
    press(beside.get_by_role("button", name="认领"), "Escape")
    expect(beside).to_have_count(0)
    expect(row).to_be_focused()
    assert "open=" not in page.url


def test_a_row_that_is_clicked_opens_and_its_boxes_and_buttons_do_not(visitor: Visitor) -> None:
    visitor.come_back("agent", "/tickets")
    page = visitor.page
    number, _ = opened(visitor, "照明回路跳闸")
    page.reload()
    beside = page.get_by_role("complementary", name="所选工单")
    row = page.get_by_role("row").filter(has_text=number)
    row.get_by_role("checkbox").click()
    expect(beside).to_have_count(0)
    row.get_by_text("照明回路跳闸").click()
    expect(beside.get_by_role("link", name=f"工单 {number}")).to_be_visible()
    page.keyboard.press("Escape")
    expect(beside).to_have_count(0)
    expect(row).to_be_focused()


def test_on_a_narrow_screen_the_ticket_stands_below_the_list(english: Visitor) -> None:
    english.come_back("agent", "/tickets")
    page = english.page
    number, id = opened(english, "Door does not close")
    page.goto(f"{english.desk.url}/tickets?number={number}&open={id}")
    beside = page.get_by_role("complementary")
    expect(beside.get_by_role("link", name=number)).to_be_visible()
    assert english.overflows() == []
    assert english.barriers() == []
