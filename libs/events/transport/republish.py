"""`python -m libs.events.transport.republish intake`: fill a service's topic again, while the service runs.

For a topic that was lost, cut or damaged; `--lane 3 --from-seq 100` for a part of it. Consumers drop what they have by
its seq, so nothing happens twice.
"""

import asyncio
from typing import Annotated

import typer

from libs.events.database.connections import Address, connect
from libs.events.database.outage import plainly
from libs.events.database.schema import LANES
from libs.events.transport.relay import republish


async def _main(service: str, lane: int | None, from_seq: int) -> None:
    pool = await connect(Address.of(f"{service.upper()}_DATABASE"), size=1)
    await republish(pool, lane, from_seq)
    await pool.close()


def main(
    service: str,
    lane: Annotated[int | None, typer.Option(min=0, max=LANES - 1)] = None,
    from_seq: Annotated[int, typer.Option(min=1)] = 1,
) -> None:
    """Send what the service has published once more: all of it, or one lane's, or from a seq on."""
    with plainly(service):
        asyncio.run(_main(service, lane, from_seq))
    what = "everything" if lane is None else f"lane {lane}"
    print(f"{service}: {what} that was published from seq {from_seq} on goes out again")


if __name__ == "__main__":
    typer.run(main)
