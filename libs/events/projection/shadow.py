"""A shadow: a view's table built anew beside the live one, in a schema of its own, and what is swapped in its place."""

from collections.abc import Iterable, Sequence

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable, ExecutableDDLElement

from libs.events.database.connections import Connection, Source
from libs.events.log.rows import upsert
from libs.events.message import AnyRecorded
from libs.events.view import AnyView, Count, ManyStreams, View

SCHEMA = "rebuild"

GRANTS = """
SELECT coalesce(nullif(grantee, 0)::regrole::text, 'PUBLIC') AS role, privilege_type AS privilege,
       string_agg(quote_ident(attname), ', ') AS columns, is_grantable
FROM (
    SELECT acl.*, NULL::name AS attname FROM pg_class, aclexplode(relacl) AS acl
    WHERE oid = $1::regclass AND acl.grantee <> relowner
    UNION ALL
    SELECT acl.*, attname FROM pg_attribute, aclexplode(attacl) AS acl WHERE attrelid = $1::regclass
) AS granted
GROUP BY 1, 2, 4
ORDER BY 1, 2, 4
"""
"""Who may do what with a table or some of its columns, besides its owner."""

OWN = """
INSERT INTO {owner} SELECT key, stream FROM unnest($1::text[], $2::text[]) AS o (key, stream) ORDER BY key, stream
ON CONFLICT (key) DO NOTHING
"""

SHARED = """
SELECT key, known.stream, o.stream FROM unnest($1::text[], $2::text[]) AS o (key, stream)
JOIN {owner} AS known USING (key) WHERE known.stream <> o.stream ORDER BY key LIMIT 1
"""


UNKNOWN = """
SELECT attname AS name FROM pg_attribute
WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attname <> ALL($2::name[])
UNION ALL
SELECT relname FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
WHERE indrelid = $1::regclass AND NOT indisprimary AND relname <> ALL($3::name[])
"""


class NewerView(Exception):
    """The live table has columns or indices that a newer release made, and a swap of this one would lose."""


class Shadow:
    """The shadow of one view."""

    def __init__(self, view: AnyView) -> None:
        self.view = view
        self.live = f"public.{view.table.name}"
        self.name = f"{SCHEMA}.{view.table.name}"
        self._owner = f"{SCHEMA}.{view.table.name}_owner"
        self._sums = view.sums if isinstance(view, Count) else ()

    @property
    def columns(self) -> list[str]:
        """The columns that this release knows, as SQL has them."""
        quote = postgresql.dialect().identifier_preparer.quote  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it so
        return [quote(column.name) for column in self.view.table.columns]

    async def check_known(self, source: Source) -> None:
        """Raise NewerView where a swap would lose something."""
        table = self.view.table
        known = [column.name for column in table.columns], [str(index.name) for index in table.indexes]
        if found := [row["name"] for row in await source.fetch(UNKNOWN, self.live, *known)]:
            raise NewerView(f"{table.name} has {', '.join(found)} of a newer release: rebuild it with that one")

    async def create(self, connection: Connection) -> None:
        """An empty table with the live one's indices and rights, privilege by privilege."""
        table = self.view.table.to_metadata(sa.MetaData(), schema=SCHEMA)
        statements: list[ExecutableDDLElement] = [CreateTable(table), *(CreateIndex(index) for index in table.indexes)]
        dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it so
        await connection.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
        await connection.execute(f"DROP TABLE IF EXISTS {self.name}")
        for statement in statements:
            await connection.execute(str(statement.compile(dialect=dialect)))
        await self._copy_rights(connection)
        await connection.execute(f"DROP TABLE IF EXISTS {self._owner}")
        await connection.execute(f"CREATE UNLOGGED TABLE {self._owner} (key text PRIMARY KEY, stream text NOT NULL)")

    async def _copy_rights(self, connection: Connection) -> None:
        """Default privileges may have given some already: what the live table does not have goes first."""
        for right in await connection.fetch(GRANTS, self.name):
            await connection.execute(f"REVOKE ALL ON {self.name} FROM {right['role']}")
        for right in await connection.fetch(GRANTS, self.live):
            columns = f" ({right['columns']})" if right["columns"] else ""
            option = " WITH GRANT OPTION" if right["is_grantable"] else ""
            await connection.execute(f"GRANT {right['privilege']}{columns} ON {self.name} TO {right['role']}{option}")

    async def own(self, connection: Connection, history: Sequence[AnyRecorded]) -> None:
        """Note whose rows these events are. Raises ManyStreams for one that is of two streams."""
        if isinstance(self.view, View) and self.view.is_checked:
            owners = {(key, recorded.stream) for recorded in history if (key := self.view.key(recorded)) is not None}
            given = [key for key, _ in owners], [stream for _, stream in owners]
            await connection.execute(OWN.format(owner=self._owner), *given)
            if (found := await connection.fetchrow(SHARED.format(owner=self._owner), *given)) is not None:
                raise ManyStreams(self.view.table.name, *found)

    async def put(self, connection: Connection, rows: dict[str, msgspec.Struct | None]) -> None:
        """Make these rows, by key, what stands there, None: no row; or add them to a count."""
        await self._remove(connection, [key for key, row in rows.items() if row is None])
        await self._write(connection, [row for row in rows.values() if row is not None])

    async def _write(self, connection: Connection, rows: Iterable[msgspec.Struct]) -> None:
        if some := list(rows):
            statement, arguments = upsert(self.view.table, some, self.name, self._sums)
            await connection.execute(statement, *arguments)

    async def _remove(self, connection: Connection, keys: Sequence[str]) -> None:
        if keys:
            await connection.execute(f"DELETE FROM {self.name} WHERE {self.view.id} = ANY($1)", keys)

    async def swap(self, connection: Connection) -> None:
        """Put the shadow in the live table's place. Raises NewerView."""
        await connection.execute(f"LOCK TABLE {self.live}")
        await self.check_known(connection)  # a migration may have come since
        await connection.execute(f"DROP TABLE {self.live}, {self._owner}")
        await connection.execute(f"ALTER TABLE {self.name} SET SCHEMA public")

    async def drop(self, connection: Connection) -> None:
        """The shadow is not needed any more."""
        await connection.execute(f"DROP TABLE {self.name}, {self._owner}")
