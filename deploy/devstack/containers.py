"""Kafka and PostgreSQL as containers, for whoever has a container engine here and prefers it (`STACK=containers`)."""

import base64
import time
import uuid
from contextlib import ExitStack, suppress

from testcontainers.community.postgres import PostgresContainer
from testcontainers.core.container import DockerContainer

from deploy.devstack.kafka import SETTINGS
from deploy.devstack.probe import groups_ready
from deploy.devstack.process import free_port
from deploy.devstack.trouble import Trouble

KAFKA_IMAGE = "apache/kafka:4.3.0"
POSTGRES_IMAGE = "postgres:18"
"""The same as in compose.yaml."""
READY_SECONDS = 120.0
START = """
printf %s "$SETTINGS" > /tmp/server.properties
/opt/kafka/bin/kafka-storage.sh format --cluster-id "$CLUSTER" --config /tmp/server.properties
exec /opt/kafka/bin/kafka-server-start.sh /tmp/server.properties
"""


def start_containers(until: ExitStack) -> tuple[str, str]:
    """Start both until the stack of exits closes: PostgreSQL's administrator URL and Kafka's bootstrap servers."""
    postgres = PostgresContainer(POSTGRES_IMAGE, username="postgres", dbname="postgres", driver=None)
    port = free_port()
    until.enter_context(postgres.with_command("-c max_connections=300"))
    until.enter_context(_kafka(port))
    _await_kafka(port)
    return postgres.get_connection_url(), f"127.0.0.1:{port}"


def _kafka(port: int) -> DockerContainer:
    """One broker, at the same port here as there: it tells its clients where it is."""
    settings = SETTINGS | {
        "log.dirs": "/tmp/kafka",
        "listeners": f"PLAINTEXT://:{port},CONTROLLER://:9093",
        "advertised.listeners": f"PLAINTEXT://127.0.0.1:{port}",
        "controller.quorum.voters": "1@localhost:9093",
    }
    container = DockerContainer(KAFKA_IMAGE).with_bind_ports(port, port).with_command(["sh", "-ec", START])
    container.with_env("SETTINGS", "".join(f"{key}={value}\n" for key, value in settings.items()))
    id = base64.urlsafe_b64encode(b"\x01" + uuid.uuid4().bytes[1:]).decode()  # it must not begin with a dash
    return container.with_env("CLUSTER", id.rstrip("="))


def _await_kafka(port: int) -> None:
    give_up = time.monotonic() + READY_SECONDS
    while time.monotonic() < give_up:
        with suppress(OSError):
            if groups_ready(port):
                return
        time.sleep(0.2)
    raise Trouble(f"Kafka's container is not ready after {READY_SECONDS:.0f} s")
