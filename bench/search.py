"""Tickets by words, as the list asks for them: 10,000 tickets, with FULL=1 1,000,000, against a scan by LIKE.

The scan looks for the same words in the same columns, joined, and gives the same page. Beside it stand the 99th
percentile of what searches take, each at its median over the rounds, what the indices weigh, and what they cost
whoever writes; and how long it takes to find the tickets that may be about the matter of one that is filled in.
"""

import os
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from statistics import median
from time import perf_counter

import asyncpg

from bench.comparison import Comparison, Measured, Row, timed
from bench.world import World, pool
from libs.chassis.lists import paging
from libs.events.database.connections import Pool, fetch
from libs.events.order import Order
from services.intake.tickets.api.filters import narrowed
from services.intake.tickets.api.merging import RECENT
from services.intake.tickets.view.duplicates import Matter, alike
from services.intake.tickets.view.frequent_words import commonness
from services.intake.tickets.view.queue import lines
from services.intake.tickets.view.tickets import tickets

TICKETS = 1_000_000 if os.environ.get("FULL") else 10_000
A_CUSTOMER = 5
SEARCHES = 40
FIELDS = ("name", "phones", "address")
FLOOR, AIM = (5, 20) if os.environ.get("FULL") else (0.7, 1.5)
"""A scan reads every row: so few are as quickly read as looked up."""
LIMIT_MS = 500 if os.environ.get("FULL") else 250
"""Within what time a search answers at the 99th percentile."""
ALIKE_MS = 100
"""And who fills in a form has the tickets that may be about the same: they are looked for at each pause."""

NAMES = "substr('王李张刘陈杨赵黄', 1 + n % 8, 1) || substr('芳伟娜敏静强磊', 1 + n % 7, 1)"
CONTACTS = f"""
INSERT INTO contact (id, version, name, phones, address)
SELECT 'c' || n, 1, {NAMES} || chr(19968 + n % 5000),
    jsonb_build_array(jsonb_build_object('typed', p, 'e164', '+86' || p, 'extension', NULL)),
    '北京市朝阳区建国路' || n % 4000 || '号' || n % 30 || '层'
FROM generate_series(1, $1::int) AS n, LATERAL (SELECT (13000000000 + n * 7919::bigint % 900000000)::text) AS x (p)
"""
TEXTS = """
INSERT INTO text (id, subject_id, body, media_type)
SELECT 's' || n, 'c' || 1 + n % $2::int,
    (ARRAY['空调不制冷','热水器漏水','洗衣机有异响','冰箱门关不严','电梯停运'])[1 + n % 5]
        || '，型号 KFR-' || n % 9000 || 'GW，' || chr(19968 + n * 31 % 6000) || chr(19968 + n * 17 % 6000)
        || '处已经两天了',
    'text/plain'
FROM generate_series(1, $1::int) AS n
"""
TICKETS_OF = """
INSERT INTO ticket (id, number, customer_id, channel, kind, urgency, summary_id, status, verdict, reasons, desk,
    called_back, version, opened_at, asset_id)
SELECT 't' || lpad(n::text, 9, '0'), 'WX' || to_char(now() - n * interval '1 minute', 'YYYYMMDD') || '-' ||
    lpad(n::text, greatest(4, length(n::text)), '0'), 'c' || 1 + n % $2::int, 'phone', 'repair', 'normal', 's' || n,
    'open', 'unknown', '[]', 'open', false, 1, now() - n * interval '1 minute', 'a' || 1 + n % $2::int
FROM generate_series(1, $1::int) AS n
"""
SCAN = """
SELECT ticket.*, queue.stage, queue.clocks FROM ticket LEFT JOIN queue USING (id)
JOIN contact ON contact.id = ticket.customer_id
JOIN text ON text.id = ticket.summary_id
WHERE lower(concat_ws(' ', number, name, phones, address, body)) LIKE ALL ($1::text[])
ORDER BY opened_at DESC, ticket.id DESC LIMIT 51
"""
INDICES = ("ticket_search", "contact_search", "text_search")


async def search(world: World) -> AsyncIterator[Row]:
    """The rows of a search: against a scan, and against the time that it may take."""
    async with world.database("intake", "intake") as intake, pool(intake.url) as connections:
        owner = await asyncpg.connect(intake.owner_url)
        without, beside = await seed(owner)
        asked = questions(SEARCHES)
        await check(connections, owner, asked)
        taken: list[list[float]] = [[] for _ in asked]

        async def ours() -> Measured:
            return await timed(SEARCHES, _all(connections, asked, taken))

        async def scan() -> Measured:
            few = asked[: SEARCHES // 8]
            return await timed(len(few), _scans(owner, few))

        path = f"search among {TICKETS:,} tickets"
        yield await Comparison(path, "a scan by LIKE", FLOOR, AIM).run(ours, scan)
        slowest = p99([median(times) for times in taken])
        parts = {"p99": slowest, "writing": (beside - without) * 1e3 / TICKETS}
        parts |= {name: await _bytes(owner, name) / TICKETS / 1000 for name in INDICES}
        yield Row(f"{path}, p99", f"{LIMIT_MS} ms", LIMIT_MS / slowest, 1, 2, 1, 0.0, parts, "ms, kB a ticket")
        candidates = await alike_p99(connections)
        path = f"candidates among {TICKETS:,} tickets, p99"
        yield Row(path, f"{ALIKE_MS} ms", ALIKE_MS / candidates, 1, 2, 1, 0.0, {"p99": candidates}, "ms")
        await owner.close()


async def seed(owner: asyncpg.Connection) -> tuple[float, float]:
    """Fill the tables; seconds that the writing took without the indices, and with them."""
    definitions = [await owner.fetchval("SELECT pg_get_indexdef($1::regclass)", name) for name in INDICES]
    for name in INDICES:
        await owner.execute(f"DROP INDEX {name}")
    without = await _fill(owner)
    await owner.execute("TRUNCATE contact, text, ticket")
    for definition in definitions:
        await owner.execute(definition)
    beside = await _fill(owner)
    await owner.execute("VACUUM ANALYZE contact, text, ticket")
    return without, beside


async def _fill(owner: asyncpg.Connection) -> float:
    begun, customers = perf_counter(), TICKETS // A_CUSTOMER
    await owner.execute(CONTACTS, customers, timeout=None)
    await owner.execute(TEXTS, TICKETS, customers, timeout=None)
    await owner.execute(TICKETS_OF, TICKETS, customers, timeout=None)
    return perf_counter() - begun


def questions(count: int) -> list[list[str]]:
    """What is looked for: a number, a phone, a model, a name with words, words that a fifth of all tickets have."""
    kinds = (
        lambda n: [f"-{n * 97 % TICKETS + 1:04}"],
        lambda n: [str(13000000000 + n * 7919)[3:]],
        lambda n: [f"kfr-{n * 13 % 9000}gw"],
        lambda n: ["王芳", "空调"],
        lambda n: ["漏水", f"路{n}号"],
        lambda n: ["制冷"],
    )
    return [kinds[n % len(kinds)](n + 1) for n in range(count)]


async def page(connections: Pool, words: Sequence[str]) -> list[str]:
    """The first page of a list, as the route asks for it."""
    (common,) = await fetch(connections, commonness(words, FIELDS))
    query, sift = narrowed(lines({}), dict(zip(words, common.values(), strict=True)), FIELDS)
    statement = paging.after(query, Order(tickets.c.opened_at), tickets.c.id, 50, None, sift=sift)
    return [row["id"] for row in await fetch(connections, statement) if not (sift and row["tested_to"])]


async def _all(connections: Pool, asked: Sequence[Sequence[str]], taken: Sequence[list[float]]) -> None:
    for words, times in zip(asked, taken, strict=True):
        begun = perf_counter()
        await page(connections, words)
        times.append((perf_counter() - begun) * 1e3)


async def alike_p99(connections: Pool) -> float:
    """Milliseconds for whoever calls from a number on file, and for a customer on file about one of their assets."""
    since, taken = datetime.now(UTC) - RECENT, []
    for n in range(1, 2 * SEARCHES):
        phone = str(13000000000 + n * 7919)
        address = f"北京市朝阳区建国路{n % 4000}号{n % 30}层"
        known = {"customer_id": f"c{n}", "asset_id": f"a{n}"} if n % 2 else {}
        begun = perf_counter()
        found = await fetch(connections, alike(Matter(phones=[phone], address=address, **known), since))
        taken.append((perf_counter() - begun) * 1e3)
        assert found, "the customer has tickets"
    return p99(taken)


async def scanned(owner: asyncpg.Connection, words: Sequence[str]) -> list[str]:
    """The same by a scan; as the owner, whose statements take as long as they take."""
    return [row["id"] for row in await owner.fetch(SCAN, [f"%{word}%" for word in words])]


async def _scans(owner: asyncpg.Connection, asked: Sequence[Sequence[str]]) -> None:
    for words in asked:
        await scanned(owner, words)


async def check(connections: Pool, owner: asyncpg.Connection, asked: Sequence[Sequence[str]]) -> None:
    """Raise where a search leaves out what the scan finds: it may only find more, across dashes and fields."""
    for words in asked[:12]:
        found, wanted = await page(connections, words), await scanned(owner, words)
        if len(found) < 51 and not set(wanted) <= set(found):
            raise AssertionError(f"{words}: {set(wanted) - set(found)} were not found")


def p99(taken: Sequence[float]) -> float:
    """The 99th percentile."""
    return sorted(taken)[int(len(taken) * 0.99)]


async def _bytes(owner: asyncpg.Connection, name: str) -> int:
    found: int = await owner.fetchval("SELECT pg_relation_size($1::regclass)", name)
    return found
