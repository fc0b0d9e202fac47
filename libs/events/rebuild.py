"""Rebuild a view from the log, beside the live one, prove it by row hashes, and swap it in.

`python -m libs.events.rebuild intake tickets` rebuilds one view, without a name all of the service's; `--check` only
compares. It works as the database's owner while the service runs: appends wait for the short moment of the proof.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import groupby
from typing import Annotated, Any

import msgspec
import sqlalchemy as sa
import typer
from sqlalchemy.schema import CreateIndex, CreateTable

from libs.events.database import Connection, connect, transact
from libs.events.message import AnyRecorded
from libs.events.rows import upsert
from libs.events.store import Store
from libs.events.view import AnyView

SCHEMA = "rebuild"
BATCH = 5000

COLUMNS = (
    "position, id, stream, version, type, schema_version, data, key, occurred_at, recorded_at, actor, "
    "correlation_id, causation_id, traceparent"
)

HASH = "SELECT count(*) AS rows, coalesce(sum(hashtextextended(to_jsonb(t)::text, 0)), 0)::text AS hash FROM {} AS t"


@dataclass(frozen=True, slots=True)
class Proof:
    """A view as it stands and as its history says, under one lock: number of rows, and a hash over all of them."""

    view: str
    events: int
    live: tuple[int, str]
    rebuilt: tuple[int, str]

    @property
    def holds(self) -> bool:
        """Whether the live rows are exactly the fold of the history."""
        return self.live == self.rebuilt


async def rebuild(store: Store, view: AnyView, swap: bool = True) -> Proof:
    """Fold the whole log into a new table, prove it against the live one, and put it in its place if `swap`.

    `store.pool` must be the owner's. The history up to a moment at which nobody was writing is copied without a lock;
    what came after it is added under one. An append that waits longer than its lock time-out is refused and comes back.
    """
    shadow = f"{SCHEMA}.{view.table.name}"
    await _create(store, view)
    until = await _settled(store)
    copied = await _copy(store, view, shadow, until)
    async with transact(store.pool) as connection:
        await connection.execute("SET LOCAL lock_timeout = '2s'; SET LOCAL statement_timeout = '10min'")
        await connection.execute("LOCK TABLE event IN SHARE MODE")
        late = await _add_late(connection, store, view, shadow, until)
        live, rebuilt = [await _hash(connection, name) for name in (f"public.{view.table.name}", shadow)]
        if swap:
            await connection.execute(f"DROP TABLE public.{view.table.name}")
            await connection.execute(f"ALTER TABLE {shadow} SET SCHEMA public")
        else:
            await connection.execute(f"DROP TABLE {shadow}")
    return Proof(view.table.name, copied + late, live, rebuilt)


async def _create(store: Store, view: AnyView) -> None:
    """An empty table like the live one, its indices and rights included, in a schema of its own."""
    table = view.table.to_metadata(sa.MetaData(), schema=SCHEMA)
    live = f"public.{view.table.name}"
    async with transact(store.pool) as connection:
        await connection.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
        await connection.execute(f"DROP TABLE IF EXISTS {SCHEMA}.{view.table.name}")
        for statement in (CreateTable(table), *(CreateIndex(index) for index in table.indexes)):
            await connection.execute(str(statement.compile(dialect=sa.dialects.postgresql.dialect())))
        for grantee in await connection.fetch(
            "SELECT DISTINCT grantee::regrole::text AS role FROM pg_class, aclexplode(relacl) WHERE oid = $1::regclass",
            live,
        ):
            await connection.execute(
                f"GRANT SELECT, INSERT, UPDATE, DELETE ON {SCHEMA}.{view.table.name} TO {grantee['role']}"
            )


async def _settled(store: Store) -> int:
    """A position up to which the log is complete: seen under a lock that waits for whoever is writing."""
    async with transact(store.pool) as connection:
        await connection.execute("LOCK TABLE event IN SHARE MODE")
        until: int = await connection.fetchval("SELECT coalesce(max(position), 0) FROM event")
        return until


async def _copy(store: Store, view: AnyView, shadow: str, until: int) -> int:
    events = 0
    async with transact(store.pool) as connection:
        await connection.execute("SET LOCAL statement_timeout = 0")
        async for history in _streams(connection, store, until):
            events += len(history)
            await _write(connection, view, shadow, history)
    return events


async def _streams(connection: Connection, store: Store, until: int) -> AsyncIterator[list[AnyRecorded]]:
    """Whole streams, many at a time, in order."""
    query = f"SELECT {COLUMNS} FROM event WHERE position <= $1 ORDER BY stream, version"
    held: list[AnyRecorded] = []
    async for row in connection.cursor(query, until, prefetch=BATCH):
        recorded = store.recorded(row)
        if len(held) >= BATCH and recorded.stream != held[-1].stream:
            yield held
            held = []
        held.append(recorded)
    yield held


async def _write(connection: Connection, view: AnyView, shadow: str, history: Sequence[AnyRecorded]) -> None:
    rows = [row for row in view.fold(history).values() if row is not None]
    await connection.execute(upsert(view.table, 1, shadow), msgspec.json.encode(rows).decode())


async def _add_late(connection: Connection, store: Store, view: AnyView, shadow: str, until: int) -> int:
    """Fold anew the streams that were written to since; a row that is no more leaves."""
    query = (
        f"SELECT {COLUMNS} FROM event WHERE stream IN (SELECT stream FROM event WHERE position > $1) "
        "ORDER BY stream, version"
    )
    late = [store.recorded(row) for row in await connection.fetch(query, until)]
    for _, stream in groupby(late, key=lambda recorded: recorded.stream):
        history = list(stream)
        gone = [key for key, row in view.fold(history).items() if row is None]
        await connection.execute(f"DELETE FROM {shadow} WHERE {view.id} = ANY($1)", gone)
        await _write(connection, view, shadow, history)
    return sum(recorded.position > until for recorded in late)


async def _hash(connection: Connection, table: str) -> tuple[int, str]:
    row: Any = await connection.fetchrow(HASH.format(table))
    return row["rows"], row["hash"]


async def _main(service: str, names: Sequence[str], swap: bool) -> bool:
    app = import_module(f"services.{service}.app").service
    pool = await connect(os.environ[f"{service.upper()}_OWNER_DATABASE_URL"], size=2)
    store = Store(pool, service, app.catalogue, app.views)
    proofs = [await rebuild(store, view, swap) for view in app.views if not names or view.table.name in names]
    for proof in proofs:
        verdict = "equal" if proof.holds else "DIFFERENT"
        print(f"{service}.{proof.view}: {proof.events} events, {proof.rebuilt[0]} rows, {verdict} to the live view")
    await pool.close()
    return all(proof.holds for proof in proofs)


def main(service: str, views: Annotated[list[str] | None, typer.Argument()] = None, check: bool = False) -> None:
    """Rebuild views of a service from its log; with --check only compare, and fail where they differ."""
    holds = asyncio.run(_main(service, views or [], swap=not check))
    raise typer.Exit(0 if holds or not check else 1)


if __name__ == "__main__":
    typer.run(main)
