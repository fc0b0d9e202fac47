"""The queue in the browser: whose tickets are shown, in which order, how many, and how one becomes somebody's."""

import re
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.web.office import Office
from tests.web.test_home import shows_now
from tests.web.visitor import Visitor, press

CUSTOMER = {"name": "赵敏", "phones": ["13911112222"], "address": "上海市浦东新区世纪大道1号"}
CLOCKS = len(("response", "on_site", "fix"))


def opened(visitor: Visitor, summary: str, **more: Any) -> tuple[str, str]:
    """Number and id of a ticket that the page of somebody who has signed in has the service open."""
    form = {"channel": "phone", "kind": "repair", "customer": CUSTOMER, "summary": summary, **more}
    told = visitor.command("intake", "tickets", form)
    return told["number"], told["id"]


def numbers(visitor: Visitor) -> list[str]:
    """Of the rows that are in view, from the top."""
    return re.findall(r"WX\d{8}-\d{4}", visitor.page.get_by_role("grid").inner_text())


def shown(visitor: Visitor, view: str) -> int:
    """How many the view's button says."""
    return int(visitor.page.get_by_role("button", name=re.compile(rf"^{view} \d+$")).inner_text().split()[-1])


def has_as_many_rows(visitor: Visitor, view: str) -> None:
    """Open a view, and see that it has the rows that its button counts: of a long list more than are in view."""
    button = visitor.page.get_by_role("button", name=re.compile(rf"^{view} \d"))
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    visitor.until(lambda: shown(visitor, view) > 0 and shows_now(visitor, shown(visitor, view)), view)


def have_clocks(visitor: Visitor, id: str) -> None:
    """Wait until the queue has all clocks of a ticket: from then on its nearest deadline stays what it is."""
    listed = f"intake/v1/tickets?id={id}"
    visitor.until(lambda: len(Office(visitor).asked(listed)["items"][0]["clocks"]) == CLOCKS, "its clocks")


@pytest.mark.requirement("R076")
def test_a_ticket_is_claimed_by_its_key_and_counts_equal_the_rows(visitor: Visitor) -> None:
    visitor.come_back("agent", "/tickets")
    page = visitor.page
    number, id = opened(visitor, "门禁读卡器失灵")
    opened(visitor, "冷库温度偏高报警")
    page.get_by_role("button", name=re.compile(r"^未认领 \d")).click()
    page.get_by_role("button", name="最新受理", exact=True).click()  # what other tests left is due before
    visitor.until(lambda: number in numbers(visitor), "the ticket that is nobody's")
    press(page.get_by_role("row").filter(has_text=number), "c")
    expect(page.get_by_text(f"已认领 {number}")).to_be_visible()
    visitor.until(lambda: number not in numbers(visitor), "it is somebody's")
    for view in ("未认领", "我的", "全部"):
        has_as_many_rows(visitor, view)
    page.get_by_role("button", name=re.compile(r"^我的 \d")).click()
    visitor.until(lambda: numbers(visitor) == [number], "mine")
    expect(page.get_by_role("row").filter(has_text=number)).to_contain_text("王芳")
    assert visitor.barriers() == []
    visitor.command("intake", f"tickets/{id}/owner", {"owner_id": None})


def test_the_order_is_chosen_and_clocks_stand_in_the_row(visitor: Visitor) -> None:
    region = uuid4().hex[:8]
    visitor.come_back("agent", f"/tickets?sort=due_at&region={region}")
    page = visitor.page
    made = dict(opened(visitor, summary, region=region) for summary in ("投影仪不亮", "电梯门关闭不到位"))
    for number, id in made.items():
        have_clocks(visitor, id)
        row = page.get_by_role("row").filter(has_text=number)
        expect(row.get_by_role("timer").first).to_be_visible()
    page.reload()
    visitor.until(lambda: set(numbers(visitor)) == made.keys(), "both")
    nearest = numbers(visitor)
    page.goto(f"{visitor.desk.url}/tickets?sort=-due_at&region={region}")
    visitor.until(lambda: numbers(visitor) == nearest[::-1], "the other way round")
    page.get_by_role("button", name="最近截止").click()
    visitor.until(lambda: numbers(visitor) == nearest, "the nearest deadline first")


def test_the_list_fits_the_screen_and_the_columns_that_were_chosen_stay(visitor: Visitor) -> None:
    visitor.come_back("agent", "/tickets")
    page = visitor.page
    opened(visitor, "门铃无声")
    page.reload()
    grid = page.get_by_role("grid")
    assert grid.evaluate("(grid) => grid.scrollWidth - grid.clientWidth") <= 0
    heads = grid.get_by_role("columnheader")
    expect(heads.filter(has_text="区域")).to_have_count(0)
    page.get_by_text("列", exact=True).first.click()
    page.get_by_role("button", name="区域").click()
    page.get_by_role("button", name="客户", exact=True).click()
    expect(heads.filter(has_text="区域")).to_have_count(1)
    assert visitor.barriers() == []
    page.reload()
    expect(heads.filter(has_text="区域")).to_have_count(1)
    expect(heads.filter(has_text="客户")).to_have_count(0)


def test_a_manager_gives_a_ticket_to_a_colleague(visitor: Visitor) -> None:
    visitor.come_back("manager", "/tickets")
    page = visitor.page
    number, _ = opened(visitor, "会议室空调异响")
    page.reload()
    press(page.get_by_role("row").filter(has_text=number), "a")
    page.get_by_role("dialog").get_by_label("王芳").check()
    assert visitor.barriers() == []
    page.get_by_role("dialog").get_by_role("button", name="指派").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    press(page.get_by_role("row").filter(has_text=number), "Enter")
    expect(page.get_by_text("负责人：王芳")).to_be_visible()
    visitor.until(lambda: page.get_by_text("负责人变更").count() == 1, "the story")
    assert visitor.barriers() == []


def test_what_a_ticket_did_by_itself_meanwhile_stands_in_no_ones_way(visitor: Visitor) -> None:
    visitor.come_back("agent", "/tickets")
    page = visitor.page
    (number, id), (_, twin) = opened(visitor, "误报"), opened(visitor, "误报，又报一次")
    page.goto(f"{visitor.desk.url}/tickets/{id}")
    page.get_by_role("button", name="撤单").click()
    page.get_by_label("撤单原因").fill("客户已自行解决")
    merged = {"of": id, "reason": "同一处误报"}
    visitor.command("intake", f"tickets/{twin}/duplicate", merged)  # another version, which shows nothing else
    page.get_by_role("button", name="确定").click()
    expect(page.locator("[aria-current=step]")).to_have_text("已撤单")
    expect(page.get_by_role("heading", name=f"工单 {number}")).to_be_visible()


def test_tickets_are_found_by_words_while_one_types_and_the_queue_lets_them_go(visitor: Visitor) -> None:
    visitor.come_back("agent", "/tickets")
    page = visitor.page
    number, _ = opened(visitor, "会议室投影仪偏色")
    other, _ = opened(visitor, "会议室投影仪黑屏")
    page.locator("h1").click()
    page.keyboard.press("/")
    page.keyboard.type("投影仪 偏色")
    candidate = page.get_by_role("listbox").get_by_role("option")
    expect(candidate).to_contain_text(number)
    expect(candidate).to_contain_text("工单内容")
    assert visitor.barriers() == []
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(number)
    page.get_by_role("combobox").fill("会议室投影")
    page.keyboard.press("Enter")
    visitor.until(lambda: set(numbers(visitor)) == {number, other}, "both in the queue")
    page.get_by_role("button", name="会议室投影").click()
    visitor.until(lambda: "q=" not in page.url, "the words are let go")
    page.get_by_role("combobox").fill("投")
    expect(page.get_by_text("每个词至少两个字或三位数字")).to_be_visible()
