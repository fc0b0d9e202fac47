"""The console in Chromium: how long until the queue and the board show their rows, and what scripts use at rest.

The whole product runs, with 10,000 tickets, and a day of 50 engineers with 8 visits each. Each opening is by a browser
without a cache. There is no peer: a ratio is the limit of `quality.md` against what was measured.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from time import perf_counter
from typing import Any

from playwright.async_api import Browser, BrowserContext, CDPSession, Page, async_playwright

from bench.comparison import Comparison, Measured, Row
from bench.journey import TICKET
from bench.signed_in import COOKIE, sessions
from bench.world import World
from demo.barrier import settled
from demo.clients import CONNECTIONS, Apis
from demo.environment import apis_of, databases_of
from deploy import front
from deploy.check.chromium import FLAGS, chromium
from deploy.devstack.folder import RunFolder
from deploy.devstack.stack import Stack
from deploy.devstack.supervisor import Supervisor

TICKETS, ENGINEERS, VISITS = 10_000, 50, 8
"""Visits are an engineer's of the day, an hour each."""
HOUR = timedelta(hours=1)
BATCH = 1000
"""Tickets that are opened before everybody has heard of them."""
ENGINEER = {"name": "张伟", "skills": ["hvac"], "region": "华北"}
LEVEL = {"level": 2, "maintenance_type": "corrective"}
REPAIR = {"job_type": "repair", "payable": False, "skills": ["hvac"]}
TOMORROW = (datetime.now(UTC) + timedelta(days=1)).date()
DAWN = datetime(TOMORROW.year, TOMORROW.month, TOMORROW.day, 8, tzinfo=UTC) - timedelta(hours=8)
"""Eight in the morning of the department's zone, Asia/Shanghai."""
LIMIT = Measured(1, 1.5)
REST, REST_LIMIT = 10.0, Measured(1, 0.01)
"""Seconds that are watched; seconds of script in one of them."""


async def console_pages(world: World) -> AsyncIterator[Row]:
    """The rows of queue, board and rest."""
    front.build()
    folder = RunFolder(world.folder.path / "console")
    with Supervisor(Stack(folder, environment={}), first_port=None) as product:
        async with apis_of(product) as apis, databases_of(product) as databases:
            for first in range(0, TICKETS, BATCH):
                await _many(range(first, first + BATCH), partial(_open, apis))
                await settled(databases)
            await _plan_day(apis, partial(settled, databases))
        (session,) = await sessions(product, 1)
        async with browsing() as browser:
            url, limit = product.environment["GATEWAY_URL"], f"{LIMIT.seconds} s"
            queue = partial(_opening, browser, url, session, "/tickets", ".grid-line")
            board = partial(_opening, browser, url, session, f"/board?day={TOMORROW}", "[data-bar]")
            yield await Comparison(f"queue of {TICKETS:,} tickets: content", limit, 1, 1.5).run(queue, constant(LIMIT))
            path = f"board of {ENGINEERS} × {ENGINEERS * VISITS} visits: content"
            yield await Comparison(path, limit, 1, 1.5).run(board, constant(LIMIT))
            rest = Comparison("queue at rest: script a second", "10 ms", 1, 2)
            yield await rest.run(partial(_rest, browser, url, session), constant(REST_LIMIT), rounds=3)


def constant(limit: Measured) -> Callable[[], Awaitable[Measured]]:
    """A side that is a limit."""

    async def same() -> Measured:
        return limit

    return same


async def _many(numbered: Iterable[int], work: Callable[[int], Awaitable[object]]) -> None:
    """All of them, as many side by side as there are connections."""
    numbers = iter(numbered)

    async def worker() -> None:
        for number in numbers:
            await work(number)

    await asyncio.gather(*(worker() for _ in range(CONNECTIONS)))


async def _open(apis: Apis, number: int) -> str:
    """The id of a ticket, the same for the same number."""
    return str((await apis.command("intake", "agent", "/v1/tickets", f"console/{number}", TICKET))["id"])


async def _plan_day(apis: Apis, heard: Callable[[], Awaitable[None]]) -> None:
    """Each engineer has a visit each hour, for the first of the tickets."""
    await _many(range(ENGINEERS * VISITS), partial(_authorise, apis))
    await heard()
    await _many(range(ENGINEERS), partial(_plan, apis))


async def _authorise(apis: Apis, number: int) -> None:
    case, key = f"/v1/cases/{await _open(apis, number)}", f"console/{number}"
    await apis.command("triage", "manager", f"{case}/classification", f"{key}/level", LEVEL)
    await apis.command("triage", "manager", f"{case}/authorisation", key, REPAIR)


async def _plan(apis: Apis, number: int) -> None:
    engineer = await apis.command("dispatch", "dispatcher", "/v1/engineers", f"console/engineer/{number}", ENGINEER)
    for hour in range(VISITS):
        ticket, start = await _open(apis, number * VISITS + hour), DAWN + timedelta(hours=hour)
        (order,) = (await apis.get("dispatch", "dispatcher", "/v1/work-orders", {"ticket_id": ticket}))["items"]
        times = {"start": start.isoformat(), "end": (start + timedelta(minutes=50)).isoformat(), "confirmed": True}
        plan = {"engineer_id": engineer["id"], **times}
        await apis.command("dispatch", "dispatcher", f"/v1/work-orders/{order['id']}/plan", f"console/{ticket}", plan)


@asynccontextmanager
async def browsing() -> AsyncIterator[Browser]:
    """Chromium without a window."""
    found = chromium()
    environment: dict[str, str | float | bool] = {**os.environ, **found.environment}
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found.programme, args=FLAGS, env=environment)
        yield browser
        await browser.close()


async def _opening(browser: Browser, url: str, session: str, path: str, content: str) -> Measured:
    """From the address to the first row."""
    async with _page(browser, url, session) as page:
        begun = perf_counter()
        await page.goto(url + path, wait_until="commit")
        await page.locator(content).first.wait_for()
        return Measured(1, perf_counter() - begun)


async def _rest(browser: Browser, url: str, session: str) -> Measured:
    """Seconds of script in a second of a queue that nobody touches."""
    async with _page(browser, url, session) as page:
        await page.goto(f"{url}/tickets")
        await page.locator(".grid-line").first.wait_for()
        watching = await page.context.new_cdp_session(page)
        await watching.send("Performance.enable")
        await asyncio.sleep(REST)
        before = await _script_seconds(watching)
        await asyncio.sleep(REST)
        return Measured(1, (await _script_seconds(watching) - before) / REST)


async def _script_seconds(watching: CDPSession) -> float:
    told = await watching.send("Performance.getMetrics")
    return float(next(each["value"] for each in told["metrics"] if each["name"] == "ScriptDuration"))


@asynccontextmanager
async def _page(browser: Browser, url: str, session: str) -> AsyncIterator[Page]:
    """A page of somebody who has signed in, in a browser of their own."""
    async with context_of(browser, url, session) as context:
        yield await context.new_page()


@asynccontextmanager
async def context_of(browser: Browser, url: str, session: str) -> AsyncIterator[BrowserContext]:
    """The browser of somebody who has signed in, without a cache."""
    context = await browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    cookie: Any = {"name": COOKIE, "value": session, "url": url.replace("http:", "https:"), "secure": True}
    await context.add_cookies([cookie])
    yield context
    await context.close()
