"""Retention: workers delete rows whose time is past, a batch in a transaction of its own.

Any number of workers may do so at once: each passes over the rows that another is at. Who waits for a row, as a command
with a key that is being forgotten, waits for one batch. What each table keeps stands in docs/operate.md.
"""

from datetime import timedelta
from typing import Any

from libs.events.database.connections import Pool
from libs.events.metrics import DELETED, OVERDUE, TABLE_BYTES

PAGES_A_LOOK = 4000
"""So much of the table of keys, in pages of 8 KiB, is swept at a look: 32 MB, so 11 GB in an hour."""
PAGES_A_BATCH = 64
"""Some 2,000 answers."""
ROWS_A_BATCH = 1000
BATCHES_A_LOOK = 100

KEYS = """
WITH gone AS (
    DELETE FROM idempotency WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM idempotency
        WHERE ctid >= format('(%s,0)', $2::bigint)::tid AND ctid < format('(%s,0)', $3::bigint)::tid
            AND created_at < now() - $1::interval
        FOR UPDATE SKIP LOCKED
    ))
    RETURNING created_at AS since
)
SELECT count(*) AS rows, extract(epoch FROM now() - $1::interval - min(since))::float8 AS overdue FROM gone
"""
"""By pages, so that no index is to be kept at each append: one on the time would have been used for nothing else."""

LOOKS = """
WITH gone AS (
    DELETE FROM viewed WHERE id = ANY (ARRAY(
        SELECT id FROM viewed WHERE viewed_at < now() - $1::interval
        ORDER BY viewed_at LIMIT $2 FOR UPDATE SKIP LOCKED
    ))
    RETURNING viewed_at AS since
)
SELECT count(*) AS rows, extract(epoch FROM now() - $1::interval - min(since))::float8 AS overdue FROM gone
"""

PAGES = "SELECT pg_relation_size('idempotency') / current_setting('block_size')::int"

SIZES = """
SELECT relname AS table, pg_total_relation_size(oid) AS bytes FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
"""


class Retention:
    """Forgets the answers of commands after `keys`, and who looked at a contact after `looks`."""

    def __init__(self, pool: Pool, keys: timedelta, looks: timedelta) -> None:
        self._pool, self._keys, self._looks = pool, keys, looks
        self._page = 0
        self._overdue = 0.0

    async def step(self) -> None:
        """What one look of the worker deletes; then how large the tables are."""
        await self.forget_keys()
        await self.forget_looks()
        for row in await self._pool.fetch(SIZES):
            if row["bytes"] is not None:  # else it was dropped while we waited for it, as a rebuild does
                TABLE_BYTES.labels(row["table"]).set(row["bytes"])

    async def forget_keys(self, pages: int = PAGES_A_LOOK) -> int:
        """Sweep the next `pages`, from the first again after the last: how many answers are gone."""
        last = await self._pool.fetchval(PAGES)
        begin, end = self._page, min(self._page + pages, last)
        self._page = end if end < last else 0
        gone, self._overdue = 0, 0.0
        for first in range(begin, end, PAGES_A_BATCH):
            gone += await self._delete("idempotency", KEYS, self._keys, first, min(first + PAGES_A_BATCH, end))
        return gone

    async def forget_looks(self, batches: int = BATCHES_A_LOOK) -> int:
        """The oldest first, so many batches: how many are gone."""
        gone, self._overdue = 0, 0.0
        for _ in range(batches):
            deleted = await self._delete("viewed", LOOKS, self._looks, ROWS_A_BATCH)
            gone += deleted
            if deleted < ROWS_A_BATCH:
                break
        return gone

    async def _delete(self, table: str, statement: str, *arguments: Any) -> int:
        row = await self._pool.fetchrow(statement, *arguments)
        assert row is not None
        self._overdue = max(self._overdue, row["overdue"] or 0.0)
        DELETED.labels(table).inc(row["rows"])
        OVERDUE.labels(table).set(self._overdue)
        return int(row["rows"])
