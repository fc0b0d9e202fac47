"""`python -m deploy.servers.databases`: a database and its two roles for each service, and one for Keycloak.

Run at each start, as the administrator: what is missing is made, and every role gets the password of its file.
"""

import asyncio
import os
from pathlib import Path
from urllib.parse import quote, urlsplit

from deploy.devstack.databases import make_databases
from libs.events.database.outage import plainly
from libs.services import SERVICES

SECRETS = Path("/run/secrets")


def password(role: str) -> str:
    """The password of a role, by its file."""
    return (SECRETS / role).read_text().strip()


def main() -> None:
    """Make them. Exits with one line where the server is out of reach or refuses us."""
    url = urlsplit(os.environ["DATABASE_URL"])
    login = f"{url.username}:{quote(password('postgres_admin'), safe='')}@{url.hostname}:{url.port}"
    with plainly("databases"):
        made = asyncio.run(make_databases(url._replace(netloc=login).geturl(), [*SERVICES, "keycloak"], password))
    print(f"databases: {', '.join(made)}")


if __name__ == "__main__":
    main()
