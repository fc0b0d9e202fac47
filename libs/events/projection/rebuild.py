"""Rebuild a view from history, beside the live one, prove it by row hashes, and swap it in.

`python -m libs.events.projection.rebuild intake tickets` rebuilds one view, without a name all of the service's;
`--check` only compares. It works as the database's owner while the service runs: writers wait while the last few events
are folded. Exit status: 0 where every view was the fold of its history; 1 where `--check` found one that is not; 3
where a swap changed rows. A row that is folded from two streams fails it, and is named with both. A table that a newer
release has widened is compared in the columns that this one knows, and not swapped.
"""

import asyncio
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from importlib import import_module
from typing import Annotated, Any, Protocol

import structlog
import typer

from libs.events.database.connections import TRANSIENT, Address, Connection, Pool, connect, transact
from libs.events.database.outage import plainly
from libs.events.inbox.inbox import Inbox
from libs.events.log.store import Store
from libs.events.projection.heard_history import HeardHistory, Retried
from libs.events.projection.own_history import OwnHistory
from libs.events.projection.proof import Proof, snapshot
from libs.events.projection.shadow import NewerView, Shadow
from libs.events.transport.feed import Feed
from libs.events.view import AnyView, ManyStreams

log = structlog.get_logger(__name__)

FEW = 1000
"""So many events may be left to fold under the lock: some tens of milliseconds."""

ROUNDS = 20
"""How often history is followed without a lock before the rest is folded under it, however many those are."""

ATTEMPTS = 5
"""How often the last step is tried: a reader of the live table may be in the way of the swap."""

PATIENCE = "SET LOCAL lock_timeout = '2s'; SET LOCAL statement_timeout = '10min'"
"""Of the owner's transactions: the locks are wanted for a moment, the reading takes as long as it takes."""

CHANGED = 3


class History(Protocol):
    """Where a view's rows come from. `events` counts what was folded; `LOCK` names what must stand still at the end."""

    LOCK: str
    events: int

    async def begin(self) -> None:
        """Make the shadow, and fold all that there is at this moment."""

    async def behind(self) -> int:
        """How many events are not in the shadow yet."""

    async def follow(self) -> set[str]:
        """Fold what came since, without a lock: the keys of the rows that it touched."""

    async def finish(self, connection: Connection) -> set[str]:
        """Fold the rest under the lock; the keys. Raises Retried when what was folded is not what counts any more."""


async def rebuild(store: Store, view: AnyView, swap: bool = True) -> Proof:
    """Fold the service's own log into a shadow, prove it against the live view, and put it in its place if `swap`.

    `store.pool` must be the owner's, with patience and two connections (`rebuild_heard`: three). An append that waits
    longer than its lock time-out is refused and comes back.
    """
    shadow = Shadow(view)
    return await _rebuild(store.pool, shadow, OwnHistory(store, shadow), swap)


async def rebuild_heard(inbox: Inbox, view: AnyView, feed: Feed, swap: bool = True) -> Proof:
    """The same for a view of what other services said: folded from their feeds, up to this consumer's positions.

    Parked events have had no effect, so they have none here. An event that is retried meanwhile has: all begins anew.
    """
    shadow = Shadow(view)
    return await _rebuild(inbox.store.pool, shadow, HeardHistory(inbox, shadow, feed), swap)


async def _rebuild(pool: Pool, shadow: Shadow, history: History, swap: bool) -> Proof:
    if swap:
        await shadow.check_known(pool)
    await history.begin()
    for attempt in range(1, ATTEMPTS + 1):
        try:
            await _follow(history)
            return await _finish(pool, shadow, history, swap)
        except Retried:
            log.warning("parked events were retried meanwhile, beginning anew", view=shadow.view.table.name)
            await history.begin()
        except TRANSIENT as error:
            if attempt == ATTEMPTS:
                raise
            log.warning("others were in the way, trying again", view=shadow.view.table.name, error=type(error).__name__)
            await asyncio.sleep(attempt)
    raise Retried("parked events were retried again and again while the view was rebuilt")


async def _follow(history: History) -> set[str]:
    keys: set[str] = set()
    for _ in range(ROUNDS):
        if await history.behind() < FEW:
            break
        keys |= await history.follow()
    return keys


async def _finish(pool: Pool, shadow: Shadow, history: History, swap: bool) -> Proof:
    """Sum the tables while others write, follow, and prove what is left under the lock."""
    async with AsyncExitStack() as passing:
        before = await passing.enter_async_context(snapshot(pool, shadow))
        keys = await _follow(history)
        async with transact(pool) as connection:
            await connection.execute(PATIENCE)
            await connection.execute(f"LOCK TABLE {history.LOCK} IN SHARE MODE")
            keys |= await history.finish(connection)
            proof = await before.proof(connection, keys, history.events)
            await passing.aclose()  # it would be in the way of the swap
            await (shadow.swap(connection) if swap else shadow.drop(connection))
    return proof


async def _main(service: str, names: Sequence[str], swap: bool) -> list[Proof]:
    app = import_module(f"services.{service}.app").service
    pool = await connect(Address.of(f"{service.upper()}_OWNER_DATABASE"), size=3, command_timeout=None)
    store = Store(pool, service, app.catalogue, app.views)
    wanted = [view for view in app.views if not view.lasting and (not names or view.table.name in names)]
    own = [await rebuild(store, view, swap) for view in wanted if not list(view.hears)]
    heard = await _main_heard(app, store, [view for view in wanted if list(view.hears)], swap)
    await pool.close()
    return own + heard


async def _main_heard(app: Any, store: Store, views: Sequence[AnyView], swap: bool) -> list[Proof]:
    if not views:
        return []
    async with app.feed() as feed:
        inbox = Inbox(store, app.hears)
        return [await rebuild_heard(inbox, view, feed, swap) for view in views]


def main(service: str, views: Annotated[list[str] | None, typer.Argument()] = None, check: bool = False) -> None:
    """Rebuild views of a service from history; with --check only compare, and fail where they differ."""
    try:
        with plainly(service):
            proofs = asyncio.run(_main(service, views or [], swap=not check))
    except (ManyStreams, NewerView) as error:
        sys.exit(f"{service}: {error}")
    for proof in proofs:
        verdict = "equal" if proof.holds else "DIFFERENT"
        print(f"{service}.{proof.view}: {proof.events} events, {proof.rebuilt.rows} rows, {verdict} to the live view")
    raise typer.Exit(0 if all(proof.holds for proof in proofs) else 1 if check else CHANGED)


if __name__ == "__main__":
    typer.run(main)
