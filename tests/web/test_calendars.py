"""A shared calendar in a browser: drafted by a manager, approved and published by a director, shown by its years."""

import json
import re

from playwright.sync_api import expect

from tests.web.conftest import Visit
from tests.web.test_desk import act
from tests.web.visitor import Visitor


def test_a_shared_calendar_is_drafted_by_one_and_put_into_force_by_another(visit: Visit) -> None:
    manager: Visitor = visit("en", width=320)
    manager.come_back("manager", "/policies")
    page = manager.page
    page.get_by_text("Begin a shared calendar").click()
    page.get_by_label("Id (small letters").fill("console-hours")
    page.get_by_role("button", name="Draft the next version").click()
    document = page.get_by_label("Whole document (JSON)")
    expect(document).to_have_value(re.compile("console-hours"))
    written = json.loads(document.input_value())
    document.fill(json.dumps(written | {"timezone": "Mars/Base"}))
    page.get_by_role("button", name="Save the draft").click()
    expect(page.get_by_role("alert").first).to_contain_text("Mars/Base")
    assert manager.overflows() == []
    assert manager.barriers() == []
    document.fill(json.dumps(written))
    page.get_by_role("button", name="Save the draft").click()
    expect(page.get_by_role("region", name="Versions")).to_contain_text("Draft")
    tried(manager, "console-hours")
    director: Visitor = visit("en")
    director.come_back("director", "/calendars/console-hours")
    for step in ("Approve", "Publish"):
        act(director, step)
        director.page.get_by_role("dialog").get_by_role("button", name="OK").click()
        expect(director.page.get_by_role("dialog")).to_have_count(0)
    director.page.get_by_role("link", name="console-hours/1").click()
    expect(director.page.get_by_role("table").first).to_be_visible()
    assert director.barriers() == []


def tried(manager: Visitor, id: str) -> None:
    """The draft on the page is tried on a day without tickets."""
    page = manager.page
    page.get_by_role("link", name="What if").click()
    expect(page.get_by_label("Rules", exact=True)).to_have_value(f"calendar:{id}")
    for label in ("Tickets opened from", "to (included)"):
        page.get_by_label(label, exact=True).fill("2026-03-01")
    page.get_by_role("button", name="Try it").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"{id}/draft")
    expect(page.get_by_role("status").filter(has_text="Completed")).to_be_visible()
