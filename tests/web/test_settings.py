"""A person's settings in a browser: what they choose, where they are signed in, and the way out of all of it."""

import re

from playwright.sync_api import expect

from tests.web.conftest import Visit
from tests.web.visitor import Visitor


def test_who_finds_a_strange_browser_among_theirs_signs_out_everywhere(visit: Visit) -> None:
    there, here = visit("en"), visit("en", width=320)
    visitor: Visitor
    for visitor in (there, here):
        here.desk.cookies.pop("auditor", None)  # a session of their own, and none that others come back with
        visitor.come_back("auditor", "/home")
        expect(visitor.page.get_by_role("heading", level=1)).to_be_visible()
    page = here.page
    page.get_by_role("button", name=re.compile("^Me ")).click()
    page.get_by_role("button", name="Settings").click()
    expect(page.get_by_text("this browser", exact=True)).to_have_count(1)
    expect(page.locator("#sessions ~ ul li").nth(1)).to_be_visible()
    page.get_by_role("radio", name="Comfortable").check()
    expect(page.get_by_role("radio", name="Comfortable")).to_be_checked()
    expect(page.get_by_role("region", name="The department")).to_contain_text(re.compile(r"Time zone\w+/\w+"))
    assert here.overflows() == []
    assert here.barriers() == []
    here.desk.cookies.pop("auditor")
    page.get_by_role("region", name=re.compile("Signed in")).get_by_role("button").click()
    page.locator("input[name=password]").wait_for()
