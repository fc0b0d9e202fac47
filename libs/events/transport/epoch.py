"""`python -m libs.events.transport.epoch intake`: begin a new epoch, after a restore that lost commits.

What is sealed from now on carries the new number, so that consumers who had heard more than the restored log holds do
not take new events for old ones: they go on at the new epoch's first seq.
"""

import asyncio

import typer

from libs.events.database.connections import Address, Source, connect
from libs.events.database.outage import plainly

RAISE = "UPDATE seal SET epoch = epoch + 1, floor = 0, bound = NULL, writers = NULL RETURNING epoch"


async def begin_epoch(source: Source) -> int:
    """The number of the epoch that begins now; `source` may be the app role's. The whole outbox is looked at again."""
    epoch: int = await source.fetchval(RAISE)
    return epoch


async def _main(service: str) -> int:
    pool = await connect(Address.of(f"{service.upper()}_DATABASE"), size=1)
    epoch = await begin_epoch(pool)
    await pool.close()
    return epoch


def main(service: str) -> None:
    """Begin a new epoch of a service whose database was restored from a backup."""
    with plainly(service):
        print(f"{service}: epoch {asyncio.run(_main(service))}")


if __name__ == "__main__":
    typer.run(main)
