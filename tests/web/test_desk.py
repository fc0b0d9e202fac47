"""The manager's wallboard: each figure and the rows behind it."""

from playwright.sync_api import expect

from tests.web.test_journey import registered
from tests.web.visitor import Visitor


def test_a_figure_of_the_wallboard_is_the_number_of_its_rows(visitor: Visitor) -> None:
    visitor.sign_in("agent", "/tickets")
    registered(visitor)
    visitor.context.clear_cookies()
    visitor.sign_in("manager", "/wallboard")
    page = visitor.page
    figure = page.locator(".figures li").filter(has_text="计时中").get_by_role("link")
    visitor.until(lambda: _number(figure.inner_text()) > 0, "a running clock")
    assert visitor.barriers() == []
    counted = _number(figure.inner_text())
    figure.click()
    expect(page.get_by_role("grid")).to_have_attribute("aria-rowcount", str(counted + 1))
    assert visitor.barriers() == []


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0
