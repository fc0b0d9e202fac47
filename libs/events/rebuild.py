"""Rebuild a view from history, beside the live one, prove it by row hashes, and swap it in.

`python -m libs.events.rebuild intake tickets` rebuilds one view, without a name all of the service's; `--check` only
compares. It works as the database's owner while the service runs: writers wait for the short moment of the proof.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from importlib import import_module
from itertools import groupby
from typing import Annotated

import typer

from libs.events import wire
from libs.events.database import Connection, connect, transact
from libs.events.feed import Feed
from libs.events.inbox import Inbox, standing
from libs.events.lanes import Lane, Position
from libs.events.message import AnyRecorded
from libs.events.shadow import Proof, Shadow
from libs.events.store import COLUMNS, Store
from libs.events.view import AnyView

BATCH = 5000

PATIENCE = "SET LOCAL lock_timeout = '2s'; SET LOCAL statement_timeout = '10min'"
"""Of the owner's transactions: the locks are wanted for a moment, the reading takes as long as it takes."""


async def rebuild(store: Store, view: AnyView, swap: bool = True) -> Proof:
    """Fold the service's own log into a shadow, prove it against the live view, and put it in its place if `swap`.

    `store.pool` must be the owner's. The history up to a moment at which nobody was writing is copied without a lock;
    what came after it is added under one. An append that waits longer than its lock time-out is refused and comes back.
    """
    shadow = Shadow(view)
    until = await _settled(store)
    async with transact(store.pool) as connection:
        await connection.execute("SET LOCAL statement_timeout = 0")
        await shadow.create(connection)
        events = await _copy(connection, store, shadow, until)
    async with transact(store.pool) as connection:
        await connection.execute(PATIENCE)
        await connection.execute("LOCK TABLE event IN SHARE MODE")
        events += await _add_late(connection, store, shadow, until)
        return await _finish(connection, shadow, events, swap)


async def rebuild_heard(inbox: Inbox, view: AnyView, feed: Feed, swap: bool = True) -> Proof:
    """The same for a view of what other services said: folded from their feeds, up to this consumer's positions.

    Parked events have had no effect, so they have none here. The proof is made when, under the lock of the positions,
    nothing was applied since the feeds were read.
    """
    shadow = Shadow(view)
    done: dict[Lane, Position] = {}
    events = 0
    async with transact(inbox.store.pool) as connection:
        await shadow.create(connection)
    while True:
        for lane, at in (await inbox.positions()).items():
            if lane[0] in view.hears.sources:
                events += await _copy_lane(inbox, shadow, feed, lane, done.get(lane), at)
                done[lane] = at
        async with transact(inbox.store.pool) as connection:
            await connection.execute(PATIENCE)
            await connection.execute("LOCK TABLE position IN SHARE MODE")
            if {lane: at for lane, at in (await inbox.positions()).items() if lane in done} == done:
                return await _finish(connection, shadow, events, swap)


async def _finish(connection: Connection, shadow: Shadow, events: int, swap: bool) -> Proof:
    proof = await shadow.prove(connection, events)
    await (shadow.swap(connection) if swap else shadow.drop(connection))
    return proof


async def _settled(store: Store) -> int:
    """A position up to which the log is complete: seen under a lock that waits for whoever is writing."""
    async with transact(store.pool) as connection:
        await connection.execute("LOCK TABLE event IN SHARE MODE")
        until: int = await connection.fetchval("SELECT coalesce(max(position), 0) FROM event")
        return until


async def _copy(connection: Connection, store: Store, shadow: Shadow, until: int) -> int:
    events = 0
    async for history in _streams(connection, store, until):
        events += len(history)
        await shadow.write(connection, [row for row in shadow.view.fold(history).values() if row is not None])
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


async def _add_late(connection: Connection, store: Store, shadow: Shadow, until: int) -> int:
    """Fold anew the streams that were written to since; a row that is no more leaves."""
    query = (
        f"SELECT {COLUMNS} FROM event WHERE stream IN (SELECT stream FROM event WHERE position > $1) "
        "ORDER BY stream, version"
    )
    late = [store.recorded(row) for row in await connection.fetch(query, until)]
    for _, stream in groupby(late, key=lambda recorded: recorded.stream):
        rows = shadow.view.fold(stream)
        await shadow.remove(connection, [key for key, row in rows.items() if row is None])
        await shadow.write(connection, [row for row in rows.values() if row is not None])
    return sum(recorded.position > until for recorded in late)


async def _copy_lane(
    inbox: Inbox, shadow: Shadow, feed: Feed, lane: Lane, done: Position | None, until: Position
) -> int:
    """Fold a lane's events from where we were up to `until`, batch by batch."""
    after, events = done.seq if done else 0, 0
    while after < until.seq:
        messages = [m for m in await feed.events(*lane, after, 1) if m.seq <= until.seq]
        after = messages[-1].seq
        parked = await inbox.store.pool.fetch(
            "SELECT event_id FROM parked WHERE consumer = $1 AND event_id = ANY($2)",
            inbox.consumer,
            [m.id for m in messages],
        )
        silent = {row["event_id"] for row in parked}
        heard = [wire.recorded(m, shadow.view.hears) for m in messages if m.type in shadow.view.hears]
        async with transact(inbox.store.pool) as connection:
            await _fold_onto(connection, shadow, [recorded for recorded in heard if recorded.id not in silent])
        events += len(heard)
    return events


async def _fold_onto(connection: Connection, shadow: Shadow, heard: Sequence[AnyRecorded]) -> None:
    """Fold events onto the shadow's rows."""
    view = shadow.view
    before = await standing(connection, view, heard, shadow.name)
    rows = view.fold(heard, before)
    await shadow.remove(connection, [key for key, row in rows.items() if row is None])
    await shadow.write(connection, [row for row in rows.values() if row is not None])


async def _main(service: str, names: Sequence[str], swap: bool) -> list[Proof]:
    app = import_module(f"services.{service}.app").service
    pool = await connect(os.environ[f"{service.upper()}_OWNER_DATABASE_URL"], size=3)
    store = Store(pool, service, app.catalogue, app.views)
    wanted = [view for view in app.views if not names or view.table.name in names]
    own = [await rebuild(store, view, swap) for view in wanted if not list(view.hears)]
    async with app.feed() as feed:
        inbox = Inbox(store, app.hears)
        heard = [await rebuild_heard(inbox, view, feed, swap) for view in wanted if list(view.hears)]
    await pool.close()
    return own + heard


def main(service: str, views: Annotated[list[str] | None, typer.Argument()] = None, check: bool = False) -> None:
    """Rebuild views of a service from history; with --check only compare, and fail where they differ."""
    proofs = asyncio.run(_main(service, views or [], swap=not check))
    for proof in proofs:
        verdict = "equal" if proof.holds else "DIFFERENT"
        print(f"{service}.{proof.view}: {proof.events} events, {proof.rebuilt[0]} rows, {verdict} to the live view")
    raise typer.Exit(0 if all(proof.holds for proof in proofs) or not check else 1)


if __name__ == "__main__":
    typer.run(main)
