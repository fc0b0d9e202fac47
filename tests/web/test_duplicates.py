"""Two tickets about one matter, at the register and on their pages."""

import pytest
from playwright.sync_api import expect

from tests.web.visitor import Visitor

HOUSE = "鼓楼区五四路158号环球广场"


def caller(name: str, phone: str) -> dict[str, object]:
    return {"name": name, "phones": [phone], "address": HOUSE}


@pytest.mark.requirement("R002")
def test_one_matter_told_by_two_callers_is_merged_with_a_reason_and_parted_again(visitor: Visitor) -> None:
    visitor.come_back("agent", "/register")
    page = visitor.page
    first = visitor.command(
        "intake",
        "tickets",
        {"channel": "phone", "kind": "repair", "customer": caller("许甲", "13700001111"), "summary": "3号电梯困人"},
    )
    page.get_by_label("地址", exact=True).fill(HOUSE)
    page.get_by_label("内容", exact=True).fill("3号电梯 困人了")
    perhaps = page.get_by_role("region", name="重复单")
    expect(perhaps.get_by_role("link", name=first["number"])).to_be_visible()
    expect(perhaps).to_contain_text("同一地址, 描述相近, 一天之内")
    assert visitor.barriers() == []
    page.get_by_label("电话", exact=True).fill("13700002222")
    page.get_by_label("姓名", exact=True).fill("许乙")
    page.keyboard.press("Control+Enter")
    page.get_by_role("link", name="打开工单").click()
    page.get_by_role("region", name="重复单").get_by_role("button", name=f"并入 {first['number']}").press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("并入的受理号")).to_have_value(first["number"])
    dialog.get_by_label("原因").fill("同一部电梯")
    assert visitor.barriers() == []
    dialog.get_by_role("button", name="确定").click()
    expect(dialog).to_have_count(0)
    page.get_by_role("button", name="撤销并单").press("Enter")
    dialog.get_by_label("为何继续单独处理").fill("是4号电梯")
    dialog.get_by_role("button", name="确定").click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("button", name="撤销并单")).to_have_count(0)
    expect(page.get_by_role("button", name="并单", exact=True)).to_be_visible()


@pytest.mark.requirement("R244", "R270")
def test_a_question_is_noted_upon_and_closed_by_its_answer(visitor: Visitor) -> None:
    visitor.come_back("agent", "/register")
    asked = {"channel": "phone", "kind": "repair", "customer": caller("许丙", "13700003333"), "summary": "滤网多久清洗"}
    ticket = visitor.command("intake", "tickets", asked)
    page = visitor.page
    page.goto(f"{visitor.desk.url}/tickets/{ticket['id']}")
    notes = page.get_by_role("region", name="备注")
    notes.get_by_label("备注内容").fill("业主周三以后在家")
    notes.get_by_role("button", name="仅内部备注").click()
    expect(notes.get_by_role("listitem")).to_contain_text(["业主周三以后在家"])
    expect(notes.get_by_label("备注内容")).to_have_value("")
    assert visitor.barriers() == []
    notes.get_by_label("备注内容").fill("每季度一次")
    notes.get_by_role("button", name="答复并结单").click()
    expect(notes.get_by_role("button", name="答复并结单")).to_have_count(0)
    expect(page.get_by_role("button", name="撤单")).to_have_count(0)
    expect(notes.get_by_role("listitem").first).to_contain_text("每季度一次")
    expect(page.get_by_role("link", name="客户回执")).to_be_visible()
