"""Every page by itself: at 400 % on a desk's screen, and in colours that the reader's system chose."""

import pytest
from playwright.sync_api import Browser

from tests.web.conftest import Visit
from tests.web.pages import NAMES, PAGES, ConsolePage, Stage
from tests.web.visitor import Desk, Visitor

ZOOMED = {"width": 320, "height": 256}
"""1280 by 1024 at 400 %, in CSS pixels (WCAG 1.4.10)."""
ALIKE = """() => {
  const chosen = "[aria-current], [aria-pressed=true]";
  const shown = (element) => {
    const style = getComputedStyle(element);
    return [style.borderBottomWidth, style.fontWeight, style.textDecorationLine].join(" ");
  };
  const marked = [...document.querySelectorAll(chosen)].filter((one) => one.offsetParent);
  const others = (one) => [...one.parentElement.children].filter((each) =>
    each.tagName === one.tagName && !each.matches(chosen));
  return marked.filter((one) => others(one).some((other) => shown(other) === shown(one))).map((one) => one.outerHTML);
}"""
"""What is current or pressed, and looks like its neighbours that are not."""


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_a_page_is_read_at_400_percent_without_scrolling_sideways(
    known: Visit, stage: Stage, page: ConsolePage
) -> None:
    visitor: Visitor = known(page.role, "en", **ZOOMED)
    page.open(visitor, stage)
    assert visitor.overflows() == []
    assert visitor.barriers() == []


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_in_the_readers_own_colours_what_is_chosen_still_shows(known: Visit, stage: Stage, page: ConsolePage) -> None:
    visitor: Visitor = known(page.role, forced_colors="active")
    page.open(visitor, stage)
    assert visitor.page.evaluate(ALIKE) == []
    # axe reads colours that nobody sees here.
    assert [rule for rule, _ in visitor.barriers() if rule != "color-contrast"] == []


def test_what_the_content_security_policy_refuses_is_a_complaint(browser: Browser, desk: Desk) -> None:
    visitor = Visitor.of(browser, desk)
    visitor.come_back("agent", "/home")
    visitor.page.evaluate("document.body.append(Object.assign(document.createElement('style'), {textContent: 'p{}'}))")
    visitor.until(lambda: any("style-src" in complaint for complaint in visitor.complaints), "the complaint")
    visitor.leave()


def test_what_is_put_off_is_a_complaint_until_the_same_is_answered(browser: Browser, desk: Desk) -> None:
    visitor, statuses = Visitor.of(browser, desk), {"POST": 503, "GET": 200}
    visitor.come_back("agent", "/home")
    visitor.page.route("**/put-off", lambda route: route.fulfill(status=statuses[route.request.method], body="{}"))
    ask = "async (method) => { await fetch('/put-off', {method}); }"
    visitor.page.evaluate(ask, "POST")
    visitor.page.evaluate(ask, "GET")
    put_off = f"never answered but by 503: POST {desk.url}/put-off"
    visitor.until(lambda: put_off in visitor.complaints, "the complaint")
    statuses["POST"] = 201
    visitor.page.evaluate(ask, "POST")
    assert visitor.judged() == []
    visitor.leave()
