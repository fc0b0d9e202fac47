"""`python -m libs.events.republish intake`: fill a service's topic from its store again, while the service runs.

For a topic that was lost, cut or damaged. Consumers drop what they have by its seq, so nothing happens twice.
"""

import asyncio
import os

import typer

from libs.events.database import connect
from libs.events.relay import republish


async def _main(service: str) -> None:
    pool = await connect(os.environ[f"{service.upper()}_DATABASE_URL"], size=1)
    await republish(pool)
    await pool.close()


def main(service: str) -> None:
    """Send everything that the service has published once more."""
    asyncio.run(_main(service))
    print(f"{service}: everything that was published goes out again")


if __name__ == "__main__":
    typer.run(main)
