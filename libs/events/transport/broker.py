"""How to reach Kafka: addresses, who we are there, whom to trust, and how our topics are to be. Knows no client."""

import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Protocol = Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"]
Mechanism = Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"]


@dataclass(frozen=True)
class Kafka:
    """A Kafka cluster as every client of ours reaches it.

    The password's file is read for each new client. Topics are made only with `create_topics`; `partitions` must
    divide the lanes.
    """

    bootstrap: str
    protocol: Protocol = "PLAINTEXT"
    mechanism: Mechanism = "SCRAM-SHA-512"
    username: str = ""
    password_file: Path | None = None
    ca_file: Path | None = None
    certificate_file: Path | None = None
    key_file: Path | None = None
    create_topics: bool = False
    partitions: int = 16
    replication_factor: int = 3
    min_insync: int = 2

    def options(self) -> dict[str, Any]:
        """The arguments that every client of aiokafka takes. Raises OSError for a file that cannot be read."""
        return {
            "bootstrap_servers": self.bootstrap,
            "security_protocol": self.protocol,
            **(self._secret() if self.protocol.startswith("SASL") else {}),
            **({"ssl_context": self._trust()} if self.protocol.endswith("SSL") else {}),
        }

    def version(self) -> tuple[int, ...]:
        """What changes when one of the files does: whoever was made before that is to be made anew."""
        files = (self.password_file, self.ca_file, self.certificate_file, self.key_file)
        return tuple(_changed(file) for file in files if file is not None)

    def _secret(self) -> dict[str, str]:
        password = self.password_file.read_text().strip() if self.password_file else ""
        return {
            "sasl_mechanism": self.mechanism,
            "sasl_plain_username": self.username,
            "sasl_plain_password": password,
        }

    def _trust(self) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=self.ca_file)
        if self.certificate_file is not None:
            context.load_cert_chain(self.certificate_file, self.key_file)
        return context


def _changed(file: Path) -> int:
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return 0  # it is being replaced, or was never there: whoever reads it says so
