"""A database that a test is done with is given to another only as a new one."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from deploy.devstack.databases import Database
from tests.databases import Databases, Kind
from tests.servers import Servers

INTAKE: Kind = ("intake", "")
WRITTEN = """
INSERT INTO timer (id, stream_id, due_at) VALUES ('t', 's', now());
DELETE FROM timer;
UPDATE seal SET epoch = 7;
DELETE FROM cursor WHERE lane > 3;
SELECT nextval('ticket_serial');
"""
SIZES = "SELECT relname, pg_relation_size(oid) FROM pg_class WHERE relkind = 'r' AND oid >= 16384 ORDER BY 1"
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"


@pytest.fixture
async def databases(stack: Servers) -> AsyncIterator[Databases]:
    found = Databases(stack)
    yield found
    await found.drop()


async def held(database: Database) -> dict[str, object]:
    """Every row of every table, where the sequence stands, and the size of tables."""
    connection = await asyncpg.connect(database.owner_url)
    tables = [table for (table,) in await connection.fetch(TABLES)]
    rows: dict[str, object] = {
        table: await connection.fetch(f'SELECT t::text FROM "{table}" AS t ORDER BY 1') for table in tables
    }
    found = {**rows, "sequence": await connection.fetchrow("SELECT last_value, is_called FROM ticket_serial")}
    found["sizes"] = await connection.fetch(SIZES)
    await connection.close()
    return found


async def changed(database: Database, statements: str) -> asyncpg.Connection:
    """A test changes something, and leaves its connection open."""
    connection = await asyncpg.connect(database.owner_url)
    await connection.execute(statements)
    return connection


async def test_rows_sequences_and_connections_are_those_of_a_new_one(databases: Databases) -> None:
    new = await databases.take(INTAKE)
    before = await held(new)
    left = await changed(new, WRITTEN)
    assert await held(new) != before
    databases.give_back(INTAKE, new)
    again = await databases.take(INTAKE)
    assert again.name == new.name
    assert await held(again) == before
    with pytest.raises((asyncpg.PostgresConnectionError, asyncpg.AdminShutdownError, asyncpg.InterfaceError)):
        await left.fetchval("SELECT 1")
    databases.give_back(INTAKE, again)


@pytest.mark.parametrize(
    "change",
    [
        "CREATE TABLE shadow (id int)",
        "ALTER TABLE timer ADD COLUMN more text",
        "CREATE OR REPLACE FUNCTION clock_now() RETURNS timestamptz LANGUAGE sql STABLE AS 'SELECT now()'",
        "GRANT SELECT ON timer TO PUBLIC",
        "ALTER TABLE erasure DISABLE TRIGGER USER",
    ],
)
async def test_one_whose_schema_was_changed_is_given_to_nobody(databases: Databases, change: str) -> None:
    one = await databases.take(INTAKE)
    await (await changed(one, change)).close()
    databases.give_back(INTAKE, one)
    other = await databases.take(INTAKE)
    assert other.name != one.name
    databases.give_back(INTAKE, other)
