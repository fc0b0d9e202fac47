"""Several tickets at once: chosen by keyboard, claimed or given to a colleague one by one, refusals by their number."""

from playwright.sync_api import expect

from tests.web.conftest import Visit
from tests.web.office import Office
from tests.web.test_queue import opened
from tests.web.visitor import Visitor, press


def release(visitor: Visitor, tickets: list[str]) -> None:
    """Nobody's again, so that other tests find their own tickets alone."""
    for id in tickets:
        visitor.command("intake", f"tickets/{id}/owner", {"owner_id": None})


def test_several_tickets_are_claimed_by_keyboard_alone(visitor: Visitor) -> None:
    visitor.come_back("agent", "/tickets")
    page = visitor.page
    tickets = [opened(visitor, f"第 {number} 间客房空调") for number in range(3)]
    made = [number for number, _ in tickets]
    page.reload()
    press(page.get_by_role("row").filter(has_text=made[-1]), "x")
    for _ in made[1:]:
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+X")
    expect(page.get_by_text("已选 3 单")).to_be_visible()
    for number in made:
        expect(page.get_by_role("row").filter(has_text=number)).to_have_attribute("aria-selected", "true")
    assert visitor.barriers() == []
    press(page.get_by_role("region", name="批量处理").get_by_role("button", name="认领"), "Enter")
    expect(page.get_by_text("已完成 3 单")).to_be_visible()
    expect(page.get_by_role("region", name="批量处理")).to_have_count(0)
    expect(page.locator(".grid-line:focus")).to_have_count(1)
    for number in made:
        expect(page.get_by_role("row").filter(has_text=number)).to_contain_text("王芳")
    assert visitor.barriers() == []
    release(visitor, [id for _, id in tickets])


def test_what_is_refused_is_named_and_stays_chosen(visit: Visit) -> None:
    agent, manager = visit(), visit()
    agent.come_back("agent", "/tickets")
    manager.come_back("manager", "/tickets")
    free, taken = (opened(agent, summary) for summary in ("车库道闸", "车库照明"))
    page = agent.page
    page.reload()
    for number, _ in (free, taken):
        page.get_by_role("row").filter(has_text=number).get_by_role("checkbox").check()
    manager.command("intake", f"tickets/{taken[1]}/owner", {"owner_id": "me"})
    page.get_by_role("region", name="批量处理").get_by_role("button", name="认领").click()
    told = page.get_by_role("alert").filter(has_text="已完成 1 单")
    expect(told).to_contain_text("未完成 1 单")
    expect(told.get_by_role("listitem")).to_have_count(1)
    expect(told.get_by_role("listitem")).to_contain_text(taken[0])
    expect(page.get_by_text("已选 1 单")).to_be_visible()
    assert agent.barriers() == []
    release(agent, [free[1]])


def test_a_manager_gives_several_to_a_colleague(visitor: Visitor) -> None:
    visitor.come_back("manager", "/tickets")
    page = visitor.page
    tickets = [opened(visitor, f"第 {number} 部电梯") for number in range(2)]
    made = [number for number, _ in tickets]
    page.reload()
    boxes = [page.get_by_role("row").filter(has_text=number).get_by_role("checkbox") for number in made]
    boxes[0].click()
    boxes[1].click(modifiers=["Shift"])
    page.get_by_role("region", name="批量处理").get_by_role("button", name="指派").click()
    page.get_by_role("dialog").get_by_label("王芳").check()
    assert visitor.barriers() == []
    page.get_by_role("dialog").get_by_role("button", name="指派").click()
    expect(page.get_by_text("已完成 2 单")).to_be_visible()
    for number in made:
        expect(page.get_by_role("row").filter(has_text=number)).to_contain_text("王芳")
    release(visitor, [id for _, id in tickets])


def resolved_remotely(office: Office, ticket_id: str) -> None:
    """Triage has helped by telephone, and the register knows."""
    case = f"triage/v1/cases/{ticket_id}"
    office.asked(f"{case}/classification", {"level": 3, "maintenance_type": "corrective"})
    for outcome in ("started", "succeeded"):
        office.asked(f"{case}/remote-support", {"outcome": outcome})
    ticket = f"intake/v1/tickets/{ticket_id}"
    office.manager.until(lambda: office.asked(ticket)["status"] == "repaired", "resolved remotely")


def test_several_tickets_are_closed_and_what_is_not_done_yet_is_named(visitor: Visitor) -> None:
    visitor.come_back("manager", "/home")
    page, (done, id), (open_number, _) = visitor.page, opened(visitor, "闸机读卡"), opened(visitor, "闸机门板松动")
    resolved_remotely(Office(visitor), id)
    page.goto(f"{visitor.desk.url}/tickets")
    for number in (done, open_number):
        page.get_by_role("row").filter(has_text=number).get_by_role("checkbox").check()
    page.get_by_role("region", name="批量处理").get_by_role("button", name="结单").click()
    assert visitor.barriers() == []
    page.get_by_role("dialog").get_by_role("button", name="确定").click()
    told = page.get_by_role("alert").filter(has_text="已完成 1 单")
    expect(told.get_by_role("listitem")).to_have_count(1)
    expect(told.get_by_role("listitem")).to_contain_text(open_number)
    expect(page.get_by_text("已选 1 单")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text=done)).to_contain_text("已结单")
