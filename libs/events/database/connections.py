"""A service's database: its pool, its transactions, and queries written in SQLAlchemy Core.

At run time this is asyncpg alone, with no session state on pooled connections: a pool that resets a connection at each
release runs at half the throughput, so there is nothing to reset.
"""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import asyncpg
import sqlalchemy as sa
from asyncpg.pool import PoolConnectionProxy
from sqlalchemy.dialects.postgresql import asyncpg as dialect

from libs.events.database.pool import Patient, Session, keep

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
    "tcp_keepalives_idle": "5",
    "tcp_keepalives_interval": "2",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "10000",
}
"""Of every session: nothing waits for ever, and neither a stopped process nor a machine that is cut off holds its locks
for long."""

KEPT_SETTINGS = """
SELECT setconfig FROM pg_db_role_setting AS kept
JOIN pg_database AS d ON d.oid = kept.setdatabase JOIN pg_roles AS r ON r.oid = kept.setrole
WHERE datname = current_database() AND rolname = current_user
"""
"""The role's own defaults in this database, as `name=value`."""

KEEP_ALIVE = (
    (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
    *(
        (socket.IPPROTO_TCP, getattr(socket, name), value)
        for name, value in (
            ("TCP_KEEPIDLE", 5), ("TCP_KEEPINTVL", 2), ("TCP_KEEPCNT", 3), ("TCP_USER_TIMEOUT", 10_000)
        )
        if hasattr(socket, name)
    ),
)  # fmt: skip
"""The same on our side of the connection: a server that went without a word is noticed as soon."""

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
    asyncpg.IdleSessionTimeoutError,
    asyncpg.InvalidAuthorizationSpecificationError,  # a password that is being changed is right a moment later
    asyncpg.InvalidCatalogNameError,  # a service may be started before its database is made
)
"""What says that the database is out of reach or in trouble for now: never a defect, try again later."""

TRANSIENT = (
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.LockNotAvailableError,
    asyncpg.QueryCanceledError,
)
"""What says that others were in the way: the same transaction may pass when tried again."""


@dataclass(frozen=True)
class Address:
    """Where a database is: `sslmode` and `sslrootcert` stand in the URL, the password there or in a file.

    The file is read for each connection, so a changed password needs no restart. With a `direct_url` the other
    one leads through a pooler in transaction mode, which passes on neither settings nor prepared statements.
    """

    url: str
    password_file: Path | None = None
    direct_url: str | None = None

    @classmethod
    def of(cls, name: str) -> "Address":
        """As the environment names it: <name>_URL, _PASSWORD_FILE and _DIRECT_URL. Raises KeyError for the first."""
        file = os.environ.get(f"{name}_PASSWORD_FILE")
        return cls(
            os.environ[f"{name}_URL"], Path(file) if file else None, os.environ.get(f"{name}_DIRECT_URL") or None
        )

    @property
    def direct(self) -> "Address":
        """Past the pooler, for a session of its own."""
        return Address(self.direct_url, self.password_file) if self.direct_url else self

    def session(self) -> dict[str, Any]:
        """What asyncpg takes for a session of a pool: behind a pooler the role's defaults are its settings."""
        return {"statement_cache_size": 0} if self.direct_url else {"server_settings": SETTINGS}

    def arguments(self) -> dict[str, Any]:
        """What asyncpg takes."""
        return {"dsn": self.url, **({"password": self._password} if self.password_file else {})}

    def _password(self) -> str:
        assert self.password_file is not None
        return self.password_file.read_text().strip()


def at(address: Address | str) -> Address:
    """An address, or a URL with everything in it as one."""
    return Address(address) if isinstance(address, str) else address


async def connect(
    address: Address | str, size: int = 10, command_timeout: float | None = 15, patience: float | None = None
) -> Pool:
    """A pool of up to `size` connections; raises one of UNREACHABLE while the server does not answer or refuses us.

    `command_timeout` is our own, in seconds, beside the server's; None for the tools of an owner, whose reading takes
    as long as it takes. Who waits for a connection for `patience` seconds gets Crowded; None: no end.
    """
    where = at(address)
    if where.direct_url:
        await _keep_settings(where.direct)
    return await Patient(
        patience,
        **where.arguments(),
        **where.session(),
        min_size=1,
        max_size=size,
        max_queries=50_000,
        max_inactive_connection_lifetime=300.0,
        init=_prepare,
        reset=keep,
        setup=None,
        loop=None,
        connection_class=Session,
        record_class=asyncpg.Record,
        command_timeout=command_timeout,
    )


async def connect_alone(address: Address | str, settings: Mapping[str, str]) -> Connection:
    """One connection outside any pool and past any pooler, with settings of its own; it refuses as `connect` does."""
    arguments = at(address).direct.arguments()
    connection: Connection = await asyncpg.connect(**arguments, server_settings={**SETTINGS, **settings}, timeout=10)
    _keep_alive(connection)
    return connection


async def _keep_settings(direct: Address) -> None:
    """SETTINGS become the role's own defaults in this database, where they are not: a pooler's sessions have those."""
    connection = await connect_alone(direct, {})
    try:
        async with connection.transaction():
            await connection.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended('settings of ' || current_user, 0))"
            )
            kept = {setting.lower() for setting in await connection.fetchval(KEPT_SETTINGS) or ()}
            for name, value in SETTINGS.items():
                if f"{name}={value}".lower() not in kept:
                    alter = "SELECT format('ALTER ROLE CURRENT_USER IN DATABASE %I SET %I = %L', current_database(), "
                    await connection.execute(await connection.fetchval(f"{alter}$1::text, $2::text)", name, value))
    finally:
        await connection.close()


async def _prepare(connection: Connection) -> None:
    _keep_alive(connection)
    await connection.set_type_codec("uuid", schema="pg_catalog", encoder=str, decoder=str, format="text")


def _keep_alive(connection: Connection) -> None:
    """Set KEEP_ALIVE on its socket, which asyncpg gives no public way to."""
    own = connection._transport.get_extra_info("socket")  # type: ignore[union-attr]  # private
    if own is not None and own.family != socket.AF_UNIX:
        for option in KEEP_ALIVE:
            own.setsockopt(*option)


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
