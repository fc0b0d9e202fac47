"""`python -m tests.web.screenshots`: what `make screenshots` does: the pictures of both READMEs and of the guides.

Each language has a product of its own, with a morning's tickets in that language; clocks run from when each ticket
was taken, up to two days ago. Visits are planned for tomorrow.
"""

import os
from base64 import b64decode
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

import pylopdf_fonts_zh_cn
from playwright.sync_api import Browser

from deploy.devstack.process import ROOT
from tests.web.desk import browsing, running
from tests.web.morning import LOGIN, MATTERS, SLOTS, matter, planned, seeded, tickets
from tests.web.office import Office
from tests.web.visitor import Desk, Visitor

FOLDER = ROOT / "docs/pictures"
LARGEST = 120_000
"""Bytes of one picture: they stand in the tree."""
WIDTH, HEIGHT = 1280, 720
ZONE = ZoneInfo("Asia/Shanghai")
PHONE: dict[str, Any] = {
    "width": 390,
    "height": 700,
    "has_touch": True,
    "geolocation": {"latitude": 31.23, "longitude": 121.47, "accuracy": 12},
    "permissions": ["geolocation"],
}

FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>{folder}</dir>
  <cachedir>{cache}</cachedir>
  <alias binding="same"><family>sans-serif</family><prefer><family>Noto Sans SC</family></prefer></alias>
  <alias binding="same"><family>system-ui</family><prefer><family>Noto Sans SC</family></prefer></alias>
  <alias binding="same"><family>monospace</family><prefer><family>Noto Sans SC</family></prefer></alias>
</fontconfig>"""


def take(visitor: Visitor, name: str) -> None:
    """The page as it stands, as a picture. Raises ValueError for one that is too large."""
    session = visitor.context.new_cdp_session(visitor.page)
    visitor.page.wait_for_timeout(1500)
    picture = b64decode(session.send("Page.captureScreenshot", {"format": "webp", "quality": 60})["data"])
    if len(picture) > LARGEST:
        raise ValueError(f"{name}: {len(picture):,} bytes")
    (FOLDER / f"{name}.{visitor.language}.webp").write_bytes(picture)
    print(f"{name}.{visitor.language}.webp {len(picture):,}", flush=True)


def look_around(visitor: Visitor) -> None:
    """An agent's pages in one language."""
    visitor.come_back("agent", "/tickets")
    ticket = seeded(visitor, visitor.language, datetime.now(UTC))
    page, url = visitor.page, visitor.desk.url
    page.goto(f"{url}/tickets?status=open&status=in_triage")
    page.locator(".grid-line [role=timer]").nth(12).wait_for()
    take(visitor, "queue")
    page.goto(f"{url}/tickets/{ticket}")
    page.locator(".timeline li").nth(5).wait_for()
    take(visitor, "ticket")
    page.goto(f"{url}/register")
    page.locator("input[type=tel]").fill("13800000007")
    page.locator(".found .open-tickets").first.wait_for()
    page.locator("#summary").fill(matter(visitor.language, 0)[1])
    take(visitor, "register")


def look_at_the_day(visitor: Visitor) -> None:
    """A manager's pages in one language: the board of tomorrow, and the wallboard."""
    page, url = visitor.page, visitor.desk.url
    visitor.come_back("manager", "/wallboard")
    page.locator(".figures li").first.wait_for()
    day = datetime.combine(datetime.now(ZONE) + timedelta(days=1), time(), ZONE)
    planned(Office(visitor), visitor.language, day)
    page.goto(f"{url}/board?day={day.date().isoformat()}")
    page.locator("[data-bar]").nth(len(SLOTS) - 1).wait_for()
    take(visitor, "board")
    page.goto(f"{url}/wallboard")
    page.locator(".figures li").first.wait_for()
    take(visitor, "wallboard")


def look_at_the_phone(visitor: Visitor) -> None:
    """An engineer's day on their phone, and the first visit of it."""
    visitor.come_back(LOGIN, "/field/")
    visit = visitor.page.locator("main a[href*='visits']").first
    visit.wait_for()
    take(visitor, "phone-day")
    visit.click()
    visitor.page.locator("main a[href^='tel:']").first.wait_for()
    take(visitor, "phone-visit")


def look_at_the_link(agent: Visitor, customer: Visitor) -> None:
    """What a customer sees of their repair, by a link that an agent made."""
    ticket = next(iter(tickets(agent.language, datetime.now(UTC))))
    opened = agent.command("intake", "tickets", ticket)
    link = agent.command("intake", "links", {"ticket_id": opened["id"], "purpose": "progress"})
    customer.page.goto(f"{customer.desk.url}/links/{link['token']}")
    customer.page.locator("main h1").wait_for()
    take(customer, "link")


def write_in_chinese(folder: Path) -> None:
    """The browser finds the print-outs' own font, and takes it for the console's: a bare machine has none."""
    file = folder / "fonts.conf"
    file.write_text(FONTS.format(folder=Path(pylopdf_fonts_zh_cn.__file__).parent, cache=folder), "utf-8")
    os.environ["FONTCONFIG_FILE"] = str(file)


def main() -> None:
    """Take all pictures anew."""
    FOLDER.mkdir(exist_ok=True)
    with TemporaryDirectory() as fonts:
        write_in_chinese(Path(fonts))
        take_all()


def take_all() -> None:
    """The pictures in each language, on a product of its own."""
    with browsing() as browser:
        for language in MATTERS:
            with TemporaryDirectory() as folder, running(Path(folder)) as desk:
                take_in(browser, desk, language)


def take_in(browser: Browser, desk: Desk, language: str) -> None:
    """The pictures in one language."""
    agent, manager = (Visitor.of(browser, desk, language, WIDTH, HEIGHT) for _ in range(2))
    engineer, customer = (Visitor.of(browser, desk, language, **PHONE) for _ in range(2))
    look_around(agent)
    look_at_the_day(manager)
    look_at_the_phone(engineer)
    look_at_the_link(agent, customer)
    for visitor in (agent, manager, engineer, customer):
        visitor.leave()


if __name__ == "__main__":
    main()
