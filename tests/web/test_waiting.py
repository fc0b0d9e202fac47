"""A ticket waits for somebody and is a team's: said on its page, found in the queue."""

import pytest
from playwright.sync_api import expect

from tests.web.test_queue import opened
from tests.web.visitor import Visitor


@pytest.mark.requirement("R051")
def test_whom_a_ticket_waits_for_and_its_team_are_said_on_its_page_and_found_in_the_queue(visitor: Visitor) -> None:
    visitor.come_back("agent", "/register")
    number, id = opened(visitor, "压缩机待换")
    page = visitor.page
    page.goto(f"{visitor.desk.url}/tickets/{id}")
    page.get_by_role("button", name="等待…").press("Enter")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("等供应商").check()
    dialog.get_by_label("为何等待").fill("等厂家寄出压缩机")
    dialog.get_by_label("再看时间").fill("2099-01-05T09:00")
    assert visitor.barriers() == []
    dialog.get_by_role("button", name="确定").click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("group", name="等待", exact=True)).to_contain_text("等供应商：等厂家寄出压缩机，2099-01-05")
    page.get_by_role("button", name="分配班组").press("Enter")
    dialog.get_by_label("班组", exact=True).fill("压缩机组")
    dialog.get_by_role("button", name="确定").click()
    expect(page.get_by_role("group", name="班组", exact=True)).to_contain_text("班组：压缩机组")
    page.goto(f"{visitor.desk.url}/tickets?team=压缩机组&waits_for=supplier")
    expect(page.get_by_role("row").filter(has_text=number)).to_contain_text("等供应商")
    page.get_by_text("筛选", exact=True).click()
    team = page.get_by_role("group", name="班组", exact=True).get_by_role("button", name="压缩机组")
    expect(team).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("button", name="等供应商")).to_have_attribute("aria-pressed", "true")
    assert visitor.barriers() == []
    page.goto(f"{visitor.desk.url}/tickets/{id}")
    page.get_by_role("button", name="不再等待").press("Enter")
    expect(page.get_by_role("button", name="不再等待")).to_have_count(0)
