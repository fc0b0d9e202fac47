"""Two people at one ticket: what both do is done once, and who comes too late is shown what changed."""

from playwright.sync_api import Locator, Page, expect

from tests.web.conftest import Visit
from tests.web.pages import TICKET
from tests.web.visitor import Visitor

CUSTOMER = {"name": "阮舟", "phones": ["13700008346"], "address": "宁波市海曙区中山东路2号"}
CLASSIFICATION = {"level": 2, "maintenance_type": "corrective"}
WORK = {"job_type": "repair", "payable": False, "skills": []}


def test_of_two_who_cancel_at_once_one_does(visit: Visit) -> None:
    agent, manager = visit(), visit()
    agent.come_back("agent", "/home")
    id = registered(agent)
    manager.come_back("manager", f"/tickets/{id}")
    for someone in (agent, manager):
        about_to_cancel(someone, id)
    for someone in (agent, manager):
        someone.page.get_by_role("button", name="确定").click()
    for someone in (agent, manager):
        expect(step(someone.page)).to_have_text("已撤单")
        expect(someone.page.locator(".timeline").get_by_text("撤单", exact=True)).to_have_count(1)


def test_who_comes_too_late_sees_what_changed_before_it_is_done_over(visit: Visit) -> None:
    agent, triage = visit(), visit()
    agent.come_back("agent", "/home")
    id = registered(agent)
    triage.come_back("triage", f"/tickets/{id}")
    expect(step(triage.page)).to_have_text("研判中")
    about_to_cancel(agent, id)
    triage.command("triage", f"cases/{id}/classification", CLASSIFICATION)
    triage.command("triage", f"cases/{id}/authorisation", WORK)
    expect(step(triage.page)).to_have_text("已授权", timeout=60_000)
    agent.page.get_by_role("button", name="确定").click()
    row = agent.page.get_by_role("row", name="状态")
    expect(row.get_by_role("cell")).to_have_text(["研判中", "已授权"])
    assert agent.barriers() == []
    agent.page.get_by_role("button", name="我已看过，再次提交").click()
    expect(step(agent.page)).to_have_text("已撤单")


def registered(agent: Visitor) -> str:
    """The id of a ticket of this test's own."""
    id: str = agent.command("intake", "tickets", {**TICKET, "customer": CUSTOMER})["id"]
    return id


def about_to_cancel(someone: Visitor, id: str) -> None:
    """The ticket's page, with all but the last click done."""
    someone.page.goto(f"{someone.desk.url}/tickets/{id}")
    expect(step(someone.page)).to_have_text("研判中")
    someone.page.get_by_role("button", name="撤单").click()
    someone.page.get_by_label("撤单原因").fill("客户已自行修复")


def step(page: Page) -> Locator:
    """Where the ticket is on its way."""
    return page.locator("[aria-current=step]")
