"""An engineer's phone: a day without a network, in which nothing is lost, doubled or told late."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import Visit
from tests.web.office import Office
from tests.web.phone import CUT, PHONE, do, draw, hired, ready, state
from tests.web.visitor import Visitor

BEGUN = ["dispatch.EngineerDeparted", "dispatch.OnSiteArrived"]
DONE = ["dispatch.RepairCompleted", "dispatch.RepairAccepted"]
LATER = timedelta(hours=1)
FULL = """IDBObjectStore.prototype.add = () => { throw new DOMException("full", "QuotaExceededError"); }; 0"""
"""What the browser does where the disk has no room, until the page is loaded again."""
NEARLY_FULL = "navigator.storage.estimate = async () => ({usage: 81, quota: 100}); 0"
Hire = Callable[[str], str]


@pytest.fixture
def office(visitor: Visitor) -> Office:
    """A manager, who plans."""
    visitor.sign_in("manager", "/tickets")
    expect(visitor.page.get_by_role("heading", name="工单", exact=True)).to_be_visible()
    return Office(visitor)


@pytest.fixture
def engineer(office: Office) -> Iterator[Hire]:
    """Answers the id of an engineer with this login, which is free again afterwards."""
    with ExitStack() as staying:
        yield lambda login: staying.enter_context(hired(office, login))


def planned(office: Office, engineer: str, skill: str, hours: int) -> str:
    """The id of a visit that the engineer is to make in so many hours."""
    order, _ = office.visit(skill)
    start = datetime.now(UTC) + hours * LATER
    times = {"start": start.isoformat(), "end": (start + LATER).isoformat(), "confirmed": False}
    office.asked(f"dispatch/v1/work-orders/{order}/plan", {"engineer_id": engineer, **times})
    return order


def on_phone(visit: Visit, login: str) -> Visitor:
    """The engineer, whose phone has read the day and can do without a network."""
    phone = visit(**PHONE)
    phone.sign_in(login, "/field/")
    return ready(phone)


def go(page: Page, phone: Visitor, path: str) -> None:
    page.goto(f"{phone.desk.url}/field/{path}")


def completed(page: Page, result: str) -> None:
    page.get_by_role("button", name="完工", exact=True).click()
    page.get_by_label("维修结果").fill(result)
    page.get_by_role("button", name="确定").click()
    expect(page.get_by_role("link", name="验收", exact=True)).to_be_visible()


def signed(page: Page) -> None:
    """The customer draws their name on the page of the acceptance."""
    page.get_by_role("link", name="验收", exact=True).click()
    draw(page)
    page.get_by_role("button", name="确认验收").click()
    expect(page.get_by_role("button", name="确认验收")).to_have_count(0)


def happened(office: Office, order: str) -> list[tuple[str, datetime]]:
    """What the engineer did on a visit, as its ticket's history has it: types and times, the earliest first."""
    ticket = office.order(order)["ticket_id"]
    items = office.asked(f"intake/v1/tickets/{ticket}/history?limit=200")["items"]
    known = [*BEGUN, "dispatch.WorkPaused", "dispatch.WorkResumed", *DONE]
    found = [(each["type"], datetime.fromisoformat(each["occurred_at"])) for each in items if each["type"] in known]
    return sorted(found, key=lambda each: each[1])


def is_known(office: Office, order: str, types: list[str]) -> Callable[[], bool]:
    return lambda: [type for type, _ in happened(office, order)] == types


def test_a_visit_without_a_network_is_recorded_once_in_order_and_at_its_time(
    office: Office, engineer: Hire, visit: Visit
) -> None:
    login = "engineer-1"
    id = engineer(login)
    order = planned(office, id, login, 1)
    phone = on_phone(visit, login)
    page = phone.page
    expect(page.get_by_role("link", name="王芳")).to_be_visible()
    assert phone.barriers() == []
    page.get_by_role("link", name="王芳").click()
    do(page, "出发")
    expect(state(page)).not_to_contain_text("待上传")
    phone.context.set_offline(True)
    do(page, "到场")
    expect(state(page)).to_contain_text("离线")
    expect(state(page)).to_contain_text("待上传 1")
    assert (phone.barriers(), phone.overflows()) == ([], [])
    second = phone.context.new_page()
    page.close(run_before_unload=False)  # the tab is killed
    go(second, phone, f"visits/{order}")  # and a link to the visit is followed without a network
    expect(second.get_by_text("北京市朝阳区建国路1号").first).to_be_visible()
    completed(second, "更换电容，试机正常")
    second.reload()
    expect(state(second)).to_contain_text("待上传 2")
    signed(second)
    back = datetime.now(UTC)
    third = phone.context.new_page()
    go(third, phone, "log")
    expect(third.get_by_role("listitem")).to_have_count(3)
    phone.context.set_offline(False)
    expect(third.get_by_text("全部已上传。")).to_be_visible(timeout=60_000)
    office.manager.until(is_known(office, order, [*BEGUN, *DONE]), "each step once")
    assert all(at <= back for _, at in happened(office, order))
    assert office.order(order)["status"] == "accepted"
    phone.complaints[:] = [each for each in phone.complaints if CUT not in each]


def test_a_refused_step_stops_its_visit_alone_and_is_told(office: Office, engineer: Hire, visit: Visit) -> None:
    login = "engineer-2"
    id = engineer(login)
    lost, kept = (planned(office, id, login, hours) for hours in (2, 4))
    phone = on_phone(visit, login)
    page = phone.page
    expect(page.get_by_role("link", name="王芳")).to_have_count(2)
    phone.context.set_offline(True)
    office.asked(f"dispatch/v1/work-orders/{lost}/unassignment", {})
    for order in (lost, kept):
        go(page, phone, f"visits/{order}")
        do(page, "出发", "到场")
    phone.context.set_offline(False)
    go(page, phone, "log")
    expect(state(page)).to_contain_text("被拒 1", timeout=60_000)
    office.manager.until(is_known(office, kept, BEGUN), "the other visit's steps")
    assert happened(office, lost) == []
    alert = page.get_by_role("listitem").filter(has=page.get_by_role("alert"))
    expect(alert).to_contain_text(re.compile("指派"))
    expect(page.get_by_role("button", name="退出登录")).to_be_disabled()
    assert phone.barriers() == []
    for left in (1, 0):
        expect(page.get_by_role("alert")).to_have_count(1, timeout=60_000)
        page.get_by_role("button", name="放弃").click()
        expect(page.get_by_role("listitem")).to_have_count(left)
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url(f"{phone.desk.issuer}/**")
    phone.complaints[:] = [each for each in phone.complaints if CUT not in each]


def test_a_full_phone_says_so_and_what_a_session_leaves_is_sent_by_nobody_else(
    office: Office, engineer: Hire, visit: Visit
) -> None:
    login = "engineer-3"
    order = planned(office, engineer(login), login, 1)
    phone = on_phone(visit, login)
    page = phone.page
    expect(page.get_by_role("link", name="王芳")).to_be_visible()
    page.get_by_role("link", name="王芳").click()
    page.evaluate(FULL)
    page.get_by_role("button", name="出发", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("没有记录下来")
    expect(state(page)).not_to_contain_text("待上传")
    page.reload()
    phone.context.clear_cookies()
    do(page, "出发")
    expect(state(page)).to_contain_text("登录已过期")
    expect(state(page)).to_contain_text("待上传 1")
    phone.sign_in("custodian", "/auth/login?to=/field/")
    expect(page.get_by_role("link", name="王芳")).to_have_count(0)
    go(page, phone, "log")
    expect(page.get_by_text("全部已上传。")).to_be_visible()
    assert happened(office, order) == []
    phone.context.clear_cookies()
    phone.sign_in(login, "/auth/login?to=/field/log")
    expect(state(page)).to_contain_text("在线")
    office.manager.until(is_known(office, order, BEGUN[:1]), "the step of before")


def test_a_phone_that_is_nearly_full_says_what_to_do_in_english(visit: Visit) -> None:
    phone = visit("en", **PHONE)
    phone.context.add_init_script(NEARLY_FULL)
    phone.come_back("custodian", "/field/")
    page = phone.page
    expect(page.get_by_text("nearly full")).to_be_visible()
    assert phone.barriers() == []
    assert phone.overflows() == []
    page.get_by_role("link", name="Sync").click()
    expect(page.get_by_text("Upload what waits")).to_be_visible()


@pytest.mark.requirement("R020")
def test_what_an_engineer_says_of_a_visit_waits_for_a_network_and_the_next_visit_is_ordered(
    office: Office, engineer: Hire, visit: Visit
) -> None:
    login = "engineer-1"
    order = planned(office, engineer(login), login, 1)
    phone = on_phone(visit, login)
    page = phone.page
    expect(page.get_by_role("link", name="王芳")).to_be_visible()
    phone.context.set_offline(True)
    go(page, phone, f"visits/{order}")
    chosen(page, "联系客户", {"联系结果": "no_answer"})
    do(page, "接受派工", "出发", "到场")
    page.get_by_role("button", name="行为规范", exact=True).click()
    page.get_by_role("checkbox", name="佩戴本人工牌").check()
    assert (phone.barriers(), phone.overflows()) == ([], [])
    page.get_by_role("button", name="确定").click()
    chosen(page, "无法完成", {"原因": "part_missing", "下一步": "await_parts"})
    page.reload()
    expect(state(page)).to_contain_text("待上传 6")
    expect(page.get_by_text("未完成").first).to_be_visible()
    phone.context.set_offline(False)
    go(page, phone, "log")
    expect(page.get_by_text("全部已上传。")).to_be_visible(timeout=60_000)
    office.manager.until(lambda: office.order(order)["status"] == "failed", "the end of the visit")
    over = office.order(order)
    assert (over["call_outcome"], over["conduct"], over["failure_reason"]) == ("no_answer", ["badge"], "part_missing")
    following = office.order(over["next_work_order_id"])
    assert (following["status"], following["follows"], following["awaits"]) == ("created", order, "await_parts")
    phone.complaints[:] = [each for each in phone.complaints if CUT not in each]


def chosen(page: Page, step: str, codes: dict[str, str]) -> None:
    """A step that is said in codes."""
    page.get_by_role("button", name=step, exact=True).click()
    for label, code in codes.items():
        page.get_by_label(label, exact=True).select_option(code)
    page.get_by_role("button", name="确定").click()
    expect(page.get_by_role("button", name="确定")).to_have_count(0)
