"""Migrations expand first and contract a release later: none stops the work, and the release before works beside it."""

from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import op
from alembic.script import Script

from libs.services import SERVICES
from tests.architecture.migrations import faults, scripts, sql

ALL = [script for service in (None, *SERVICES) for script in scripts(service)]


@pytest.mark.parametrize("script", ALL, ids=lambda script: script.revision)
def test_a_migration_neither_stops_the_work_nor_the_release_before(script: Script) -> None:
    assert faults(sql(script)) == []


REFUSED: dict[str, tuple[Any, str]] = {
    "an index that stops writing": (
        lambda: op.create_index("ticket_region", "ticket", ["region"]),
        "require-concurrent-index-creation",
    ),
    "a column that every row must have at once": (
        lambda: op.add_column("ticket", sa.Column("region", sa.Text, nullable=False)),
        "adding-required-field",
    ),
    "a column that the release before reads": (lambda: op.drop_column("ticket", "region"), "ban-drop-column"),
    "another name": (lambda: op.alter_column("ticket", "region", new_column_name="area"), "renaming-column"),
    "another name of a table": (lambda: op.rename_table("ticket", "case"), "renaming-table"),
    "another type": (lambda: op.alter_column("ticket", "level", type_=sa.BigInteger), "changing-column-type"),
    "a look at every row": (lambda: op.alter_column("ticket", "region", nullable=False), "adding-not-nullable-field"),
    "a table that the release before reads": (lambda: op.drop_table("ticket"), "ban-drop-table"),
    "a check of every row": (
        lambda: op.create_check_constraint("ticket_level", "ticket", "level > 0"),
        "constraint-missing-not-valid",
    ),
    "a unique constraint that stops writing": (
        lambda: op.create_unique_constraint("ticket_number", "ticket", ["number"]),
        "disallowed-unique-constraint",
    ),
}


@pytest.mark.parametrize(("upgrade", "rule"), REFUSED.values(), ids=REFUSED)
def test_what_stops_the_work_or_the_release_before_is_refused(upgrade: Any, rule: str) -> None:
    assert any(rule in line for line in faults(sql(_script(upgrade))))


def test_an_index_beside_the_work_and_a_column_that_may_be_null_are_what_is_left() -> None:
    def upgrade() -> None:
        op.add_column("ticket", sa.Column("region", sa.Text))
        with op.get_context().autocommit_block():
            op.drop_index("ticket_region", if_exists=True, postgresql_concurrently=True)
            op.create_index("ticket_region", "ticket", ["region"], if_not_exists=True, postgresql_concurrently=True)

    assert faults(sql(_script(upgrade))) == []


def _script(upgrade: Any) -> Any:
    return SimpleNamespace(module=SimpleNamespace(upgrade=upgrade))
