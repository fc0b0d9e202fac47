"""`python -m libs.events.erase intake`: repeat every erasure in a database that was restored from a backup.

What a backup brought back is deleted again. The orders are those of the service's own ledger and of every other
service's whose <SERVICE>_DATABASE_URL is set: a backup of one that is older than an order knows nothing of it.
"""

import asyncio
import os
import re
from collections.abc import Iterable, Mapping

import typer

from libs.events.database import Pool, connect, transact

ADDRESS = re.compile(r"([A-Z]+)_DATABASE_URL")
KNOWN = "SELECT subject_id, ordered_at FROM erasure"
TAKE = """
INSERT INTO erasure (subject_id, ordered_at)
SELECT DISTINCT ON (s) s, t FROM unnest($1::text[], $2::timestamptz[]) AS o (s, t) ORDER BY s, t
ON CONFLICT (subject_id) DO NOTHING
"""
REPEAT = "UPDATE erasure SET subject_id = subject_id"
"""Every row orders again: see the trigger."""


async def repeat(pool: Pool, others: Iterable[Pool] = ()) -> int:
    """Carry every known erasure out again, in one transaction: how many there are."""
    orders = [row for other in others for row in await other.fetch(KNOWN)]
    async with transact(pool) as connection:
        await connection.execute(TAKE, [row["subject_id"] for row in orders], [row["ordered_at"] for row in orders])
        return int((await connection.execute(REPEAT)).split()[-1])


async def _main(service: str, addresses: Mapping[str, str]) -> int:
    pools = {name: await connect(url, size=1) for name, url in addresses.items()}
    try:
        return await repeat(pools[service], (pool for name, pool in pools.items() if name != service))
    finally:
        for pool in pools.values():
            await pool.close()


def main(service: str) -> None:
    """Repeat all erasures in a service's database, by its own ledger and by those of the services in reach."""
    found = ((ADDRESS.fullmatch(name), url) for name, url in os.environ.items())
    addresses = {match[1].lower(): url for match, url in found if match and url}
    if service not in addresses:
        raise typer.BadParameter(f"{service.upper()}_DATABASE_URL is not set")
    number = asyncio.run(_main(service, addresses))
    print(f"{service}: {number} erasures repeated, by the ledgers of {', '.join(sorted(addresses))}")


if __name__ == "__main__":
    typer.run(main)
