"""A ticket, or another record, as it was known at any moment, in a browser: found, and walked through by keyboard."""

import re

from playwright.sync_api import expect

from tests.web.conftest import Visit
from tests.web.office import Office
from tests.web.pages import Stage
from tests.web.visitor import Visitor, press


def test_an_auditor_walks_a_ticket_from_before_it_was_known_to_now(visit: Visit, stage: Stage) -> None:
    auditor: Visitor = visit()
    auditor.come_back("auditor", "/audit")
    page = auditor.page
    page.get_by_label("工单号或编号").fill(stage.number)
    page.keyboard.press("Enter")
    known = page.get_by_role("region", name="当时所知")
    expect(known).to_contain_text(stage.number)
    expect(page.get_by_role("region", name="联系人查看记录")).to_be_visible()
    slider = page.get_by_role("slider")
    press(slider, "Home")
    expect(known).to_contain_text("当时还没有任何记录。")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text(re.compile("^第 2 步"))).to_be_visible()
    expect(known).to_contain_text(stage.number)
    expect(page).to_have_url(re.compile("at="))  # who has the address sees the same
    page.get_by_role("button", name="回到现在").click()
    expect(page.get_by_text("截至：现在")).to_be_visible()
    expect(page.get_by_role("table", name="何人何事")).to_contain_text("受理")
    assert auditor.barriers() == []


def test_an_auditor_walks_an_asset_and_reads_what_became_of_a_calendar(visit: Visit, stage: Stage) -> None:
    agent, auditor = visit(), visit(width=320)
    agent.come_back("agent", "/tickets")
    Office(agent).asked(f"intake/v1/customers/{stage.customer_id}/account")
    auditor.come_back("auditor", "/audit")
    page = auditor.page
    page.get_by_label("类别").select_option("asset")
    page.get_by_label("序列号、保修卡号或设备编号").fill(stage.asset_id)
    page.keyboard.press("Enter")
    known = page.get_by_role("region", name="当时所知")
    expect(known).to_contain_text("KFR-35GW")
    expect(page.get_by_role("region", name="联系人查看记录")).to_contain_text("{customer_id}/account")
    press(page.get_by_role("slider"), "Home")
    expect(known).to_contain_text("当时还没有任何记录。")
    page.keyboard.press("End")
    expect(known).to_contain_text("KFR-35GW")
    assert (auditor.barriers(), auditor.overflows()) == ([], [])
    page.goto(f"{auditor.desk.url}/audit?kind=calendar&id=stage-hours")
    expect(page.get_by_role("table", name="何人何事")).to_contain_text("日历起草")
    page.locator("summary").click()
    expect(page.get_by_role("region", name="当时所知")).to_contain_text("weekly_hours")
    assert (auditor.barriers(), auditor.overflows()) == ([], [])
