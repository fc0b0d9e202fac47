"""A form as PDF, warm and by a process that just began, against WeasyPrint; and an engineer's phone without a network.

WeasyPrint is in a group of its own, `printing`, and needs pango of the machine. Where it lacks there is no peer, as
there is none of the phone: a ratio is then a limit against what was measured, and the row says so.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from functools import partial
from importlib import import_module
from io import BytesIO
from time import perf_counter
from typing import Any

from playwright.async_api import BrowserContext
from pypdf import PdfReader

from bench.comparison import Comparison, Measured, Row, timed
from bench.console import DAWN, ENGINEER, HOUR, LEVEL, REPAIR, browsing, constant, context_of
from bench.journey import TICKET
from bench.printed import FORM
from bench.signed_in import sessions
from bench.world import World
from demo.barrier import settled
from demo.clients import Apis
from demo.environment import apis_of, databases_of
from deploy import front
from deploy.devstack.folder import RunFolder
from deploy.devstack.stack import Stack
from deploy.devstack.supervisor import Supervisor

OURS, PEER = "bench.printed", "bench.peer_weasyprint"
FORMS = 5
"""Set in a warm round."""
WARM_LIMIT, COLD_LIMIT = Measured(FORMS, 0.1 * FORMS), Measured(1, 2.0)
LOGIN, VISITS, OFFLINE_LIMIT = "bench/engineer", 8, Measured(1, 0.3)
READY = "navigator.serviceWorker.ready.then(() => 0)"


async def documents(world: World) -> AsyncIterator[Row]:
    """The rows of the form, and of the phone."""
    peer = await _has_peer()
    for module in (OURS, PEER) if peer else (OURS,):
        _check(await _set_cold(module))
    warm, cold = (partial(_warm, PEER), partial(_cold, PEER)) if peer else map(constant, (WARM_LIMIT, COLD_LIMIT))
    yield await Comparison("PDF of a form, warm", _against(peer, "0.1 s"), 20, 50).run(partial(_warm, OURS), warm)
    yield await Comparison("PDF of a form, cold", _against(peer, "2 s"), 2, 4).run(partial(_cold, OURS), cold)
    async for row in phone(world):
        yield row


def _against(peer: bool, limit: str) -> str:
    return "WeasyPrint" if peer else f"{limit}, WeasyPrint not being here"


async def _has_peer() -> bool:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", f"import {PEER}", stderr=asyncio.subprocess.DEVNULL
    )
    return await process.wait() == 0


async def _set_cold(module: str) -> bytes:
    """By a process of its own."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", module, stdout=asyncio.subprocess.PIPE)
    written, _ = await process.communicate()
    return written


def _check(pdf: bytes) -> None:
    """Raise where the form does not say whose it is."""
    said = "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    if not all(word in said for word in (FORM.number, FORM.customer or "", FORM.summary or "")):
        raise AssertionError(f"the form lacks words: {said}")


async def _warm(module: str) -> Measured:
    return await timed(FORMS, _forms(import_module(module)))


async def _forms(module: Any) -> None:
    for _ in range(FORMS):
        module.pdf()


async def _cold(module: str) -> Measured:
    return await timed(1, _set_cold(module))


async def phone(world: World) -> AsyncIterator[Row]:
    """The row of an engineer's day on a phone that has no network."""
    front.build()
    with Supervisor(Stack(RunFolder(world.folder.path / "phone"), environment={}), first_port=None) as product:
        async with apis_of(product) as apis, databases_of(product) as databases:
            tickets = [await _registered(apis, number) for number in range(VISITS)]
            await settled(databases)
            for ticket in tickets:
                await _authorise(apis, ticket)
            await settled(databases)
            await _planned(apis, tickets)
            await settled(databases)
        (session,) = await sessions(product, 1, LOGIN, ["engineer"])
        url = product.environment["GATEWAY_URL"]
        async with browsing() as browser, context_of(browser, url, session) as context:
            await _read(context, url)
            await context.set_offline(True)
            offline = partial(_opened, context, url)
            path = f"phone offline, {VISITS} visits: content"
            yield await Comparison(path, f"{OFFLINE_LIMIT.seconds} s", 1, 1.5).run(offline, constant(OFFLINE_LIMIT))


async def _registered(apis: Apis, number: int) -> str:
    """The id of a ticket."""
    id: str = (await apis.command("intake", "agent", "/v1/tickets", f"phone/{number}", TICKET))["id"]
    return id


async def _authorise(apis: Apis, ticket: str) -> None:
    """It waits for a visit."""
    await apis.command("triage", "manager", f"/v1/cases/{ticket}/classification", f"{ticket}/level", LEVEL)
    await apis.command("triage", "manager", f"/v1/cases/{ticket}/authorisation", f"{ticket}/repair", REPAIR)


async def _planned(apis: Apis, tickets: list[str]) -> None:
    """A visit an hour, all of one engineer, whose login is the session's."""
    engineer = (await apis.command("dispatch", "dispatcher", "/v1/engineers", "phone/engineer", ENGINEER))["id"]
    binding = f"/v1/engineers/{engineer}/binding"
    await apis.command("dispatch", "dispatcher", binding, "phone/binding", {"subject": LOGIN})
    for hour, ticket in enumerate(tickets):
        (order,) = (await apis.get("dispatch", "dispatcher", "/v1/work-orders", {"ticket_id": ticket}))["items"]
        start = DAWN + hour * HOUR
        times = {"start": start.isoformat(), "end": (start + HOUR * 5 / 6).isoformat(), "confirmed": True}
        plan = {"engineer_id": engineer, **times}
        await apis.command("dispatch", "dispatcher", f"/v1/work-orders/{order['id']}/plan", f"phone/{ticket}", plan)


async def _read(context: BrowserContext, url: str) -> None:
    """The day is on the phone, and the page with it."""
    page = await context.new_page()
    await page.goto(f"{url}/field/")
    await page.locator(".cards li").nth(VISITS - 1).wait_for()
    await page.evaluate(READY)
    await page.reload()
    await page.locator(".cards li").nth(VISITS - 1).wait_for()
    await page.close()


async def _opened(context: BrowserContext, url: str) -> Measured:
    """From the address to the last visit."""
    page = await context.new_page()
    begun = perf_counter()
    await page.goto(f"{url}/field/", wait_until="commit")
    await page.locator(".cards li").nth(VISITS - 1).wait_for()
    taken = perf_counter() - begun
    await page.close()
    return Measured(1, taken)
