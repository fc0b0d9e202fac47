"""An installation as deploy/setup wrote it, for whoever looks at it from outside."""

import os
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg

from libs.services import SERVICES

KEYCLOAK = "https://localhost:8443"


@dataclass(frozen=True)
class Installation:
    """Where the passwords and certificates are, as deploy/setup wrote them."""

    secrets: Path

    @property
    def ca_file(self) -> Path:
        return self.secrets / "public/ca.pem"

    @property
    def disks(self) -> Path:
        """Where deploy/check/disks.py puts the servers' disks, if it does."""
        return self.secrets.parent / "disks"

    def database(self, role: str, name: str, host: str = "postgres") -> str:
        """The URL of a database for one of its roles."""
        user, password = ("postgres", "postgres_admin") if role == "admin" else (f"{name}_{role}", f"{name}_{role}")
        secret = (self.secrets / "all" / password).read_text()
        return f"postgresql://{user}:{secret}@{host}:5432/{name}?sslmode=verify-full&sslrootcert={self.ca_file}"

    @asynccontextmanager
    async def administrator(self, database: str = "postgres") -> AsyncIterator[Any]:
        """A connection to PostgreSQL as its administrator, who may lose it meanwhile."""
        connection = await asyncpg.connect(self.database("admin", database))
        try:
            yield connection
        finally:
            with suppress(OSError, asyncpg.PostgresError):
                await connection.close()

    @property
    def kafka(self) -> dict[str, object]:
        """What an administrator's client of Kafka takes beside the address."""
        return {
            "security_protocol": "SASL_SSL",
            "sasl_mechanism": "SCRAM-SHA-512",
            "sasl_plain_username": "admin",
            "sasl_plain_password": (self.secrets / "all/kafka_admin").read_text(),
            "ssl_context": ssl.create_default_context(cafile=self.ca_file),
        }

    def settings(self, service: str) -> dict[str, str]:
        """What the owner's tools of a service read."""
        return {
            f"{service.upper()}_DATABASE_URL": self.database("app", service),
            f"{service.upper()}_OWNER_DATABASE_URL": self.database("owner", service),
            **{f"{name.upper()}_INTERNAL_URL": f"http://{name}:8200" for name in SERVICES},
            "ACTOR_KEY_FILE": str(self.secrets / "all/actor_key"),
            "OIDC_ISSUER": os.environ["KEYCLOAK_URL"] + "/realms/aftercare",
            "OIDC_REACHED_AT": f"{KEYCLOAK}/realms/aftercare",
            "OIDC_CLIENT_ID": service,
            "OIDC_CLIENT_SECRET_FILE": str(self.secrets / f"all/client_{service}"),
            "HTTPS_CAFILE": str(self.ca_file),
        }
