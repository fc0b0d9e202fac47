"""A visit on an engineer's phone from the first page to the last, in both languages, as a screen reader has it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import Visit
from tests.web.office import Office
from tests.web.phone import CUT, PHONE, do, draw, hired, ready, state, words
from tests.web.test_tree import has_tree
from tests.web.visitor import Visitor

LOGIN = "engineer-2"
SAID = ("confirmation", "departure", "arrival")
ASKED = ("customer-call", "conduct", "pause", "completion")
OPEN = len(("on_site", "fix"))
"""Clocks, once the customer was answered."""
STEPS = len(SAID) + len(ASKED) + len(("resumption", "acceptance"))


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_visit_from_the_first_page_to_the_last_has_its_trees(visitor: Visitor, visit: Visit, language: str) -> None:
    visitor.come_back("manager", "/tickets")
    office = Office(visitor)
    with hired(office, LOGIN) as engineer:
        order = planned_tomorrow(office, engineer)
        phone = visit(language, **PHONE)
        phone.come_back(LOGIN, "/field/")
        the_visit(ready(phone))
        office.manager.until(lambda: bool(office.order(order)["status"] == "accepted"), "the acceptance")
        phone.complaints[:] = [each for each in phone.complaints if CUT not in each]


def planned_tomorrow(office: Office, engineer: str) -> str:
    """The id of a visit in the middle of a day: its hours are of one date."""
    order, _ = office.visit(LOGIN)
    listed = f"intake/v1/tickets?id={office.order(order)['ticket_id']}"
    office.manager.until(lambda: len(office.asked(listed)["items"][0]["clocks"]) == OPEN, "clocks as they stay")
    start = (datetime.now(UTC) + timedelta(days=1)).replace(hour=2)
    times = {"start": start.isoformat(), "end": (start + timedelta(hours=1)).isoformat(), "confirmed": False}
    office.asked(f"dispatch/v1/work-orders/{order}/plan", {"engineer_id": engineer, **times})
    return order


def the_visit(phone: Visitor) -> None:
    """All of it, without a network from the second page on."""
    page, say = phone.page, words(phone)
    expect(page.get_by_role("link", name="王芳")).to_be_visible()
    has_tree(phone, "phone-today")
    phone.context.set_offline(True)
    page.get_by_role("link", name="王芳").click()
    expect(state(page)).to_contain_text(say("field.link.offline"))
    has_tree(phone, "phone-visit")
    asked(phone, "customer-call")
    do(page, *(say(f"workOrder.step.{step}") for step in SAID))
    asked(phone, "conduct")
    asked(phone, "pause")
    do(page, say("workOrder.step.resumption"))
    asked(phone, "completion")
    accepted(page, phone, say)
    page.get_by_role("link", name=say("field.log"), exact=True).click()
    expect(page.get_by_role("listitem")).to_have_count(STEPS)
    has_tree(phone, "phone-log")
    phone.context.set_offline(False)
    expect(page.get_by_text(say("field.allSent"))).to_be_visible(timeout=60_000)


def asked(phone: Visitor, step: str) -> None:
    """A step that asks for something, as it asks; what it suggests is said."""
    page, say = phone.page, words(phone)
    page.get_by_role("button", name=say(f"workOrder.step.{step}"), exact=True).click()
    has_tree(phone, f"phone-{step}")
    if step == "completion":
        page.get_by_label(say("workOrder.result")).fill("更换电容，试机正常")
    confirm = page.get_by_role("button", name=say("workOrder.confirm"), exact=True)
    confirm.click()
    expect(confirm).to_have_count(0)


def accepted(page: Page, phone: Visitor, say: Callable[[str], str]) -> None:
    """The customer signs for what was done."""
    page.get_by_role("link", name=say("workOrder.step.acceptance"), exact=True).click()
    has_tree(phone, "phone-acceptance")
    assert (phone.barriers(), phone.overflows()) == ([], [])
    draw(page)
    accept = page.get_by_role("button", name=say("field.accept"), exact=True)
    accept.click()
    expect(accept).to_have_count(0)
