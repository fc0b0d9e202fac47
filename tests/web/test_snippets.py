"""The department's short texts: a manager keeps one, an agent writes with it by keyboard."""

from playwright.sync_api import expect

from tests.web.conftest import Visit
from tests.web.test_queue import opened

TITLE, TEXT = "滤网保养说明", "滤网请每季度清洗一次。"


def test_a_manager_keeps_a_text_and_an_agent_writes_with_it_by_keyboard(visit: Visit) -> None:
    manager, agent = visit(), visit()
    manager.come_back("manager", "/settings/snippets")
    manager.page.get_by_label("标题").fill(TITLE)
    manager.page.get_by_label("中文").fill(TEXT)
    expect(manager.page.get_by_label("服务类别")).to_contain_text("咨询")
    assert manager.barriers() == []
    manager.page.get_by_role("button", name="保存").click()
    kept = manager.page.get_by_role("region", name="常用语").get_by_role("listitem").filter(has_text=TEXT)
    expect(kept).to_be_visible()
    expect(manager.page.get_by_role("region", name="变更记录")).to_contain_text(TITLE)

    agent.come_back("agent", "/register")
    page = agent.page
    field = page.get_by_label("内容")
    field.fill("客户询问：")
    page.keyboard.press("Control+;")
    expect(page.get_by_role("dialog").get_by_label("查找")).to_be_focused()
    page.keyboard.insert_text("滤网")
    expect(page.get_by_role("dialog").get_by_role("button", name=TITLE)).to_be_visible()
    assert agent.barriers() == []
    page.keyboard.press("Enter")
    expect(field).to_have_value(f"客户询问：{TEXT}")
    expect(field).to_be_focused()
    page.get_by_role("button", name="清空").click()

    _, id = opened(agent, "滤网怎么洗")
    page.goto(f"{agent.desk.url}/tickets/{id}")
    notes = page.get_by_role("region", name="备注")
    notes.get_by_role("button", name="常用语").click()
    page.get_by_role("dialog").get_by_role("button", name=TITLE).click()
    expect(notes.get_by_role("textbox")).to_have_value(TEXT)
    expect(notes.get_by_role("textbox")).to_be_focused()
    notes.get_by_role("button", name="已告知客户").click()
    expect(notes.get_by_role("listitem").filter(has_text=TEXT)).to_be_visible()

    kept.get_by_role("button", name=f"删除 {TITLE}").click()
    expect(kept).to_have_count(0)


def test_a_text_for_questions_alone_says_so(visit: Visit) -> None:
    manager = visit()
    page = manager.page
    manager.come_back("manager", "/settings/snippets")
    page.get_by_label("标题").fill("答复开头")
    page.get_by_label("中文").fill("您好，关于您的咨询：")
    page.get_by_label("服务类别").select_option(label="咨询")
    page.get_by_role("button", name="保存").click()
    kept = page.get_by_role("region", name="常用语").get_by_role("listitem").filter(has_text="答复开头")
    expect(kept).to_contain_text("· 咨询")
    kept.get_by_role("button", name="删除 答复开头").click()
    expect(kept).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_be_focused()
