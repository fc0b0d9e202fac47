"""The dispatch board in the browser: planned by keyboard and by mouse, refused with the reason, taken back."""

from datetime import UTC, date, datetime, timedelta

import pytest
from playwright.sync_api import FloatRect, Locator, Page, expect

from tests.web.office import Office
from tests.web.visitor import Visitor, press

DAY = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()
SKILL = "board_lifts"
BOARD = f"/board?day={DAY}&skill={SKILL}"
DRAWN = "new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))"
LANE = "([x, y]) => document.elementFromPoint(x, y)?.closest('[data-lane]')?.dataset.lane"
UNDO_AT_ONCE = """(button) => {
    let waits = false;
    new MutationObserver((_, watch) => {
        if (!button.disabled && waits) {
            watch.disconnect();
            const how = { key: "z", ctrlKey: true, bubbles: true, cancelable: true };
            document.body.dispatchEvent(new KeyboardEvent("keydown", how));
        }
        waits = button.disabled;
    }).observe(button, { attributes: true, attributeFilter: ["disabled"] });
}"""
"""Ctrl+Z as soon as the button may be pressed again, before the page is painted: quicker than any hand."""


@pytest.fixture
def office(visitor: Visitor) -> Office:
    """A manager before the board."""
    visitor.sign_in("manager", BOARD)
    expect(visitor.page.get_by_role("heading", name="派工台")).to_be_visible()
    return Office(visitor)


def card(page: Page, order: str) -> Locator:
    return page.locator(f'[data-card="{order}"]')


def bar(page: Page, order: str) -> Locator:
    return page.locator(f'[data-bar="{order}"]')


def lane(page: Page, engineer: str) -> Locator:
    return page.locator(f'[data-lane="{engineer}"]')


@pytest.mark.requirement("R010")
def test_a_visit_is_planned_moved_and_taken_back_by_keyboard_alone(office: Office) -> None:
    page = office.manager.page
    ida, lea = office.engineer("艾达", SKILL), office.engineer("莱娅", SKILL)
    order, number = office.visit(SKILL)
    page.reload()
    press(card(page, order), "Space")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#board-said")).to_contain_text("08:15")
    page.keyboard.press("Enter")
    expect(bar(page, order)).to_contain_text(number)
    expect(page.locator("#board-said")).to_contain_text("待客户确认")
    office.manager.until(lambda: bool(office.order(order)["engineer_id"]), "a plan")
    first = office.order(order)
    assert office.manager.barriers() == []

    bar(page, order).focus()
    pressed_at_once(bar(page, order), "ArrowRight", "ArrowDown" if first["engineer_id"] == ida else "ArrowUp")
    other = lea if first["engineer_id"] == ida else ida
    expect(lane(page, other).locator("[data-bar]")).to_be_focused()
    office.is_given(order, other)
    later = datetime.fromisoformat(first["appointment"]["start"]) + timedelta(minutes=15)
    assert datetime.fromisoformat(office.order(order)["appointment"]["start"]) == later

    page.keyboard.press("m")
    expect(page.get_by_role("dialog")).to_contain_text(number)
    expect(page.get_by_text("可以这样安排。")).to_be_visible()
    assert office.manager.barriers() == []
    press(page.get_by_role("button", name="取消派工"), "Enter")
    expect(card(page, order)).to_be_visible()
    office.is_given(order, None)


def test_a_drop_stands_or_is_taken_back_with_the_services_reason(office: Office) -> None:
    page = office.manager.page
    max, eva = office.engineer("马克斯", SKILL), office.engineer("伊娃", SKILL)
    orders = [office.visit(SKILL) for _ in range(2)]
    page.reload()
    expect(lane(page, eva)).to_be_visible()
    for (order, _), engineer in zip(orders, (max, eva), strict=True):
        drop(office, card(page, order), lane(page, engineer))
        expect(lane(page, engineer).locator(f'[data-bar="{order}"]')).to_be_visible()
        office.is_given(order, engineer)
        agreed = {"engineer_id": engineer, **office.order(order)["appointment"], "confirmed": True}
        office.asked(f"dispatch/v1/work-orders/{order}/plan", agreed)
    page.reload()
    (taken, _), (order, number) = orders
    drop(office, bar(page, order), lane(page, max))
    expect(page.get_by_role("alert")).to_contain_text(number)
    expect(page.get_by_role("alert")).to_contain_text("另有上门任务")
    expect(page.get_by_role("alert")).to_contain_text(taken)
    expect(lane(page, eva).locator(f'[data-bar="{order}"]')).to_be_visible()
    assert office.order(order)["engineer_id"] == eva
    assert office.manager.barriers() == []


def drop(office: Office, what: Locator, where: Locator) -> None:
    """Carry it to a lane: a card to the left edge of what is in view, a bar to the same time."""
    page, is_bar = office.manager.page, what.get_attribute("data-bar") is not None
    lift(office, what)
    x = box_of(what)["x"] + 8 if is_bar else box_of(page.locator(".schedule"))["x"] + 300

    def is_above() -> bool:
        """Whether the pointer, which carries it, is above the lane now: near an edge, lanes scroll by."""
        y = box_of(where)["y"] + 12
        page.mouse.move(x + 20, y)
        page.mouse.move(x, y)
        return bool(page.evaluate(LANE, [x, y]) == where.get_attribute("data-lane"))

    office.manager.until(is_above, "the lane below the pointer")
    page.mouse.up()


def lift(office: Office, what: Locator) -> None:
    """Take it with the pointer, and nothing that came to its place meanwhile: clocks that come sort the cards anew."""
    page = office.manager.page
    ghost = page.locator(".lifted")

    def is_in_hand() -> bool:
        what.hover(position={"x": 8, "y": 8})  # once it stays where it is: what is read anew moves what stands there
        page.mouse.down()
        page.mouse.move(box_of(what)["x"] + 28, box_of(what)["y"] + 8)
        page.evaluate(DRAWN)
        if ghost.count() and ghost.locator("span").inner_text() == what.get_attribute("data-title"):
            return True
        page.keyboard.press("Escape")
        page.mouse.up()
        return False

    office.manager.until(is_in_hand, "it below the pointer")


def test_what_is_called_off_while_the_button_is_held_is_no_click_when_it_is_let_go(office: Office) -> None:
    page, (order, _) = office.manager.page, office.visit(SKILL)
    page.reload()
    lift(office, card(page, order))
    page.keyboard.press("Escape")
    page.mouse.up()
    page.evaluate(DRAWN)
    assert page.get_by_role("dialog").count() == 0
    card(page, order).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def pressed_at_once(where: Locator, *keys: str) -> None:
    """Alt with each key, all before the page is rendered again: quicker than any hand."""
    where.evaluate(
        """(bar, keys) => {
            for (const key of keys)
                bar.dispatchEvent(new KeyboardEvent("keydown", { key, altKey: true, bubbles: true, cancelable: true }));
        }""",
        list(keys),
    )


def box_of(what: Locator) -> FloatRect:
    """Where it is now."""
    box = what.bounding_box()
    assert box is not None
    return box


def test_an_agreed_time_is_not_moved_without_a_word_to_the_customer(office: Office) -> None:
    page = office.manager.page
    engineer, (order, _) = office.engineer("诺拉", SKILL), office.visit(SKILL)
    time = {"start": f"{DAY}T09:00:00+08:00", "end": f"{DAY}T10:00:00+08:00", "confirmed": True}
    office.asked(f"dispatch/v1/work-orders/{order}/plan", {"engineer_id": engineer, **time})
    page.reload()
    press(bar(page, order), "Alt+ArrowRight")
    expect(page.get_by_role("dialog")).to_contain_text("客户已确认")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert office.order(order)["version"] == 3
    press(bar(page, order), "Alt+ArrowRight")
    page.get_by_role("button", name="客户同意新时间").click()
    office.manager.until(lambda: office.order(order)["version"] == 4, "another time")
    assert office.order(order)["appointment"]["confirmed"] is True


def test_a_move_is_undone_until_somebody_else_has_changed_the_visit(office: Office) -> None:
    page = office.manager.page
    (max, eva), (order, number) = (office.engineer(name, SKILL) for name in ("麦克", "伊莲")), office.visit(SKILL)
    undo = page.get_by_role("button", name="撤销")
    page.reload()
    expect(undo).to_be_disabled()
    drop(office, card(page, order), lane(page, max))
    office.is_given(order, max)
    expect(undo).to_be_enabled()
    undo.evaluate(UNDO_AT_ONCE)
    there = office.order(order)["version"]
    drop(office, bar(page, order), lane(page, eva))
    office.manager.until(lambda: office.order(order)["version"] > there + 1, "a move, and another back")
    office.is_given(order, max)
    expect(lane(page, max).locator(f'[data-bar="{order}"]')).to_be_visible()
    undo.click()
    office.is_given(order, None)
    expect(card(page, order)).to_be_visible()
    expect(undo).to_be_disabled()

    drop(office, card(page, order), lane(page, max))
    office.is_given(order, max)
    expect(undo).to_be_enabled()
    office.asked(f"dispatch/v1/work-orders/{order}/assignment", {"engineer_id": eva})
    page.keyboard.press("Control+z")
    expect(page.get_by_role("alert")).to_contain_text(f"{number}")
    expect(page.get_by_role("alert")).to_contain_text("此后有人改过")
    office.is_given(order, eva)
    expect(undo).to_be_disabled()
    assert office.manager.barriers() == []


def test_a_visit_has_a_page_of_its_own_with_what_may_be_done(office: Office) -> None:
    page = office.manager.page
    engineer, (order, number) = office.engineer("米拉", SKILL), office.visit(SKILL)
    page.goto(f"{office.manager.desk.url}/work-orders/{order}")
    expect(page.get_by_role("heading", name=f"{number} 第 1 次上门")).to_be_visible()
    page.get_by_role("button", name="安排", exact=True).click()
    page.get_by_label("维修人员").select_option(engineer)
    page.get_by_label("日期").fill(DAY)
    page.get_by_role("dialog").get_by_role("button", name="安排").click()
    page.get_by_role("button", name="出发").click()
    page.get_by_role("dialog").get_by_role("button", name="确定").click()
    expect(page.get_by_role("button", name="到场")).to_be_visible()
    expect(page.get_by_role("button", name="取消派工")).to_have_count(0)
    page.get_by_role("button", name="显示联系人").click()
    expect(page.get_by_text("13800001111")).to_be_visible()
    expect(page.locator(".visit-history")).to_contain_text("出发")
    assert office.manager.barriers() == []


def test_three_days_and_a_week_are_planned_by_keyboard_and_a_bar_names_the_customer(office: Office) -> None:
    page = office.manager.page
    engineer, (order, number) = office.engineer("诺亚", SKILL), office.visit(SKILL)
    later = (date.fromisoformat(DAY) + timedelta(days=2)).isoformat()
    time = {"start": f"{later}T09:00:00+08:00", "end": f"{later}T11:00:00+08:00", "confirmed": False}
    office.asked(f"dispatch/v1/work-orders/{order}/plan", {"engineer_id": engineer, **time})
    page.reload()
    expect(lane(page, engineer)).to_be_visible()
    expect(bar(page, order)).to_have_count(0)
    press(page.get_by_role("button", name="三日"), "Enter")
    expect(bar(page, order)).to_contain_text(f"{number} 王芳")
    expect(bar(page, order)).to_contain_text(later[5:])
    assert "span=days" in page.url
    assert office.manager.barriers() == []
    page.get_by_role("button", name="周", exact=True).click()
    press(bar(page, order), "Alt+ArrowRight")
    office.manager.until(lambda: "T01:15" in office.order(order)["appointment"]["start"], "a quarter of an hour later")
    expect(page.locator("#board-said")).to_contain_text(f"{later[5:]} 09:15")
    page.get_by_role("button", name="往后 7 天").click()
    expect(bar(page, order)).to_have_count(0)
    assert office.manager.barriers() == []


def test_a_narrow_screen_has_the_list_instead(english: Visitor) -> None:
    english.sign_in("dispatcher", "/board")
    expect(english.page.get_by_text("排程需要更宽的屏幕")).to_be_visible()
    assert english.overflows() == []
    assert english.barriers() == []
