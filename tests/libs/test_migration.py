"""What `make migration` writes, and that the tables are what the migrations make."""

import ast
import asyncio
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory

from libs.events.database import migrate
from libs.events.table import newest_first, table
from libs.services import EVENT_SERVICES
from services.dispatch.tables import metadata
from tests.conftest import NewDatabase
from tools import migration


class PartRow(msgspec.Struct, frozen=True, kw_only=True):
    """A part that was fitted."""

    id: str
    ticket_id: str
    quantity: int
    marks: list[str] | None = None
    opened_at: datetime


@pytest.mark.parametrize("service", EVENT_SERVICES)
async def test_a_services_tables_are_those_that_its_migrations_make(new_database: NewDatabase, service: str) -> None:
    database = await new_database(service)
    found = await migrate.as_owner(database.owner_url, lambda connection: migration.difference(connection, service))
    assert found.as_diffs() == []


@pytest.fixture
def part() -> Any:
    made = table("part", PartRow, metadata, newest_first("ticket_id"))
    yield made
    metadata.remove(made)


async def test_a_new_table_gets_a_migration_that_makes_it(
    new_database: NewDatabase, part: sa.Table, tmp_path: Path
) -> None:
    database = await new_database("dispatch")

    def write_and_run(connection: sa.Connection) -> tuple[Path, list[Any]]:
        file = migration.write("dispatch", "parts", migration.difference(connection, "dispatch"), tmp_path)
        with Operations.context(MigrationContext.configure(connection)):
            run(file, "upgrade")
            left = migration.difference(connection, "dispatch").as_diffs()
            run(file, "downgrade")
        return file, [*left, "part" in sa.inspect(connection).get_table_names()]

    file, found = await migrate.as_owner(database.owner_url, write_and_run)
    assert found == [False]
    head, _, body = file.read_text().partition("\n\n\n")
    assert head == HEAD.format(revision="dispatch_" + file.name.removesuffix("_parts.py"), below=below("dispatch"))
    assert body == BODY


def run(file: Path, function: str) -> None:
    module = ModuleType("written")
    exec(compile(ast.parse(file.read_text()), str(file), "exec"), module.__dict__)
    module.__dict__[function]()


async def test_nothing_is_written_where_nothing_differs(
    new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SURVEY_OWNER_DATABASE_URL", (await new_database("survey")).owner_url)
    await asyncio.to_thread(migration.main, "survey", "nothing")
    assert capsys.readouterr().out == "the tables are what the migrations make\n"


async def test_a_database_that_is_behind_is_refused(new_database: NewDatabase) -> None:
    database = await new_database("intake")

    def behind(connection: sa.Connection) -> Any:
        connection.execute(
            sa.text("UPDATE alembic_version SET version_num = 'intake_0001' WHERE version_num LIKE 'intake%'")
        )
        return migration.difference(connection, "intake")

    with pytest.raises(migrate.OlderSchema, match="make migrate SERVICE=intake"):
        await migrate.as_owner(database.owner_url, behind)


def below(service: str) -> str:
    heads = ScriptDirectory.from_config(migrate.configuration(service)).get_heads()
    return next(head for head in heads if head.startswith(service))


HEAD = """\"\"\"Parts.\"\"\"

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "{revision}"
down_revision = "{below}"
branch_labels = None
depends_on = None"""

BODY = """def upgrade() -> None:
    op.create_table(
        "part",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("ticket_id", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("marks", JSONB(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "part_opened_at", "part", [sa.literal_column("opened_at DESC"), sa.literal_column("id DESC")], unique=False
    )
    op.create_index(
        "part_ticket_id",
        "part",
        ["ticket_id", sa.literal_column("opened_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )


def downgrade() -> None:
    op.drop_index("part_ticket_id", table_name="part")
    op.drop_index("part_opened_at", table_name="part")
    op.drop_table("part")
"""
