"""The profiles of an installation: one of each server, or a cluster."""

ALONE, CLUSTER = "", "cluster"
BROKERS = ("kafka", "kafka-2", "kafka-3")
"""Those of a cluster; a broker alone is the first."""
PROFILES = {
    ALONE: {},
    CLUSTER: {
        "COMPOSE_PROFILES": CLUSTER,
        "KAFKA_BROKERS": ",".join(f"{name}:9092" for name in BROKERS),
        "KAFKA_QUORUM": ",".join(f"{number}@{name}:9093" for number, name in enumerate(BROKERS, 1)),
        "KAFKA_REPLICATION_FACTOR": "3",
        "KAFKA_MIN_INSYNC": "2",
        "POSTGRES_REPLICA": "true",
    },
}
"""What .env says of each profile."""
