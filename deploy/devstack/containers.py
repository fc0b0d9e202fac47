"""Kafka and PostgreSQL as containers, for whoever has a container engine and prefers it (`STACK=containers`)."""

from contextlib import ExitStack

from testcontainers.kafka import KafkaContainer
from testcontainers.postgres import PostgresContainer

KAFKA_IMAGE = "confluentinc/cp-kafka:8.0.0"
POSTGRES_IMAGE = "postgres:18"


def start_containers(until: ExitStack) -> tuple[str, str]:
    """Start both until the stack of exits closes: PostgreSQL's administrator URL and Kafka's bootstrap servers."""
    postgres = until.enter_context(PostgresContainer(POSTGRES_IMAGE, driver=None))
    kafka = KafkaContainer(KAFKA_IMAGE).with_kraft().with_env("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
    until.enter_context(kafka)
    return postgres.get_connection_url(), kafka.get_bootstrap_server()
