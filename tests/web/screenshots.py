"""`python -m tests.web.screenshots`: what `make screenshots` does: the pictures at the top of both READMEs.

Each language has a product of its own, with a morning's tickets in that language; clocks run from when each ticket
was taken, up to two days ago.
"""

from base64 import b64decode
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from deploy.devstack.process import ROOT
from tests.web.desk import browsing, running
from tests.web.visitor import Visitor

FOLDER = ROOT / "docs/pictures"
LARGEST = 120_000
"""Bytes of one picture: they stand in the tree."""
WIDTH, HEIGHT = 1280, 720
MATTERS = {
    "zh-CN": (
        ("王芳", "空调不制冷，外机异响", "华东"),
        ("高平", "电梯门关闭不到位", "华北"),
        ("周勇", "会议系统无声音", "华南"),
        ("赵敏", "消防主机误报", "华东"),
        ("何静", "热水器漏水", "华北"),
        ("林涛", "冷库温度偏高报警", "华东"),
        ("孙莉", "门禁读卡失败", "华南"),
    ),
    "en": (
        ("Anna Berg", "The air conditioning does not cool, its outer unit rattles", "North"),
        ("Tom Hale", "The lift's door does not close", "East"),
        ("Mia Lund", "The conference system is silent", "North"),
        ("Ian Moss", "The fire panel reports a false alarm", "West"),
        ("Eva Roth", "The water heater leaks", "East"),
        ("Max Vogt", "The cold store is too warm", "North"),
        ("Lea Kern", "The door reads no cards", "West"),
    ),
}
URGENCIES = ("normal", "high", "low", "critical", "normal")
COUNT = 21


def seeded(agent: Visitor, language: str, now: datetime) -> str:
    """Tickets as a desk has them; the id of one that is worth a look."""
    ids = [agent.command("intake", "tickets", ticket)["id"] for ticket in tickets(MATTERS[language], now)]
    found: str = ids[-2]
    return found


def tickets(matters: Sequence[tuple[str, str, str]], now: datetime) -> Iterator[dict[str, Any]]:
    """The commands, the oldest first."""
    for number in range(COUNT):
        name, summary, region = matters[number % len(matters)]
        yield {
            "channel": ("phone", "web", "chat")[number % 3],
            "kind": ("repair", "repair", "inspection", "installation")[number % 4],
            "urgency": URGENCIES[number % len(URGENCIES)],
            "summary": summary,
            "region": region,
            "contract": f"HT-2026-{101 + number:04d}",
            "customer": {"name": name, "phones": [f"138{number:08d}"], "address": f"{region} {number + 1}"},
            "occurred_at": (now - timedelta(hours=2.2) * (COUNT - number - 1)).isoformat(),
        }


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
    page.locator("#summary").fill(MATTERS[visitor.language][0][1])
    take(visitor, "register")


def main() -> None:
    """Take all pictures anew."""
    FOLDER.mkdir(exist_ok=True)
    with browsing() as browser:
        for language in MATTERS:
            with TemporaryDirectory() as folder, running(Path(folder)) as desk:
                visitor = Visitor.of(browser, desk, language, WIDTH, HEIGHT)
                look_around(visitor)
                visitor.leave()


if __name__ == "__main__":
    main()
