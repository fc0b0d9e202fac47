"""What comes late: clocks, answers and parts of a page take nobody's card, form or keys away."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.web.office import Office
from tests.web.visitor import Visitor, press

SKILL = "late_lifts"
DAY = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()
BOARD = f"/board?day={DAY}&skill={SKILL}"
ELSEWHERE = (5, 5)
"""Where the pointer is on nothing."""
POSITION = {"latitude": 39.9, "longitude": 116.4, "accuracy_m": 20}
CALLER = {"name": "迟先生", "phones": ["13600004321"], "address": "台江区排尾路3号"}


class Held:
    """Requests that fit a pattern, or those that write: each waits in the browser until they are let go."""

    def __init__(self, page: Page, pattern: str, method: str = "GET") -> None:
        self.waiting: list[Route] = []
        self.is_open = False
        page.route(pattern, lambda route: self.keep(route) if route.request.method == method else route.fallback())

    def keep(self, route: Route) -> None:
        if self.is_open:
            route.continue_()
        else:
            self.waiting.append(route)

    def let_go(self, visitor: Visitor) -> None:
        """Once they are there; and what a busy service has the page ask again."""
        visitor.until(lambda: bool(self.waiting), "a request")
        self.is_open = True
        for route in self.waiting:
            route.continue_()


@pytest.fixture
def office(visitor: Visitor) -> Office:
    visitor.come_back("manager", "/settings/hotlines")
    return Office(visitor)


def told(page: Page, due: dict[str, datetime]) -> None:
    """The clocks of these tickets are due as it stands there when they are asked for, and run late after that."""

    def answer(route: Route) -> None:
        response = route.fetch()
        found = response.json()
        for clock in found.get("items", []):  # a busy service has none
            if at := due.get(clock["ticket_id"]):
                clock |= {
                    "due_at": at.isoformat(),
                    "soon_at": None,
                    "urgent_at": None,
                    "breached": at < datetime.now(UTC),
                }
        route.fulfill(response=response, json=found)

    page.route("**/api/sla/v1/clocks?*", answer)


def order_of(page: Page, kind: str, ours: tuple[str, ...]) -> Callable[[], list[str]]:
    """How these cards, or lanes, stand now."""
    all_of = f"(found) => found.map((each) => each.dataset.{kind})"
    return lambda: [each for each in page.locator(f"[data-{kind}]").evaluate_all(all_of) if each in ours]


def test_a_card_stays_where_somebody_points_or_has_picked_it_up_though_the_clocks_change(office: Office) -> None:
    visitor, page, now = office.manager, office.manager.page, datetime.now(UTC)
    office.engineer("乌拉", SKILL)
    one, other = (office.visit(SKILL)[0] for _ in range(2))
    first, second = (office.order(each)["ticket_id"] for each in (one, other))
    due = {first: now + timedelta(days=1), second: now + timedelta(days=2)}
    told(page, due)
    page.goto(f"{visitor.desk.url}{BOARD}")
    card, standing = page.locator(f'[data-card="{one}"]'), order_of(page, "card", (one, other))
    late = page.locator(f'[data-card="{other}"] .clock-late')
    expect(page.locator(f'[data-card="{other}"] .clock')).to_be_visible()
    visitor.until(lambda: standing() == [one, other], "what is due first on top")

    card.focus()
    page.keyboard.press("Space")
    due[second] = now - timedelta(hours=1)
    office.visit(SKILL)  # whose coming has the board ask for the clocks
    expect(late).to_be_visible()
    assert standing() == [one, other]
    expect(card).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".aimed")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="三日").focus()
    visitor.until(lambda: standing() == [other, one], "the order that was kept back")

    card.hover()
    due[second] = now + timedelta(days=2)
    office.visit(SKILL)
    expect(late).to_have_count(0)
    assert standing() == [other, one]
    page.mouse.move(*ELSEWHERE)
    visitor.until(lambda: standing() == [one, other], "the order that was kept back")
    page.unroute_all(behavior="wait")


def plan(office: Office, order: str, engineer: str, until: str) -> None:
    """A visit in the afternoon."""
    time = {"start": f"{DAY}T14:00:00+08:00", "end": f"{DAY}T{until}:00+08:00", "confirmed": False}
    office.asked(f"dispatch/v1/work-orders/{order}/plan", {"engineer_id": engineer, **time})


def test_a_lane_stays_below_the_pointer_though_another_has_more_to_do_by_now(office: Office) -> None:
    visitor, page = office.manager, office.manager.page
    skill = f"{SKILL}_load"
    one, other = (office.engineer(name, skill) for name in ("乌丽", "乌娜"))
    (short, _), (long, _) = office.visit(skill), office.visit(skill)

    plan(office, short, one, "15:00")
    page.goto(f"{visitor.desk.url}/board?day={DAY}&skill={skill}&sort=load")
    standing = order_of(page, "lane", (one, other))
    visitor.until(lambda: standing() == [one, other], "who has most to do on top")
    page.locator(f'[data-lane="{one}"] .who').hover()
    plan(office, long, other, "17:00")
    expect(page.locator(f'[data-lane="{other}"] [data-bar="{long}"]')).to_be_visible()
    assert standing() == [one, other]
    page.mouse.move(*ELSEWHERE)
    visitor.until(lambda: standing() == [other, one], "the order that was kept back")


def test_a_visit_goes_to_whom_the_keys_said_though_the_lanes_are_sorted_anew(office: Office) -> None:
    visitor, page = office.manager, office.manager.page
    skill = f"{SKILL}_keys"
    one, other = (office.engineer(name, skill) for name in ("乌梅", "乌兰"))
    carried, short, long = (office.visit(skill)[0] for _ in range(3))
    plan(office, short, one, "15:00")
    page.goto(f"{visitor.desk.url}/board?day={DAY}&skill={skill}&sort=load")
    standing = order_of(page, "lane", (one, other))
    visitor.until(lambda: standing() == [one, other], "who has most to do on top")
    press(page.locator(f'[data-card="{carried}"]'), "Space")
    aimed = page.locator(f'[data-lane="{one}"] .aimed')
    expect(aimed).to_be_visible()
    plan(office, long, other, "17:00")
    visitor.until(lambda: standing() == [other, one], "the lanes anew")
    expect(aimed).to_be_visible()
    page.keyboard.press("Enter")
    office.is_given(carried, one)


def test_a_refusal_that_comes_once_its_dialog_is_closed_is_told_by_the_page(office: Office) -> None:
    visitor, page, skill = office.manager, office.manager.page, f"{SKILL}_refused"
    engineer, dialog = office.engineer("乌云", skill), page.get_by_role("dialog")
    for place in ("/board?day={day}&skill={skill}", "/work-orders/{order}"):
        order, number = office.visit(skill)
        plan(office, order, engineer, "15:00")
        page.goto(visitor.desk.url + place.format(day=DAY, skill=skill, order=order))
        if "board" in place:
            press(page.locator(f'[data-bar="{order}"]'), "m")
        else:
            page.get_by_role("button", name="安排", exact=True).click()
        sending = Held(page, "**/unassignment", "POST")
        dialog.get_by_role("button", name="取消派工").click()
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
        office.asked(f"dispatch/v1/work-orders/{order}/arrival", POSITION)
        sending.let_go(visitor)
        expect(page.get_by_text(f"{number} 未移动")).to_be_visible()
        office.asked(f"dispatch/v1/work-orders/{order}/completion", {"result": "试机正常"})
        page.unroute_all(behavior="wait")


def test_a_row_of_the_queue_stays_below_the_pointer_though_another_is_due_first_by_now(office: Office) -> None:
    visitor, page, region = office.manager, office.manager.page, uuid4().hex[:8]
    asked = {"channel": "phone", "kind": "repair", "customer": CALLER, "region": region}
    made = [visitor.command("intake", "tickets", asked | {"summary": each}) for each in ("漏水", "异响")]
    numbers = [each["number"] for each in made]
    turned = list[bool]()

    def answer(route: Route) -> None:
        response = route.fetch()
        found = response.json()
        if "items" in found:
            found["items"].sort(key=lambda each: numbers.index(each["number"]), reverse=bool(turned))
        route.fulfill(response=response, json=found)

    def standing() -> list[str]:
        rows = page.get_by_role("grid").get_by_role("row").all_inner_texts()
        return [number for text in rows for number in numbers if number in text]

    page.route("**/api/intake/v1/tickets?*", answer)
    page.goto(f"{visitor.desk.url}/tickets?sort=due_at&region={region}")
    visitor.until(lambda: standing() == numbers, "what is due first on top")
    rows = page.get_by_role("row")
    rows.filter(has_text=numbers[0]).hover()
    turned.append(True)
    visitor.command("intake", f"tickets/{made[1]['id']}/amendment", {"summary": "异响加重", "reason": "客户来电"})
    expect(rows.filter(has_text=numbers[1])).to_contain_text("异响加重")
    assert standing() == numbers
    page.mouse.move(*ELSEWHERE)
    visitor.until(lambda: standing() == numbers[::-1], "the order that was kept back")
    page.unroute_all(behavior="wait")


def test_an_entry_that_is_saved_late_leaves_the_form_of_the_next_one_open(office: Office) -> None:
    visitor, page = office.manager, office.manager.page
    about = {"region": "闽东", "hours": "7×24", "answered_by": "技术支持二组"}
    for number in ("0591-1111-2222", "0591-3333-4444"):
        visitor.command("intake", "hotlines", {"number": number, **about})
    page.reload()
    page.get_by_role("button", name="修改 0591-1111-2222").click()
    page.get_by_label("由谁接听", exact=True).fill("技术支持三组")
    saving = Held(page, "**/api/intake/v1/hotlines/*", "POST")
    page.get_by_role("button", name="保存").click()
    page.get_by_role("button", name="修改 0591-3333-4444").click()
    form = page.get_by_role("region", name="修改 0591-3333-4444")
    form.get_by_label("由谁接听", exact=True).fill("改到一半")
    saving.let_go(visitor)
    kept = page.get_by_role("region", name="热线", exact=True).get_by_role("listitem")
    expect(kept.filter(has_text="0591-1111-2222")).to_contain_text("技术支持三组")
    expect(form.get_by_label("由谁接听", exact=True)).to_have_value("改到一半")
    form.get_by_role("button", name="取消").click()
    page.unroute_all()
    for number in ("0591-1111-2222", "0591-3333-4444"):
        page.get_by_role("button", name=f"删除 {number}").click()
        expect(kept.filter(has_text=number)).to_have_count(0)


def test_a_command_that_is_carried_out_late_leaves_the_dialog_of_the_next_one_open(office: Office) -> None:
    visitor, page = office.manager, office.manager.page
    asked = {"channel": "phone", "kind": "repair", "customer": CALLER, "summary": "门禁失灵"}
    ticket = visitor.command("intake", "tickets", asked)
    page.goto(f"{visitor.desk.url}/tickets/{ticket['id']}")
    give, dialog = page.get_by_role("button", name="分配班组"), page.get_by_role("dialog", name="分配班组")
    sending = Held(page, "**/api/intake/v1/tickets/*/team", "POST")
    give.press("Enter")
    dialog.get_by_label("班组").fill("迟到班")
    dialog.get_by_role("button", name="确定").click()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    give.press("Enter")
    dialog.get_by_label("班组").fill("改到一半")
    sending.let_go(visitor)
    expect(page.get_by_text("班组：迟到班")).to_be_visible()
    expect(dialog.get_by_label("班组")).to_have_value("改到一半")


def called(visitor: Visitor) -> Held:
    """A call at the register, whose ticket is on its way."""
    for label, words in (("电话", "13600004321"), ("姓名", "迟先生"), ("地址", "排尾路3号"), ("内容", "门禁失灵")):
        visitor.page.get_by_label(label, exact=True).fill(words)
    sending = Held(visitor.page, "**/api/intake/v1/tickets", "POST")
    visitor.page.keyboard.press("Control+Enter")
    visitor.until(lambda: bool(sending.waiting), "the ticket on its way")
    return sending


def test_a_call_that_is_registered_late_leaves_the_next_one_as_it_is(visitor: Visitor) -> None:
    visitor.come_back("agent", "/register")
    page = visitor.page

    def field(label: str) -> Locator:
        return page.get_by_label(label, exact=True)

    sending = called(visitor)
    page.keyboard.press("Control+Shift+Enter")
    aside = page.locator(".drafts li").filter(has_text="迟先生")
    expect(aside).to_have_count(1)
    expect(field("电话")).to_be_focused()
    field("姓名").fill("后女士")
    sending.let_go(visitor)
    expect(aside).to_have_count(0)
    expect(field("姓名")).to_have_value("后女士")
    expect(page.get_by_text("草稿已保存")).to_be_visible()
    page.get_by_role("button", name="清空").click()


def test_a_call_whose_form_was_emptied_on_its_way_leaves_the_next_one_as_it_is(visitor: Visitor) -> None:
    visitor.come_back("agent", "/register")
    page = visitor.page
    sending, name = called(visitor), page.get_by_label("姓名", exact=True)
    page.get_by_role("button", name="清空").click()
    expect(name).to_have_value("")
    name.fill("后女士")
    expect(page.get_by_text("草稿已保存")).to_be_visible()
    with page.expect_response(lambda answer: answer.request.method == "POST" and answer.status == 201):
        sending.let_go(visitor)
    page.wait_for_timeout(1000)  # in which the form went away with what was written
    expect(name).to_have_value("后女士")
    page.get_by_role("button", name="清空").click()


def test_a_call_whose_answer_was_lost_is_registered_once_though_it_was_put_aside_and_the_page_loaded_again(
    visitor: Visitor,
) -> None:
    visitor.come_back("agent", "/register")
    page, summary = visitor.page, visitor.page.get_by_label("内容", exact=True)

    def lose(route: Route) -> None:
        route.fetch()
        route.fulfill(status=503)

    page.route("**/api/intake/v1/tickets", lose)
    for label, words in (("电话", "13600009876"), ("姓名", "失女士"), ("地址", "排尾路5号"), ("内容", "对讲机失灵")):
        page.get_by_label(label, exact=True).fill(words)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert").first).to_be_visible()
    page.unroute("**/api/intake/v1/tickets")
    page.keyboard.press("Control+Shift+Enter")
    aside = page.locator(".drafts li").filter(has_text="失女士")
    expect(aside).to_have_count(1)
    page.reload()
    press(aside.get_by_role("button", name="继续填写"), "Enter")
    expect(summary).to_have_value("对讲机失灵")
    with page.expect_response(lambda answer: answer.request.method == "POST" and answer.status == 201) as repeated:
        page.keyboard.press("Control+Enter")
    found = visitor.fetched("/api/intake/v1/tickets?q=13600009876").json()["items"]
    assert [item["id"] for item in found] == [repeated.value.json()["id"]]


def test_a_call_that_is_registered_late_leaves_the_form_that_was_led_to_meanwhile(visitor: Visitor) -> None:
    visitor.come_back("agent", "/register")
    asked = {"channel": "phone", "kind": "repair", "customer": CALLER, "summary": "门禁失灵"}
    page, ticket = visitor.page, visitor.command("intake", "tickets", asked)
    page.goto(f"{visitor.desk.url}/register?follows={ticket['id']}")
    summary = page.get_by_label("内容", exact=True)
    summary.fill("门禁又失灵")
    sending = Held(page, "**/api/intake/v1/tickets", "POST")
    page.keyboard.press("Control+Enter")
    visitor.until(lambda: bool(sending.waiting), "the ticket on its way")
    page.get_by_role("navigation").get_by_role("link", name="受理登记").click()
    expect(summary).to_have_value("")
    summary.fill("另一件事")
    with page.expect_response("**/api/intake/v1/tickets"):
        sending.waiting[0].fulfill(status=201, json=ticket)
    page.wait_for_timeout(1000)  # in which the form went away with what was written
    expect(summary).to_have_value("另一件事")
    page.get_by_role("button", name="清空").click()


def test_who_types_their_name_and_presses_tab_is_at_the_pad_however_late_it_comes(office: Office) -> None:
    visitor, page = office.manager, office.manager.page
    skill = f"{SKILL}_pad"
    engineer, (order, _) = office.engineer("乌玛", skill), office.visit(skill)
    for step, body in (
        ("assignment", {"engineer_id": engineer}),
        ("arrival", POSITION),
        ("completion", {"result": "更换压缩机"}),
    ):
        office.asked(f"dispatch/v1/work-orders/{order}/{step}", body)
    coming = Held(page, "**/assets/SignaturePad-*.js")
    page.goto(f"{visitor.desk.url}/work-orders/{order}", wait_until="commit")
    accept, dialog = page.get_by_role("button", name="验收", exact=True), page.get_by_role("dialog", name="验收")
    expect(accept).to_be_visible()
    visitor.until(lambda: bool(coming.waiting), "the pad, before anybody asks for it")
    accept.press("Enter")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("button")).to_have_count(0)
    coming.let_go(visitor)
    expect(dialog.get_by_label("验收人")).to_be_focused()
    visitor.type("王芳")
    expect(dialog.get_by_role("button", name="写入姓名")).to_be_focused()


def test_what_is_typed_while_the_short_texts_come_is_not_written_into_the_field(visitor: Visitor) -> None:
    coming = Held(visitor.page, "**/assets/SnippetChoice-*.js")
    visitor.come_back("agent", "/register")
    page = visitor.page
    expect(page.locator("[aria-invalid=true]")).to_have_count(0)
    field, dialog = page.get_by_label("内容", exact=True), page.get_by_role("dialog", name="常用语")
    field.fill("客户询问：")
    visitor.until(lambda: bool(coming.waiting), "the texts, before anybody asks for them")
    page.keyboard.press("Control+;")
    expect(dialog).to_be_visible()
    page.keyboard.insert_text("滤网")
    coming.let_go(visitor)
    expect(dialog.get_by_label("查找")).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(page.locator("[aria-invalid=true]")).to_have_count(0)  # the form behind was not sent
    page.keyboard.press("Escape")
    expect(field).to_be_focused()
    expect(field).to_have_value("客户询问：")
    page.get_by_role("button", name="清空").click()
