"""The profiles of an installation: what there is beside one of each server, and what .env says of it."""

from collections.abc import Mapping

from deploy.devstack.trouble import Trouble

CLUSTER, OBSERVABILITY = "cluster", "observability"
BROKERS = ("kafka", "kafka-2", "kafka-3")
"""Those of a cluster; a broker alone is the first."""
PROFILES: Mapping[str, Mapping[str, str]] = {
    CLUSTER: {
        "KAFKA_BROKERS": ",".join(f"{name}:9092" for name in BROKERS),
        "KAFKA_QUORUM": ",".join(f"{number}@{name}:9093" for number, name in enumerate(BROKERS, 1)),
        "KAFKA_REPLICATION_FACTOR": "3",
        "KAFKA_MIN_INSYNC": "2",
        "POSTGRES_REPLICA": "true",
    },
    OBSERVABILITY: {},
}


def settings(names: str, before: str = "") -> dict[str, str]:
    """What .env says of these profiles and those of `before`, comma between; nothing of none.

    Raises Trouble for one that is not there.
    """
    wanted = list(dict.fromkeys(name.strip() for name in f"{before},{names}".split(",") if name.strip()))
    if unknown := [name for name in wanted if name not in PROFILES]:
        raise Trouble(f"there is no profile {', '.join(unknown)}: {' and '.join(PROFILES)} are some")
    if not wanted:
        return {}
    together = {key: value for name in wanted for key, value in PROFILES[name].items()}
    return {"COMPOSE_PROFILES": ",".join(wanted), **together}
