"""PostgreSQL and Kafka as production has them: TLS of a private authority, a password for each service, in files."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import trustme
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from deploy.devstack.environment import write_private
from deploy.devstack.folder import RunFolder
from deploy.devstack.kafka import KafkaServer
from deploy.devstack.postgres import PostgresServer
from deploy.devstack.process import free_port
from libs.services import EVENT_SERVICES

HOST = "127.0.0.1"
LOGIN = "org.apache.kafka.common.security.scram.ScramLoginModule required;"


class Authority:
    """A certificate authority of this run: `ca_file` is whom to trust, `server_file` a key and certificate of HOST."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.ca_file, self.server_file = folder / "ca.pem", folder / "server.pem"
        authority = trustme.CA()
        issued = authority.issue_cert(HOST)
        authority.cert_pem.write_to_path(self.ca_file)
        chain = b"".join(blob.bytes() for blob in issued.cert_chain_pems)
        self.server_file.write_bytes(_pkcs8(issued.private_key_pem.bytes()) + chain)
        self.server_file.chmod(0o600)


def _pkcs8(key: bytes) -> bytes:
    """The key as Kafka reads it."""
    loaded = load_pem_private_key(key, None)
    return loaded.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


class SecuredKafka(KafkaServer):
    """A broker with a second listener: SASL_SSL, one user a service. The plain one is for whoever runs the broker."""

    def __init__(self, folder: RunFolder, authority: Authority) -> None:
        super().__init__(folder)
        self.authority = authority
        self.secured_port = free_port()

    def settings(self) -> dict[str, str]:
        """Those of every broker of ours, and the listener's."""
        plain, address = super().settings(), f"SECURED://{HOST}:{self.secured_port}"
        listener = "listener.name.secured."
        return plain | {
            "listeners": f"{plain['listeners']},{address}",
            "advertised.listeners": f"{plain['advertised.listeners']},{address}",
            "listener.security.protocol.map": f"{plain['listener.security.protocol.map']},SECURED:SASL_SSL",
            f"{listener}ssl.keystore.type": "PEM",
            f"{listener}ssl.keystore.location": str(self.authority.server_file),
            f"{listener}sasl.enabled.mechanisms": "SCRAM-SHA-512",
            f"{listener}scram-sha-512.sasl.jaas.config": LOGIN,
        }

    def format_options(self) -> list[str]:
        """A user for each service."""
        users = (f"[name={name},password={self.folder.secret(f'kafka_{name}')}]" for name in EVENT_SERVICES)
        return [part for user in users for part in ("--add-scram", f"SCRAM-SHA-512={user}")]


class SecuredPostgres(PostgresServer):
    """A server that lets nobody in without TLS."""

    def __init__(self, folder: RunFolder, authority: Authority) -> None:
        super().__init__(folder, durable=False)
        self.authority = authority

    def prepare(self) -> None:
        """As ever, and then its certificate and its rule: TLS and a password, or nothing."""
        super().prepare()
        ours = self.data / "server.pem"
        shutil.copyfile(self.authority.server_file, ours)
        (self.data / "pg_hba.conf").write_text("hostssl all all 127.0.0.1/32 scram-sha-256\n")
        owner = self.data.stat()
        for file in (ours, self.data / "pg_hba.conf"):
            file.chmod(0o600)
            os.chown(file, owner.st_uid, owner.st_gid)
        self.settings |= {"ssl": "on", "ssl_cert_file": str(ours), "ssl_key_file": str(ours)}


def settings_of(service: str, kafka: SecuredKafka, everybody: Mapping[str, str]) -> dict[str, str]:
    """What one service is given: addresses without a password, files with them, and whom to trust."""
    found = {}
    for role in ("DATABASE", "OWNER_DATABASE"):
        name = f"{service.upper()}_{role}"
        url = urlsplit(everybody[f"{name}_URL"])
        query = f"sslmode=verify-full&sslrootcert={kafka.authority.ca_file}"
        found[f"{name}_URL"] = f"postgresql://{url.username}@{url.hostname}:{url.port}{url.path}?{query}"
        found[f"{name}_PASSWORD_FILE"] = str(_kept(kafka.folder, f"{service}_{role.lower()}", url.password or ""))
    return found | {
        "KAFKA_BOOTSTRAP_SERVERS": f"{HOST}:{kafka.secured_port}",
        "KAFKA_SECURITY_PROTOCOL": "SASL_SSL",
        "KAFKA_SASL_USERNAME": service,
        "KAFKA_SASL_PASSWORD_FILE": str(kafka.folder.secret_file(f"kafka_{service}")),
        "KAFKA_SSL_CAFILE": str(kafka.authority.ca_file),
    }


def _kept(folder: RunFolder, name: str, password: str) -> Path:
    file = folder.secret_file(name)
    if not file.exists():
        write_private(file, f"{password}\n")
    return file
