"""What each role is there for, done in the console: the shortest way, for those whose way is no other test's."""

import asyncio
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Locator, expect

from libs.chassis.identity.auth import ROLES
from libs.events.transport import kafka
from tests.libs.topic import produce
from tests.web import test_desk, test_journey, test_queue
from tests.web.conftest import Visit
from tests.web.office import Office
from tests.web.pages import Stage
from tests.web.visitor import Visitor, press

DAY = (datetime.now(UTC) + timedelta(days=3)).date().isoformat()


@pytest.fixture
def office(visit: Visit) -> Office:
    """A manager, for what has to be there before."""
    manager: Visitor = visit()
    manager.come_back("manager", "/tickets")
    return Office(manager)


def areas(visitor: Visitor) -> list[str]:
    """What the top bar leads to."""
    links = visitor.page.get_by_role("navigation", name=re.compile("功能区|Areas")).get_by_role("link")
    links.first.wait_for()
    return [link.removesuffix("N") for link in links.all_inner_texts()]


def acts(visitor: Visitor) -> Locator:
    """Whatever a ticket's page would do."""
    return visitor.page.get_by_role("group", name=re.compile("操作|负责人")).get_by_role("button")


def test_a_dispatcher_plans_a_visit_by_its_form(office: Office, visitor: Visitor) -> None:
    engineer, (order, number) = office.engineer("施雯", "roles_lifts"), office.visit("roles_lifts")
    visitor.come_back("dispatcher", f"/board?day={DAY}&skill=roles_lifts")
    assert areas(visitor) == ["工作台", "工单", "派工台", "维修人员"]
    page = visitor.page
    press(page.locator(f'[data-card="{order}"]'), "m")
    page.get_by_label("维修人员").select_option(engineer)
    page.get_by_label("日期").last.fill(DAY)
    expect(page.get_by_text("可以这样安排。")).to_be_visible()
    page.get_by_role("dialog").get_by_role("button", name="安排").click()
    expect(page.locator(f'[data-lane="{engineer}"] [data-bar="{order}"]')).to_contain_text(number)
    office.is_given(order, engineer)
    assert visitor.barriers() == []


def test_an_engineer_makes_their_own_visit_and_no_other(office: Office, visitor: Visitor) -> None:
    engineer, (order, number) = office.engineer("陈强", "roles_doors"), office.visit("roles_doors")
    office.asked(f"dispatch/v1/engineers/{engineer}/binding", {"subject": "engineer-1"})
    time = {"start": f"{DAY}T09:00:00+08:00", "end": f"{DAY}T10:00:00+08:00", "confirmed": True}
    office.asked(f"dispatch/v1/work-orders/{order}/plan", {"engineer_id": engineer, **time})
    other, _ = office.visit("roles_doors")
    visitor.come_back("engineer-1", f"/work-orders/{order}")
    assert areas(visitor) == ["工作台", "工单"]
    page = visitor.page
    expect(page.get_by_role("heading", name=f"{number} 第 1 次上门")).to_be_visible()
    page.get_by_role("button", name="显示联系人").click()
    expect(page.get_by_text("13800001111")).to_be_visible()
    step(visitor, "出发")
    step(visitor, "到场", 纬度="39.9", 经度="116.4")
    step(visitor, "完工", 维修结果="更换门禁读卡器")
    expect(page.locator(".stage")).to_have_text("已完工")
    assert visitor.barriers() == []
    page.goto(f"{visitor.desk.url}/work-orders/{other}")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_role("button", name="安排")).to_have_count(0)
    office.asked(f"dispatch/v1/engineers/{engineer}/unbinding", {})  # another test's engineer has this login, too


def step(visitor: Visitor, name: str, **fields: str) -> None:
    """Take a step of the visit, with what its form asks for."""
    page = visitor.page
    page.get_by_role("button", name=name, exact=True).click()
    dialog = page.get_by_role("dialog", name=name)
    for label, words in fields.items():
        dialog.get_by_label(label).fill(words)
    dialog.get_by_role("button", name="确定").click()
    expect(dialog).to_have_count(0)


def test_a_director_goes_from_a_figure_to_its_ticket_and_changes_nothing(stage: Stage, visitor: Visitor) -> None:
    visitor.come_back("director", "/wallboard")
    assert areas(visitor) == ["工作台", "工单", "时限看板", "时限政策"]
    page = visitor.page
    figure = page.locator(".figures li").filter(has_text="计时中").get_by_role("link")
    visitor.until(lambda: figure.inner_text().isdigit() and int(figure.inner_text()) > 0, "a running clock")
    figure.click()
    clocks = page.get_by_role("grid", name="时钟明细")  # the wallboard has rows, too, for as long as it still stands
    press(clocks.get_by_role("row").nth(1), "Enter")
    expect(page.get_by_role("heading", name="工单 WX")).to_be_visible()
    page.locator(".timeline li").first.wait_for()
    assert acts(visitor).count() == 0


@pytest.mark.parametrize("role", ["auditor", "custodian"])
def test_who_only_reads_sees_the_whole_story_and_neither_acts_nor_contacts(
    stage: Stage, visitor: Visitor, role: str
) -> None:
    visitor.come_back(role, f"/tickets?number={stage.number}")
    page = visitor.page
    press(page.get_by_role("row").filter(has_text=stage.number), "c")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=f"工单 {stage.number}")).to_be_visible()
    page.locator(".timeline li").nth(1).wait_for()
    expect(page.get_by_text("负责人：未认领")).to_be_visible()
    expect(page.get_by_text("您的角色不显示客户联系方式")).to_be_visible()
    assert acts(visitor).count() == 0
    refused: list[str] = []
    page.on("response", lambda answer: refused.append(answer.url) if answer.status == 403 else None)
    page.goto(f"{visitor.desk.url}/board")
    expect(page.get_by_text("您的角色无权查看此页。")).to_be_visible()
    assert refused == []  # nothing was asked for that the role may not read
    assert visitor.barriers() == []


def test_an_operator_gives_up_what_cannot_be_read_and_says_why(visit: Visit) -> None:
    visitor: Visitor = visit("en")
    write_nonsense(visitor.desk.kafka, "survey")
    visitor.come_back("operator", "/operations")
    assert areas(visitor) == ["Home", "Tickets", "Operations", "Audit"]
    page = visitor.page
    sla = page.get_by_role("region", name="SLA")

    def is_parked() -> bool:
        page.reload()
        sla.get_by_text("lanes").wait_for()
        return sla.get_by_text("A message that cannot be read").count() == 1

    visitor.until(is_parked, "the message")
    assert visitor.barriers() == []
    sla.get_by_role("button", name="Discard").click()
    dialog = page.get_by_role("dialog", name="Discard")
    expect(dialog.get_by_role("button", name="OK")).to_be_disabled()
    dialog.get_by_label("Reason").fill("Written to the topic by hand")
    dialog.get_by_role("button", name="OK").click()
    expect(sla).to_contain_text("nothing is parked")


def write_nonsense(bootstrap: str, service: str) -> None:
    """A record in a service's topic that is no event."""
    with ThreadPoolExecutor(1) as beside:  # the browser's client has an event loop of its own here
        beside.submit(asyncio.run, produce(bootstrap, kafka.topic(service), 0, b"nonsense", [])).result()


WAYS: dict[str, Callable[..., None]] = {
    "agent": test_journey.test_an_agent_registers_by_keyboard_and_sees_the_clocks_run,
    "triage": test_desk.test_a_triage_engineer_decides_a_case_by_keyboard_from_the_queue_on,
    "manager": test_queue.test_a_manager_gives_a_ticket_to_a_colleague,
    "dispatcher": test_a_dispatcher_plans_a_visit_by_its_form,
    "engineer": test_an_engineer_makes_their_own_visit_and_no_other,
    "director": test_a_director_goes_from_a_figure_to_its_ticket_and_changes_nothing,
    "auditor": test_who_only_reads_sees_the_whole_story_and_neither_acts_nor_contacts,
    "custodian": test_who_only_reads_sees_the_whole_story_and_neither_acts_nor_contacts,
    "operator": test_an_operator_gives_up_what_cannot_be_read_and_says_why,
}


def test_every_persons_role_has_a_way_of_its_own() -> None:
    assert set(WAYS) == ROLES - {"service"}
