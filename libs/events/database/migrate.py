"""Schema of a service's database: the kernel's migrations and the service's own, as two branches of one history.

A process without a log has no tables of the kernel, and its own branch alone.

`python -m libs.events.database.migrate intake` brings a database up to date, as its owner role, and gives the app role
its rights: it may add to the event log and read it, and never change, delete or truncate what stands there.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TypeVar

import asyncpg
import sqlalchemy as sa
from alembic import command, util
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from libs.events.database.connections import Address, Pool, at
from libs.events.database.outage import plainly
from libs.services import PROCESSES, SERVICES

T = TypeVar("T")

MIGRATIONS = Path(__file__).parent / "migrations"
LOCK_TIMEOUT = "3s"


class OlderSchema(Exception):
    """The database has not seen every migration of this release: run `make migrate` first."""


def configuration(service: str | None) -> Config:
    """Alembic's configuration for a service, by name; None is the kernel's branch alone.

    A process without a log has its own branch alone.
    """
    branches = [own_branch(service)] if service else []
    if service not in PROCESSES:
        branches.insert(0, MIGRATIONS / "versions")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.set_main_option("version_locations", os.pathsep.join(map(str, branches)))
    return config


def own_branch(service: str) -> Path:
    """The folder of a service's migrations."""
    spec = find_spec(f"services.{service}")
    if spec is None or spec.origin is None:
        raise LookupError(f"there is no service {service!r}")
    return Path(spec.origin).parent / "migrations" / "versions"


def revisions(service: str | None) -> set[str]:
    """Every revision of this release: the kernel's and the service's own."""
    return {script.revision for script in ScriptDirectory.from_config(configuration(service)).walk_revisions()}


def seen(service: str | None, stamped: Iterable[str]) -> set[str]:
    """The revisions of this release that a database stamped with these has run: they, and all that they stand on.

    One that this release does not know is a newer one's, and stands on all of its branch, and on the one that has no
    stamp of its own beside it.
    """
    directory = ScriptDirectory.from_config(configuration(service))
    known, stamps = revisions(service), set(stamped)
    newer, branches = {_branch(revision) for revision in stamps - known}, {_branch(revision) for revision in stamps}
    below = {one for one in known if newer and (_branch(one) in newer or _branch(one) not in branches)}
    waiting, found = [*(known & stamps), *below], set[str]()
    while waiting:
        revision = waiting.pop()
        if revision not in found:
            script = directory.get_revision(revision)
            waiting.extend([*util.to_tuple(script.down_revision, ()), *util.to_tuple(script.dependencies, ())])
            found.add(revision)
    return found


def _branch(revision: str) -> str:
    """The branch of a revision: every one of ours is called <branch>_<number>."""
    return revision.rpartition("_")[0]


async def migrate(service: str | None, owner: Address | str, app_role: str) -> None:
    """Run every migration that the database has not seen, then set the app role's rights; both as the owner.

    Each migration has a transaction of its own, which one that builds an index beside the work may step out of. The
    schema of a newer release stays as it is.
    """
    if await upgrade(service, owner):
        await as_owner(owner, lambda connection: _grant(connection, app_role, has_log=service not in PROCESSES))


async def upgrade(service: str | None, owner: Address | str, to: str = "heads") -> bool:
    """Run the migrations that the database has not seen, up to a revision; False where a newer release has been.

    Raises OlderSchema where that one's schema lacks something of this one.
    """
    async with _owned(owner) as engine, engine.connect() as connection:
        return await connection.run_sync(_upgrade, service, to)


async def as_owner(owner: Address | str, work: Callable[[sa.Connection], T]) -> T:
    """What `work` answers, in a transaction of the database's owner."""
    async with _owned(owner) as engine, engine.begin() as connection:
        return await connection.run_sync(work)


@asynccontextmanager
async def _owned(owner: Address | str) -> AsyncIterator[AsyncEngine]:
    """Connections of the owner, who waits for no lock as long as the services would have to wait for his."""
    arguments = {**at(owner).arguments(), "server_settings": {"lock_timeout": LOCK_TIMEOUT}}
    engine = create_async_engine(
        "postgresql+asyncpg://", poolclass=sa.NullPool, async_creator=lambda: asyncpg.connect(**arguments)
    )
    try:
        yield engine
    finally:
        await engine.dispose()


def _upgrade(connection: sa.Connection, service: str | None, to: str) -> bool:
    with connection.begin():
        stamped = MigrationContext.configure(connection).get_current_heads()
    if newer := sorted(set(stamped) - revisions(service)):
        _demand_all(service, stamped)
        print(f"{service or 'kernel'}: a newer release has migrated to {', '.join(newer)}: nothing to do")
        return False
    config = configuration(service)
    config.attributes["connection"] = connection
    command.upgrade(config, to)
    return True


def _grant(connection: sa.Connection, app_role: str, has_log: bool) -> None:
    role = connection.dialect.identifier_preparer.quote(app_role)
    for statement in (
        f"GRANT USAGE ON SCHEMA public TO {role}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}",
        *([f"REVOKE UPDATE, DELETE ON event FROM {role}"] if has_log else []),
        f"REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {role}",
    ):
        connection.execute(sa.text(statement))


async def check(service: str | None, source: Pool) -> None:
    """Raise OlderSchema unless the database has seen every migration of this release."""
    try:
        rows = await source.fetch("SELECT version_num FROM alembic_version")
    except asyncpg.UndefinedTableError:
        rows = []
    _demand_all(service, [row["version_num"] for row in rows])


def _demand_all(service: str | None, stamped: Iterable[str]) -> None:
    if missing := revisions(service) - seen(service, stamped):
        raise OlderSchema(
            f"database of {service or 'the kernel'}: run `make migrate` first, missing {', '.join(sorted(missing))}"
        )


def main(services: list[str]) -> None:
    """Migrate databases of services (none: of all), by <SERVICE>_OWNER_DATABASE_URL and <SERVICE>_DATABASE_URL."""
    for service in services:
        with plainly(service):
            owner = Address.of(f"{service.upper()}_OWNER_DATABASE")
            app_role = make_url(os.environ[f"{service.upper()}_DATABASE_URL"]).username or ""
            try:
                asyncio.run(migrate(service, owner, app_role))
            except OlderSchema as error:
                sys.exit(f"{error}: a newer release has migrated the rest, so only that one can")


if __name__ == "__main__":
    main(sys.argv[1:] or list(SERVICES))
