"""One database a service, with two roles: the owner changes its schema, the app only works in it."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import asyncpg

NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")


@dataclass(frozen=True)
class Database:
    """A service's database: `url` for the service's own role, `owner_url` for migrations and rebuilds."""

    name: str
    url: str
    owner_url: str


async def make_databases(
    admin_url: str, services: Iterable[str], password: Callable[[str], str]
) -> dict[str, Database]:
    """The databases of these services, made where missing, with their roles' passwords set to `password(role)`."""
    connection = await asyncpg.connect(admin_url)
    try:
        return {service: await _make(connection, admin_url, service, password) for service in services}
    finally:
        await connection.close()


async def copy_database(admin_url: str, template: Database, name: str) -> Database:
    """A new database with everything of the template, owned by the template's owner; nobody may be connected there."""
    owner = urlsplit(template.owner_url).username
    connection = await asyncpg.connect(admin_url)
    try:
        await connection.execute(f"CREATE DATABASE {_plain(name)} TEMPLATE {_plain(template.name)} OWNER {owner}")
    finally:
        await connection.close()
    return Database(name, with_database(template.url, name), with_database(template.owner_url, name))


async def drop_database(admin_url: str, name: str) -> None:
    """Drop the database and end its connections; nothing if it does not exist."""
    connection = await asyncpg.connect(admin_url)
    try:
        await connection.execute(f"DROP DATABASE IF EXISTS {_plain(name)} WITH (FORCE)")
    finally:
        await connection.close()


def database_settings(databases: Mapping[str, Database]) -> dict[str, str]:
    """`<SERVICE>_DATABASE_URL` and `<SERVICE>_OWNER_DATABASE_URL` of each service, as the services read them."""
    settings = {}
    for service, database in databases.items():
        settings[f"{service.upper()}_DATABASE_URL"] = database.url
        settings[f"{service.upper()}_OWNER_DATABASE_URL"] = database.owner_url
    return settings


def with_database(url: str, name: str) -> str:
    """The same server and role, another database."""
    return urlsplit(url)._replace(path=f"/{name}").geturl()


async def _make(
    connection: asyncpg.Connection, admin_url: str, service: str, password: Callable[[str], str]
) -> Database:
    name = _plain(service)
    owner, app = f"{name}_owner", f"{name}_app"
    for role in (owner, app):
        await make_role(connection, role, password(role))
    if not await connection.fetchval("SELECT true FROM pg_database WHERE datname = $1", name):
        await connection.execute(f"GRANT {owner} TO current_user")  # or an administrator who is no superuser may not
        await connection.execute(f"CREATE DATABASE {name} OWNER {owner}")
    await connection.execute(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC")
    await connection.execute(f"GRANT CONNECT ON DATABASE {name} TO {app}")
    return Database(name, *(_login(admin_url, role, password(role), name) for role in (app, owner)))


async def make_role(connection: asyncpg.Connection, role: str, password: str, may: str = "LOGIN") -> None:
    """The role, made where missing, with this password and these attributes."""
    verb = "ALTER" if await connection.fetchval("SELECT true FROM pg_roles WHERE rolname = $1", role) else "CREATE"
    quoted = await connection.fetchval("SELECT quote_literal($1)", password)
    await connection.execute(f"{verb} ROLE {role} {may} PASSWORD {quoted}")


def _login(admin_url: str, role: str, password: str, database: str) -> str:
    parts = urlsplit(admin_url)
    host = parts.netloc.rpartition("@")[2]
    return parts._replace(scheme="postgresql", netloc=f"{role}:{password}@{host}", path=f"/{database}").geturl()


def _plain(name: str) -> str:
    if not NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no plain database name")
    return name
