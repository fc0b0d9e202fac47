"""The register while the telephone rings: callers who are on file, and several calls at once."""

import pytest
from playwright.sync_api import Locator, expect

from tests.web.visitor import Visitor

STORED = """async () => {
  const opened = await new Promise((found) => {
    const asked = indexedDB.open("aftercare");
    asked.onsuccess = () => found(asked.result);
  });
  const all = opened.transaction("draft").objectStore("draft").getAll();
  await new Promise((done) => { all.onsuccess = done; });
  const words = all.result.map((each) => new TextDecoder().decode(each.content) + JSON.stringify(each));
  opened.close();
  return words;
}"""
"""Everything that the browser keeps of drafts, as whoever opens its tools reads it."""


def field(visitor: Visitor, label: str) -> Locator:
    return visitor.page.get_by_label(label, exact=True)


def offered(visitor: Visitor) -> Locator:
    """The calls that are offered to go on with."""
    return visitor.page.locator(".drafts li")


def person(name: str, phone: str) -> dict[str, object]:
    return {"name": name, "phones": [phone], "address": f"{name}家"}


@pytest.mark.requirement("R001")
def test_a_caller_is_found_by_their_number_and_of_two_one_is_chosen(visitor: Visitor) -> None:
    visitor.sign_in("agent", "/register")
    page = visitor.page
    lan = visitor.command("intake", "customers", person("兰芝", "13600006789"))
    visitor.command("intake", "customers", person("兰亭", "13600006789"))
    asked = {"channel": "phone", "kind": "repair", "customer_id": lan["id"], "summary": "门禁读卡失败"}
    earlier = visitor.command("intake", "tickets", asked)
    field(visitor, "电话").fill("136 0000 6789")
    expect(page.locator(".found > li")).to_have_count(2)
    expect(page.get_by_role("link", name=earlier["number"])).to_be_visible()
    assert visitor.barriers() == []
    assert "13600006789" not in page.locator(".found").inner_text()
    page.get_by_role("button", name="是兰芝来电").press("Enter")
    expect(field(visitor, "内容")).to_be_focused()
    page.get_by_role("button", name="136****6789 显示").press("Enter")
    expect(page.get_by_role("link", name="13600006789")).to_be_focused()
    field(visitor, "内容").fill("门禁再次读卡失败")
    page.keyboard.press("Control+Enter")
    page.get_by_role("link", name="打开工单").click()
    expect(page.get_by_role("heading", name="工单 WX")).to_be_visible()
    opened = page.evaluate("fetch('/api/intake/v1' + location.pathname).then((answer) => answer.json())")
    assert opened["customer_id"] == lan["id"]


def test_a_number_of_nobodys_is_a_new_customers(visitor: Visitor) -> None:
    visitor.sign_in("agent", "/register")
    field(visitor, "电话").fill("13600000001")
    expect(visitor.page.get_by_text("此号码没有建档，将新建客户。")).to_be_visible()
    assert visitor.barriers() == []


def test_two_calls_are_kept_apart_sealed_and_outlive_signing_out_for_their_agent_alone(visitor: Visitor) -> None:
    visitor.sign_in("agent", "/register")
    page = visitor.page
    field(visitor, "姓名").fill("甲先生")
    field(visitor, "内容").fill("电梯门关闭不到位")
    page.keyboard.press("Control+Shift+Enter")
    expect(offered(visitor)).to_have_count(1)
    expect(field(visitor, "电话")).to_be_focused()
    field(visitor, "姓名").fill("乙女士")
    expect(page.get_by_text("草稿已保存")).to_be_visible()
    offered(visitor).filter(has_text="甲先生").get_by_role("button", name="继续填写").click()
    expect(field(visitor, "内容")).to_have_value("电梯门关闭不到位")
    expect(offered(visitor)).to_contain_text(["乙女士"])
    assert visitor.barriers() == []
    stored = page.evaluate(STORED)
    assert len(stored) == 2
    assert not any("先生" in each or "电梯" in each or "女士" in each for each in stored)
    leave(visitor)
    visitor.sign_in("manager", "/register")
    field(visitor, "姓名").fill("丙先生")
    expect(page.get_by_text("草稿已保存")).to_be_visible()
    expect(offered(visitor)).to_have_count(0)
    leave(visitor)
    visitor.sign_in("agent", "/register")
    expect(offered(visitor)).to_have_count(2)


def leave(visitor: Visitor) -> None:
    """Sign out, as at the end of a shift."""
    visitor.page.locator("button.person").click()
    visitor.page.get_by_role("button", name="退出登录", exact=True).click()
    visitor.page.wait_for_url(f"{visitor.desk.issuer}/**")
