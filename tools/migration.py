"""The next migration of a service, from the difference between its tables and what its migrations make.

`python -m tools.migration dispatch parts` compares with the service's database, which must be up to date, and writes
`services/dispatch/migrations/versions/0002_parts.py`. Read it before you commit it: data that is to be kept, triggers
and functions are for you to add. A migration is never imported and never made again: what it says stays.
"""

import asyncio
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, Literal

import sqlalchemy as sa
import typer
from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext
from alembic.operations.ops import DowngradeOps, UpgradeOps
from alembic.script import ScriptDirectory
from sqlalchemy.dialects.postgresql import JSONB

from libs.events.database import migrate, schema
from libs.events.database.connections import Address
from libs.events.database.outage import plainly

RULES = str(Path(__file__).resolve().parents[1] / "pyproject.toml")
JSON = "from sqlalchemy.dialects.postgresql import JSONB"

MIGRATION = '''"""{about}."""

{imports}

revision = "{revision}"
down_revision = {below!r}
branch_labels = {labels!r}
depends_on = {depends!r}


def upgrade() -> None:
{upgrade}


def downgrade() -> None:
{downgrade}
'''


def difference(connection: sa.Connection, service: str) -> UpgradeOps:
    """What the service's tables have and its database, which has seen every migration, has not, or the other way.

    Raises OlderSchema for a database that has not.
    """
    context = MigrationContext.configure(connection, opts={"include_name": _is_own})
    if missing := migrate.revisions(service) - migrate.seen(service, context.get_current_heads()):
        raise migrate.OlderSchema(f"run `make migrate SERVICE={service}` first, missing {', '.join(sorted(missing))}")
    import_module(f"services.{service}.app")  # where its tables are declared
    metadata: sa.MetaData = import_module(f"services.{service}.tables").metadata
    found = produce_migrations(context, metadata).upgrade_ops
    assert found is not None  # one database, one list
    return found


def _is_own(name: str | None, kind: str, parents: Any) -> bool:
    return kind != "table" or name not in schema.metadata.tables


def write(service: str, name: str, found: UpgradeOps, folder: Path) -> Path:
    """The file of the service's next revision, in the folder of its migrations."""
    branch = ScriptDirectory.from_config(migrate.configuration(service))
    (kernel,) = (head for head in branch.get_bases() if head.startswith("kernel"))
    below = next((head for head in branch.get_heads() if head.startswith(f"{service}_")), None)
    number = int(below.rpartition("_")[2]) + 1 if below else 1
    upgrade, downgrade = _code(found), _code(found.reverse())
    imports = ["import sqlalchemy as sa", "from alembic import op", *([JSON] if "JSONB" in upgrade + downgrade else [])]
    file = folder / f"{number:04}_{name}.py"
    text = MIGRATION.format(
        about=name.replace("_", " ").capitalize(),
        imports="\n".join(imports),
        revision=f"{service}_{number:04}",
        below=below,
        labels=None if below else (service,),
        depends=None if below else kernel,
        upgrade=upgrade,
        downgrade=downgrade,
    )
    file.write_text(text, encoding="utf-8")
    for step in (["check", "--fix", "--select", "F,I"], ["format"]):
        subprocess.run([sys.executable, "-m", "ruff", *step, "--quiet", "--config", RULES, str(file)], check=True)
    return file


def _code(steps: UpgradeOps | DowngradeOps) -> str:
    lines = render_python_code(steps, render_item=_plain).splitlines()
    return "\n".join(f"    {line.strip()}" for line in lines if not line.strip().startswith("#"))


def _plain(kind: str, item: Any, context: Any) -> str | Literal[False]:
    return "JSONB()" if kind == "type" and isinstance(item, JSONB) else False


def main(
    service: Annotated[str, typer.Argument(help="Whose tables have changed.")],
    name: Annotated[str, typer.Argument(help="What has, in a word or two: part of the file's name.")],
) -> None:
    """Write a service's next migration, by <SERVICE>_OWNER_DATABASE_URL."""
    with plainly(service):
        owner = Address.of(f"{service.upper()}_OWNER_DATABASE")
        found = asyncio.run(migrate.as_owner(owner, lambda connection: difference(connection, service)))
    if found.is_empty():
        print("the tables are what the migrations make")
        return
    print(write(service, name, found, migrate.own_branch(service)))


if __name__ == "__main__":
    typer.run(main)
