"""`python -m deploy.servers.strimzi`: the topics and users of access.json, as Strimzi's operators make them."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]  # it has none

from deploy.servers.plan import PLAN

FILE = Path(__file__).parents[1] / "k8s/overlays/production/kafka-access.yaml"
HEAD = "# Written by `make golden` from deploy/servers/access.json: every topic, and who may write and read what.\n"
PARTITIONS, COPIES, MIN_INSYNC = 16, 3, 2
WRITES, READS = ["Write", "Describe", "DescribeConfigs"], ["Read", "Describe", "DescribeConfigs"]


def text() -> str:
    """The file as it should be."""
    return HEAD + str(yaml.safe_dump_all(resources(json.loads(PLAN.read_text())), sort_keys=False))


def resources(plan: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Topics, then users; a user's password is the one that its service's secret has."""
    common = {"min.insync.replicas": MIN_INSYNC, "max.message.bytes": 1024 * 1024}
    for name, config in plan["topics"].items():
        yield _resource("KafkaTopic", name, partitions=PARTITIONS, replicas=COPIES, config={**config, **common})
    for name, its in plan["services"].items():
        password = {"valueFrom": {"secretKeyRef": {"name": f"{name}-service", "key": "kafka"}}}
        yield _resource(
            "KafkaUser",
            name,
            authentication={"type": "scram-sha-512", "password": password},
            authorization={"type": "simple", "acls": list(_rights(its))},
        )


def _resource(kind: str, name: str, **spec: Any) -> dict[str, Any]:
    labels = {"strimzi.io/cluster": "kafka"}
    metadata = {"name": name, "labels": labels}
    return {"apiVersion": "kafka.strimzi.io/v1", "kind": kind, "metadata": metadata, "spec": spec}


def _rights(its: Mapping[str, list[str]]) -> Iterator[dict[str, Any]]:
    for kind, names, operations in (
        ("topic", its["writes"], WRITES),
        ("topic", its["reads"], READS),
        ("group", its["groups"], ["Read"]),
    ):
        for name in names:
            yield {"resource": {"type": kind, "name": name, "patternType": "literal"}, "operations": [*operations]}


if __name__ == "__main__":
    FILE.write_text(text())
