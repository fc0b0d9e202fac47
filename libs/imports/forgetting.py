"""What is not needed any more: the file of an import that has ended or that nobody asked for, and old outcomes."""

import asyncio

from libs.events.database.outage import Outage
from libs.events.log.store import Store

PAUSE_SECONDS = 600.0

FILES = """
DELETE FROM import_file AS f WHERE kept_at < now() - interval '30 days' OR kept_at < now() - interval '1 hour'
AND NOT EXISTS (SELECT FROM import AS i WHERE i.id = f.id AND i.status = 'requested')
"""
"""An import that nobody worked on for so long fails, for its file is gone."""
OUTCOMES = "DELETE FROM import_outcome WHERE kept_at < now() - interval '90 days'"


async def forget_files(store: Store) -> None:
    """At the start and every ten minutes, for ever."""
    outage = Outage("imports out of reach", service=store.name)
    while True:
        async with outage.ridden_out():
            await forget(store)
            outage.over()
            await asyncio.sleep(PAUSE_SECONDS)


async def forget(store: Store) -> None:
    """Once."""
    await store.pool.execute(FILES)
    await store.pool.execute(OUTCOMES)
