"""A service's database: its pool, its transactions, and queries written in SQLAlchemy Core.

At run time this is asyncpg alone, with no session state on pooled connections: a pool that resets a connection at each
release runs at half the throughput, so there is nothing to reset.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import asyncpg
import sqlalchemy as sa
from asyncpg.pool import PoolConnectionProxy
from sqlalchemy.dialects.postgresql import asyncpg as dialect

if TYPE_CHECKING:
    Pool: TypeAlias = asyncpg.Pool[asyncpg.Record]
    Connection: TypeAlias = asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]
else:
    Pool = asyncpg.Pool
    Connection = asyncpg.Connection | PoolConnectionProxy
Source: TypeAlias = Pool | Connection
Isolation = Literal["read_committed", "repeatable_read"]

_DIALECT = dialect.dialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it so

SETTINGS = {
    "application_name": "aftercare",
    "timezone": "UTC",
    "jit": "off",
    "statement_timeout": "10s",
    "lock_timeout": "2s",
    "idle_in_transaction_session_timeout": "10s",
}
"""Of every session: nothing waits for ever, and a stopped process cannot hold its locks for long."""

UNREACHABLE = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # used between the server's last words to a connection and its end
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.InsufficientResourcesError,
    asyncpg.PostgresSystemError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.IdleInTransactionSessionTimeoutError,
)
"""What says that the database is out of reach or in trouble for now: never a defect, try again later."""

TRANSIENT = (
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.LockNotAvailableError,
    asyncpg.QueryCanceledError,
)
"""What says that others were in the way: the same transaction may pass when tried again."""


async def connect(url: str, size: int = 10, command_timeout: float | None = 15) -> Pool:
    """A pool of up to `size` connections; raises one of UNREACHABLE while the server does not answer.

    `command_timeout` is our own, in seconds, beside the server's; None for the tools of an owner, whose reading takes
    as long as it takes.
    """
    return await asyncpg.create_pool(
        url,
        min_size=1,
        max_size=size,
        init=_prepare,
        reset=_keep,
        server_settings=SETTINGS,
        command_timeout=command_timeout,
    )


async def _prepare(connection: Connection) -> None:
    await connection.set_type_codec("uuid", schema="pg_catalog", encoder=str, decoder=str, format="text")


async def _keep(connection: Connection) -> None:
    """Nothing to reset: no code of ours leaves session state behind."""


@asynccontextmanager
async def transact(pool: Pool, isolation: Isolation = "read_committed") -> AsyncIterator[Connection]:
    """The one `begin` of this project: commits at its end, rolls back on any error.

    A connection whose task was cancelled in mid-flight is closed, for nobody knows what it is still doing.
    """
    async with pool.acquire() as connection:
        try:
            async with connection.transaction(isolation=isolation):
                yield connection
        except asyncio.CancelledError:
            connection.terminate()
            raise


@asynccontextmanager
async def savepoint(connection: Connection) -> AsyncIterator[None]:
    """Part of an open transaction that is rolled back alone on an error, so that the rest may go on."""
    async with connection.transaction():
        yield


async def fetch(source: Source, statement: sa.Executable, **parameters: Any) -> list[asyncpg.Record]:
    """The rows of a SQLAlchemy Core statement.

    With `parameters`, values of its bindparams by name, it is one statement for ever: its text is rendered once and
    kept, for rendering costs more than asking.
    """
    text, names, values = _kept(statement) if parameters else render(statement)
    return await source.fetch(text, *[parameters.get(name, values[name]) for name in names])


def render(statement: sa.Executable) -> tuple[str, list[str], dict[str, Any]]:
    """A SQLAlchemy Core statement as asyncpg takes it: text with $1 …, the parameters' names in order, their values."""
    compiled = statement.compile(  # type: ignore[attr-defined]  # every statement of ours can be compiled
        dialect=_DIALECT, compile_kwargs={"render_postcompile": True}
    )
    return str(compiled), list(compiled.positiontup or ()), compiled.params


_kept = lru_cache(render)


async def clock_now(source: Source) -> datetime:
    """Now by this database's clock, which gives every recorded_at."""
    now: datetime = await source.fetchval("SELECT clock_now()")
    return now
