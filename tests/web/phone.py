"""An engineer's phone in these tests: whose it is, and what a finger does on it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.web.office import Office
from tests.web.visitor import Visitor
from tests.web.words import spoken

PHONE: dict[str, Any] = {
    "width": 390,
    "height": 844,
    "has_touch": True,
    "geolocation": {"latitude": 39.9087, "longitude": 116.397, "accuracy": 12},
    "permissions": ["geolocation"],
}
CUT = "net::ERR_INTERNET_DISCONNECTED"


@contextmanager
def hired(office: Office, login: str) -> Iterator[str]:
    """The id of an engineer with this login, and a skill of their own; afterwards the login is free again."""
    id = office.engineer(login, login)
    office.asked(f"dispatch/v1/engineers/{id}/binding", {"subject": login})
    try:
        yield id
    finally:
        office.asked(f"dispatch/v1/engineers/{id}/unbinding", {})


def ready(phone: Visitor) -> Visitor:
    """The phone of somebody who has signed in, once it has read the day and can do without a network."""
    expect(state(phone.page)).to_contain_text(words(phone)("field.link.online"))
    phone.page.evaluate("navigator.serviceWorker.ready.then(() => 0)")
    phone.page.reload()  # the worker has no page that came while it began
    phone.until(lambda: bool(phone.page.evaluate("navigator.serviceWorker.controller !== null")), "the worker")
    return phone


def words(phone: Visitor) -> Callable[[str], str]:
    """What the phone says, by key."""
    return spoken(phone.language, "shared", "field")


def state(page: Page) -> Locator:
    """Whether it is online, and what waits."""
    return page.locator(".banner [role=status]")


def do(page: Page, *steps: str) -> None:
    """Steps that ask for nothing, on the page of a visit; none is done twice, for its button goes."""
    for step in steps:
        button = page.get_by_role("button", name=step, exact=True)
        button.click()
        expect(button).to_have_count(0)


def draw(page: Page) -> None:
    """A line across the pad of the signature."""
    pad = page.locator("canvas[width]")  # it hears a finger once it has taken its size
    pad.hover(position={"x": 40, "y": 40})  # and once it stays where it is
    box = pad.bounding_box()
    assert box is not None
    page.mouse.down()
    for offset in range(20, 200, 20):
        page.mouse.move(box["x"] + 40 + offset, box["y"] + 40 + offset % 60)
    page.mouse.up()
