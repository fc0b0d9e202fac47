"""Migrations: kernel and service are two branches of one history, and a service needs all of both."""

from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from deploy.devstack.databases import Database
from libs.events.database import migrate, schema
from libs.events.database.connections import connect
from libs.services import EVENT_SERVICES, PROCESSES, SERVICES
from tests.conftest import NewDatabase
from tests.libs.conftest import NewKernel


async def within(database: Database, work: Any) -> Any:
    """Run `work(connection)` as the database's owner, with SQLAlchemy."""
    engine = create_async_engine(make_url(database.owner_url).set(drivername="postgresql+asyncpg"))
    try:
        async with engine.connect() as connection:
            found = await connection.run_sync(work)
            await connection.commit()
            return found
    finally:
        await engine.dispose()


async def execute(database: Database, statement: str) -> None:
    connection = await asyncpg.connect(database.owner_url)
    await connection.execute(statement)
    await connection.close()


async def test_the_kernels_tables_are_those_that_its_migrations_make(new_kernel: NewKernel) -> None:
    def differences(connection: sa.Connection) -> list[Any]:
        ours = set(schema.metadata.tables)
        options = {"include_name": lambda name, kind, _: kind != "table" or name in ours, "compare_type": True}
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), schema.metadata))

    assert await within(await new_kernel(), differences) == []


async def test_a_table_that_a_later_migration_adds_is_the_one_that_the_first_would_make(new_kernel: NewKernel) -> None:
    """The first makes all that the release which runs it declares; older databases get the rest by the others."""
    database = await new_kernel()
    await execute(database, "DROP TABLE reaction; UPDATE alembic_version SET version_num = 'kernel_0001'")
    await migrate.migrate(None, database.owner_url, urlsplit(database.url).username or "")

    def differences(connection: sa.Connection) -> list[Any]:
        options = {"include_name": lambda name, kind, _: kind != "table" or name == "reaction", "compare_type": True}
        wanted = sa.MetaData()
        schema.reaction.to_metadata(wanted)
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), wanted))

    assert await within(database, differences) == []


async def test_positions_are_not_cached_by_sessions(new_kernel: NewKernel) -> None:
    """A cached position would let a session give an older one to what it decided later."""
    connection = await asyncpg.connect((await new_kernel()).owner_url)
    assert (
        await connection.fetchval("SELECT cache_size FROM pg_sequences WHERE sequencename = 'event_position_seq'") == 1
    )
    await connection.close()


@pytest.mark.parametrize("service", EVENT_SERVICES)
def test_a_service_has_the_kernels_branch_and_its_own(service: str) -> None:
    assert {revision.split("_")[0] for revision in migrate.revisions(service)} == {"kernel", service}


@pytest.mark.parametrize("process", PROCESSES)
async def test_a_process_without_a_log_has_its_own_tables_alone(new_database: NewDatabase, process: str) -> None:
    database = await new_database(process)
    made = await within(database, lambda connection: sa.inspect(connection).get_table_names())
    assert {*made} == {"alembic_version", *import_module(f"services.{process}.tables").metadata.tables}


@pytest.mark.parametrize("service", SERVICES)
async def test_a_database_that_is_migrated_is_what_its_service_wants(new_database: NewDatabase, service: str) -> None:
    database = await new_database(service)
    pool = await connect(database.url, 1)
    await migrate.check(service, pool)
    await migrate.migrate(service, database.owner_url, urlsplit(database.url).username or "")
    await migrate.check(service, pool)
    await pool.close()


TWICE = "('a', 's', '1', 'x', NULL), ('b', 's', '2', 'x', NULL), ('a', 's', '3', 'x', NULL)"
STRANGERS = "('a', 's', '4', NULL, 't/0/1'), ('a', 's', '5', NULL, 't/0/2')"


def parked(rows: str) -> str:
    """The statement that parks (consumer, source, key, event_id, origin)."""
    names = "consumer, source, key, event_id, origin"
    given = f"SELECT *, '{{}}'::jsonb, ''::bytea FROM (VALUES {rows}) AS given"
    return f"INSERT INTO parked ({names}, headers, value) {given}"


async def test_of_events_that_were_parked_twice_the_first_stays(new_kernel: NewKernel) -> None:
    """They may be there since a lane was set back; a build of the index that was stopped leaves one of no use."""
    database, index = await new_kernel(), "parked_consumer_event_id"
    await execute(database, f"DROP INDEX {index}; UPDATE alembic_version SET version_num = 'kernel_0002'")
    await execute(database, parked(f"{TWICE}, {STRANGERS}"))
    with pytest.raises(asyncpg.UniqueViolationError):
        await execute(database, f"CREATE UNIQUE INDEX CONCURRENTLY {index} ON parked (consumer, event_id)")
    await migrate.migrate(None, database.owner_url, urlsplit(database.url).username or "")

    def keys(connection: sa.Connection) -> list[str]:
        return list(connection.execute(sa.select(schema.parked.c.key).order_by(schema.parked.c.key)).scalars())

    assert await within(database, keys) == ["1", "2", "4", "5"]
    with pytest.raises(asyncpg.UniqueViolationError):
        await execute(database, parked("('b', 's', '6', 'x', NULL)"))


@pytest.mark.parametrize(
    ("damage", "missing"),
    [
        ("DELETE FROM alembic_version", "intake_0001, .*kernel_0001"),
        ("DROP TABLE alembic_version", "intake_0001, .*kernel_0001"),
        ("UPDATE alembic_version SET version_num = 'kernel_0001' WHERE version_num LIKE 'intake%'", "intake_0001"),
        ("UPDATE alembic_version SET version_num = 'intake_0001' WHERE version_num LIKE 'intake%'", "intake_0002"),
        ("DELETE FROM alembic_version WHERE version_num LIKE 'kernel%'", "kernel_0003"),
    ],
)
async def test_an_older_schema_is_refused(new_database: NewDatabase, damage: str, missing: str) -> None:
    database = await new_database("intake")
    await execute(database, damage)
    pool = await connect(database.url, 1)
    with pytest.raises(migrate.OlderSchema, match=missing):
        await migrate.check("intake", pool)
    await pool.close()


async def test_a_newer_schema_is_no_reason_to_stop(new_database: NewDatabase) -> None:
    """In a rolling upgrade the database is ahead of the old release's processes."""
    database = await new_database("intake")
    await execute(database, "UPDATE alembic_version SET version_num = 'intake_9999' WHERE version_num LIKE 'intake%'")
    pool = await connect(database.url, 1)
    await migrate.check("intake", pool)
    await pool.close()


OWN = sorted(revision for revision in migrate.revisions("intake") if revision.startswith("intake_"))


@pytest.mark.parametrize(
    ("stamped", "missing"),
    [
        (["intake_9999"], set()),  # it may stand on a newer kernel, which then has no stamp of its own
        (["intake_9999", "kernel_9999"], set()),
        (["kernel_9999", OWN[0]], {*OWN[1:]}),
        ([OWN[-1]], {"kernel_0002", "kernel_0003"}),  # it stands on the kernel's first one
        ([OWN[-1], "kernel_0003"], set()),
        ([], {"kernel_0001", "kernel_0002", "kernel_0003", *OWN}),
    ],
)
def test_what_a_database_has_seen_is_told_by_its_stamps(stamped: list[str], missing: set[str]) -> None:
    assert migrate.revisions("intake") - migrate.seen("intake", stamped) == missing


async def test_a_newer_schema_is_left_as_it_is(new_database: NewDatabase, capsys: pytest.CaptureFixture[str]) -> None:
    """Who goes back to the release before runs that one's migrations."""
    database = await new_database("intake")
    await execute(database, "UPDATE alembic_version SET version_num = 'intake_9999' WHERE version_num LIKE 'intake%'")
    await migrate.migrate("intake", database.owner_url, urlsplit(database.url).username or "")
    assert capsys.readouterr().out == "intake: a newer release has migrated to intake_9999: nothing to do\n"


async def test_the_kernels_branch_can_be_taken_back(new_kernel: NewKernel) -> None:
    database = await new_kernel()

    def down_and_up(connection: sa.Connection) -> set[str]:
        config = migrate.configuration(None)
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        left = set(sa.inspect(connection).get_table_names())
        connection.commit()  # of the look: a migration steps out of no transaction but its own
        command.upgrade(config, "heads")
        return left

    assert not await within(database, down_and_up) & set(schema.metadata.tables)
    await migrate.migrate(None, database.owner_url, urlsplit(database.url).username or "")


def test_an_unknown_service_is_named() -> None:
    with pytest.raises(LookupError, match="there is no service 'nobody'"):
        migrate.revisions("nobody")
