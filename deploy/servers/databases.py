"""`python -m deploy.servers.databases`: a database and its two roles for each service, and one for Keycloak.

With POSTGRES_REPLICA=true also the role that a second PostgreSQL copies and follows by, and its slot.

Run at each start, as the administrator: what is missing is made, and every role gets the password of its file.
"""

import asyncio
import os
from pathlib import Path
from urllib.parse import quote, urlsplit

import asyncpg

from deploy.devstack.databases import make_databases, make_role
from libs.events.database.outage import plainly
from libs.services import SERVICES

SECRETS = Path("/run/secrets")
REPLICA = "replica"
LOST = """
SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots
WHERE slot_name = $1 AND wal_status = 'lost' AND NOT active
"""
"""One whose files are gone leads nowhere: who followed by it is to be copied anew, by a new one."""
SLOT = """
SELECT pg_create_physical_replication_slot($1)
WHERE NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = $1)
"""


def password(role: str) -> str:
    """The password of a role, by its file."""
    return (SECRETS / role).read_text().strip()


async def make_replica(admin_url: str) -> None:
    """Whom a second PostgreSQL is, and the slot by which nothing that it still needs is thrown away."""
    connection = await asyncpg.connect(admin_url)
    try:
        await make_role(connection, REPLICA, password(REPLICA), "LOGIN REPLICATION")
        await connection.execute(LOST, REPLICA)
        await connection.execute(SLOT, REPLICA)
    finally:
        await connection.close()


def main() -> None:
    """Make them. Exits with one line where the server is out of reach or refuses us."""
    url = urlsplit(os.environ["DATABASE_URL"])
    login = f"{url.username}:{quote(password('postgres_admin'), safe='')}@{url.hostname}:{url.port}"
    administrator = url._replace(netloc=login).geturl()
    with plainly("databases"):
        made = asyncio.run(make_databases(administrator, [*SERVICES, "keycloak"], password))
        if os.environ.get("POSTGRES_REPLICA"):
            asyncio.run(make_replica(administrator))
    print(f"databases: {', '.join(made)}")


if __name__ == "__main__":
    main()
