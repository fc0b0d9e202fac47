"""What is wrong with a migration: what stops a service's work while it runs, or the release before it afterwards."""

import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import Script, ScriptDirectory

from libs.events.database import migrate

LINTER = Path(sys.executable).with_name("squawk")
NOT_OURS = (
    "prefer-bigint-over-int",
    "prefer-bigint-over-smallint",  # lanes and cycles are small
    "require-statement-timeout",
    "require-lock-timeout",  # the owner's connection has one
)


def sql(script: Script) -> str:
    """The SQL of one migration, as PostgreSQL is given it."""
    written = StringIO()
    context = MigrationContext.configure(
        dialect_name="postgresql", opts={"as_sql": True, "output_buffer": written, "transaction_per_migration": True}
    )
    with Operations.context(context), context.begin_transaction(_per_migration=True):
        script.module.upgrade()
    return written.getvalue()


def faults(text: str) -> list[str]:
    """What squawk says of it, by line. A statement outside of BEGIN and COMMIT stands alone."""
    command = [str(LINTER), "--pg-version", "18", "--reporter", "gcc", "--exclude", ",".join(NOT_OURS)]
    told = subprocess.run([*command, "--stdin-filepath", "migration.sql"], input=text, capture_output=True, text=True)
    found = [line for line in told.stdout.splitlines() if line.strip()]
    assert (told.returncode, told.stderr) == (bool(found), ""), told.stderr  # it looked, and did not fail to
    return found


def scripts(service: str | None) -> Iterator[Script]:
    """The migrations of a service's own branch; None: of the kernel's."""
    for script in ScriptDirectory.from_config(migrate.configuration(service)).walk_revisions():
        if script.revision.startswith(f"{service or 'kernel'}_"):
            yield script
