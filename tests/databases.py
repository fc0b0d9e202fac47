"""Databases for tests: copies of a service's migrated template, and those that tests are done with, as new again.

A copy is some hundreds of files to make and to remove; to empty one touches what was written alone.
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import Self, TypeAlias
from uuid import uuid4

import asyncpg

from deploy.devstack.databases import Database, copy_database, drop_database, with_database
from tests.servers import Servers

Kind: TypeAlias = tuple[str, str]
"""A service, and what its owner does beyond its migrations, as SQL."""

SCHEMA = """
WITH own AS (SELECT * FROM pg_class WHERE relnamespace = 'public'::regnamespace), said(it) AS (
    SELECT concat_ws(' ', 'schema', nspname, nspacl) FROM pg_namespace WHERE nspname !~ '^pg_(toast_)?temp'
    UNION ALL SELECT concat_ws(' ', 'class', oid, relname, relkind, relacl, reloptions, relrowsecurity) FROM own
    UNION ALL SELECT concat_ws(' ', 'column', attrelid, attnum, a.xmin)
        FROM pg_attribute AS a JOIN own ON own.oid = attrelid
    UNION ALL SELECT concat_ws(' ', 'default', adrelid, adnum, d.xmin) FROM pg_attrdef AS d
    UNION ALL SELECT concat_ws(' ', 'index', indexrelid, indisvalid) FROM pg_index JOIN own ON own.oid = indrelid
    UNION ALL SELECT concat_ws(' ', 'constraint', c.oid, c.xmin) FROM pg_constraint AS c
    UNION ALL SELECT concat_ws(' ', 'trigger', t.oid, t.xmin) FROM pg_trigger AS t
    UNION ALL SELECT concat_ws(' ', 'function', p.oid, p.xmin) FROM pg_proc AS p WHERE oid >= 16384
    UNION ALL SELECT concat_ws(' ', 'database', datacl, datconnlimit, setrole, setconfig)
        FROM pg_database AS d LEFT JOIN pg_db_role_setting ON setdatabase = d.oid WHERE datname = current_database()
    UNION ALL SELECT concat_ws(' ', 'statistics', starelid, staattnum) FROM pg_statistic JOIN own ON own.oid = starelid
)
SELECT md5(string_agg(it, chr(10) ORDER BY it)) FROM said
"""
"""Whatever a test may have changed beside rows."""
WRITTEN = """
SELECT quote_ident(relname) FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND pg_relation_size(oid) > 0 ORDER BY relname
"""
"""Tables with pages, though no row may be left on them."""
SEQUENCES = "SELECT oid::regclass::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'S'"
ENDED = """
SELECT coalesce(bool_and(pg_terminate_backend(pid, 5000)), true) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
"""Ends the others in this database; whether all are gone. What they were at was done, or is not done any more."""


@dataclass(frozen=True)
class Pristine:
    """What a new database of a kind has: the rows of its migrations, and where its sequences stand."""

    rows: Mapping[str, bytes]
    sequences: str

    @classmethod
    async def of(cls, connection: asyncpg.Connection) -> Self:
        """As this one is, which nobody has used yet."""
        rows = {table: await _copied(connection, table) for table in await _names(connection, WRITTEN)}
        sequences = await _names(connection, SEQUENCES)
        stand = [f"(SELECT setval('{name}', {await _standing(connection, name)}))" for name in sequences]
        return cls(rows, f"SELECT {', '.join(stand) or 1}")

    async def restore(self, connection: asyncpg.Connection) -> None:
        """Make it so again."""
        async with connection.transaction():
            await connection.execute("SET LOCAL session_replication_role = replica")  # no trigger sees it
            written = {*self.rows, *await _names(connection, WRITTEN)}
            if written:
                await connection.execute(f"TRUNCATE {', '.join(written)} CASCADE")
            for table, rows in self.rows.items():
                await connection.copy_to_table(table.strip('"'), source=BytesIO(rows), format="binary")
            await connection.execute(self.sequences)


@dataclass
class Databases:
    """Gives databases, and takes them back."""

    servers: Servers
    _pristine: dict[Kind, Pristine] = field(default_factory=dict)
    _schemas: dict[str, str] = field(default_factory=dict)
    """As they were made, by the database's name."""
    _used: dict[Kind, list[Database]] = field(default_factory=lambda: defaultdict(list))

    async def take(self, kind: Kind) -> Database:
        """One as new."""
        while self._used[kind]:
            used = self._used[kind].pop()
            if await self._restored(kind, used):
                return used
            await drop_database(self.servers.database_url, used.name)
        return await self._copy(kind)

    def give_back(self, kind: Kind, database: Database) -> None:
        """A test is done with it."""
        self._used[kind].append(database)

    async def drop(self) -> None:
        """Drop all that were given back."""
        for database in [each for used in self._used.values() for each in used]:
            await drop_database(self.servers.database_url, database.name)

    async def _copy(self, kind: Kind) -> Database:
        service, beyond = kind
        admin, name = self.servers.database_url, f"{service}_{uuid4().hex[:12]}"
        made = await copy_database(admin, self.servers.template(service), name)
        if beyond:
            async with connected(made.owner_url) as owner:
                await owner.execute(beyond)
        async with connected(with_database(admin, name)) as connection:
            self._schemas[name] = await connection.fetchval(SCHEMA)
            if kind not in self._pristine:
                self._pristine[kind] = await Pristine.of(connection)
        return made

    async def _restored(self, kind: Kind, used: Database) -> bool:
        """Whether it is as new: it cannot be if more than rows was changed, or somebody stays in there."""
        async with connected(with_database(self.servers.database_url, used.name)) as connection:
            if not await connection.fetchval(ENDED) or await connection.fetchval(SCHEMA) != self._schemas[used.name]:
                return False
            await self._pristine[kind].restore(connection)
            return True


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[asyncpg.Connection]:
    """A session of its own, which is closed at the end."""
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()


async def _names(connection: asyncpg.Connection, query: str) -> list[str]:
    return [name for (name,) in await connection.fetch(query)]


async def _copied(connection: asyncpg.Connection, table: str) -> bytes:
    rows = BytesIO()
    await connection.copy_from_table(table.strip('"'), output=rows, format="binary")
    return rows.getvalue()


async def _standing(connection: asyncpg.Connection, sequence: str) -> str:
    found: str = await connection.fetchval(f"SELECT concat_ws(', ', last_value, is_called::text) FROM {sequence}")
    return found
