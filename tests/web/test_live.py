"""What one person does, another sees without asking; a stream that was cut goes on where it was."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Response, expect

from tests.web.pages import Stage
from tests.web.test_journey import registered
from tests.web.visitor import PATIENCE, Desk, Visitor


@pytest.fixture
def colleague(browser: Browser, desk: Desk) -> Iterator[Visitor]:
    """Somebody else, at another browser."""
    someone = Visitor.of(browser, desk, "zh-CN")
    yield someone
    complaints = someone.judged()
    someone.leave()
    assert complaints == []


CUTTABLE = """let cut = new AbortController();
const plain = fetch;
window.fetch = (where, how) => plain(
  where, where === "/events" ? {...how, signal: AbortSignal.any([how.signal, cut.signal])} : how);
window.cutStream = () => { cut.abort(); cut = new AbortController(); };"""
"""The stream of a page alone can be cut: whatever else is under way goes on."""


def watching(page: Page, state: str = "实时") -> Page:
    """What the page says of its stream, where rows stand already: only what comes later waits above them."""
    expect(page.get_by_role("grid").get_by_role("row").nth(1)).to_be_visible()
    expect(page.get_by_role("status", name="实时状态")).to_have_text(state, timeout=PATIENCE)
    return page


def arrives(queue: Page, number: str) -> None:
    """It waits above the rows that are looked at, and stands there when it is asked for."""
    expect(queue.get_by_role("grid")).to_be_visible()
    queue.get_by_role("button", name="条新工单").click(timeout=PATIENCE)
    expect(queue.get_by_text(number)).to_be_visible()


def test_a_ticket_that_one_registers_stands_in_the_others_queue(
    stage: Stage, visitor: Visitor, colleague: Visitor
) -> None:
    colleague.come_back("manager", "/tickets")
    queue = watching(colleague.page)
    visitor.come_back("agent", "/tickets")
    number = registered(visitor)
    assert queue.get_by_text(number).count() == 0
    arrives(queue, number)
    assert colleague.barriers() == []


def opened(answer: Response) -> bool:
    """Whether it is a live stream; before signing in none is given."""
    return answer.url.endswith("/events") and answer.ok


def test_two_tabs_have_one_stream_and_the_second_goes_on_when_the_first_is_closed(
    stage: Stage, visitor: Visitor, colleague: Visitor
) -> None:
    streams: list[str] = []
    colleague.context.on("response", lambda each: streams.append(each.url) if opened(each) else None)
    colleague.come_back("manager", "/tickets")
    watching(colleague.page)
    second = colleague.context.new_page()
    second.goto(f"{colleague.desk.url}/tickets")
    watching(second)
    assert len(streams) == 1
    colleague.page.close()
    visitor.come_back("agent", "/tickets")
    number = registered(visitor)
    arrives(second, number)
    watching(second)
    assert len(streams) == 2


def test_what_happened_while_the_stream_was_cut_is_seen_once_it_goes_on(
    stage: Stage, visitor: Visitor, colleague: Visitor
) -> None:
    colleague.context.add_init_script(CUTTABLE)
    colleague.come_back("manager", "/tickets")
    queue = watching(colleague.page)
    colleague.context.route("**/events", lambda route: route.fulfill(status=429))
    queue.evaluate("cutStream()")
    watching(queue, "重连中")
    visitor.come_back("agent", "/tickets")
    number = registered(visitor)
    assert queue.get_by_text(number).count() == 0
    colleague.context.unroute("**/events")
    arrives(queue, number)
    watching(queue)
