"""`python -m libs.events.log.erase intake`: repeat every erasure in a database that was restored from a backup.

What a backup brought back is deleted again. The orders are those of the service's own ledger and of every other
service's whose <SERVICE>_DATABASE_URL is set: a backup of one that is older than an order knows nothing of it. The app
roles suffice, with their passwords in the URLs or in <SERVICE>_DATABASE_PASSWORD_FILE.
"""

import asyncio
import os
import re
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

import typer

from libs.events.database.connections import Address, Pool, connect, transact
from libs.events.database.outage import plainly

ADDRESS = re.compile(r"([A-Z]+)_DATABASE_URL")
KNOWN = "SELECT subject_id, ordered_at FROM erasure"
TAKE = """
INSERT INTO erasure (subject_id, ordered_at)
SELECT DISTINCT ON (s) s, t FROM unnest($1::text[], $2::timestamptz[]) AS o (s, t) ORDER BY s, t
ON CONFLICT (subject_id) DO NOTHING
"""
REPEAT = "UPDATE erasure SET subject_id = subject_id"
"""Every row orders again: see the trigger."""


class Order(NamedTuple):
    """Who is to be erased, and when that was ordered."""

    subject_id: str
    ordered_at: datetime


async def repeat(pool: Pool, others: Iterable[Pool] = (), orders: Iterable[Order] = ()) -> int:
    """Carry every known erasure out again, in one transaction, and these `orders`: how many there are."""
    known = list(orders)
    for other in others:
        known += [Order(row["subject_id"], row["ordered_at"]) for row in await other.fetch(KNOWN)]
    async with transact(pool) as connection:
        await connection.execute(TAKE, [order.subject_id for order in known], [order.ordered_at for order in known])
        return int((await connection.execute(REPEAT)).split()[-1])


async def _main(service: str, names: Iterable[str]) -> int:
    pools = {name: await _open(name) for name in names}
    try:
        return await repeat(pools[service], (pool for name, pool in pools.items() if name != service))
    finally:
        for pool in pools.values():
            await pool.close()


async def _open(name: str) -> Pool:
    """The database of a service; without it there is no ledger, and it is said which is out of reach."""
    with plainly(name):
        return await connect(Address.of(f"{name.upper()}_DATABASE"), size=1)


def main(service: str) -> None:
    """Repeat all erasures in a service's database, by its own ledger and by those of the services in reach."""
    found = ((ADDRESS.fullmatch(name), url) for name, url in os.environ.items())
    names = sorted(match[1].lower() for match, url in found if match and url)
    if service not in names:
        raise typer.BadParameter(f"{service.upper()}_DATABASE_URL is not set")
    with plainly(service):
        number = asyncio.run(_main(service, names))
    print(f"{service}: {number} erasures repeated, by the ledgers of {', '.join(names)}")


if __name__ == "__main__":
    typer.run(main)
