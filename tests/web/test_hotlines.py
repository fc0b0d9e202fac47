"""The numbers that customers call: a manager keeps one, and who takes a call has the region by it."""

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import Visit

NUMBER = "0591-8765-4321"
SAID = f"{NUMBER} · 闽东 · 7×24 · 技术支持一组"


def write(page: Page) -> None:
    for name, text in (("号码", NUMBER), ("区域", "闽东"), ("接听时间", "7×24"), ("由谁接听", "技术支持一组")):
        page.get_by_label(name, exact=True).fill(text)


@pytest.mark.requirement("R125", "R197")
def test_a_manager_keeps_a_number_and_an_agent_has_the_region_by_it(visit: Visit) -> None:
    manager, agent = visit(), visit()
    manager.come_back("manager", "/settings/hotlines")
    page = manager.page
    write(page)
    assert manager.barriers() == []
    page.get_by_role("button", name="保存").click()
    kept = page.get_by_role("region", name="热线", exact=True).get_by_role("listitem").filter(has_text=NUMBER)
    expect(kept).to_contain_text("闽东 · 7×24 · 技术支持一组")
    expect(page.get_by_role("region", name="变更记录")).to_contain_text(NUMBER)

    agent.come_back("agent", "/register")
    called = agent.page.get_by_label("拨打的号码")
    expect(agent.page.locator(f'datalist option[value="{SAID}"]')).to_have_count(1)
    called.fill(SAID)
    expect(agent.page.get_by_label("区域", exact=True)).to_have_value("闽东")
    assert agent.barriers() == []
    agent.page.get_by_role("button", name="清空").click()

    kept.get_by_role("button", name=f"删除 {NUMBER}").click()
    expect(kept).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_be_focused()

    write(page)
    page.get_by_role("button", name="保存").click()
    kept.get_by_role("button", name=f"删除 {NUMBER}").click()
    expect(kept).to_have_count(0)
