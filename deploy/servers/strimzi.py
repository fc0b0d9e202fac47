"""`python -m deploy.servers.strimzi`: the topics and users of access.json, as Strimzi's operators make them."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]  # it has none

from deploy.servers.access import DESCRIBE, DESCRIBE_CONFIGS, GROUP, READ, TOPIC, WRITE, rights
from deploy.servers.plan import PLAN
from libs.chassis.running.settings import Common

FILE = Path(__file__).parents[1] / "k8s/overlays/production/kafka-access.yaml"
HEAD = "# Written by `make golden` from deploy/servers/access.json: every topic, and who may write and read what.\n"
KINDS = {TOPIC: "topic", GROUP: "group"}
OPERATIONS = {READ: "Read", WRITE: "Write", DESCRIBE: "Describe", DESCRIBE_CONFIGS: "DescribeConfigs"}


def text() -> str:
    """The file as it should be."""
    return HEAD + str(yaml.safe_dump_all(resources(json.loads(PLAN.read_text())), sort_keys=False))


def resources(plan: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Topics, then users; a user's password is the one that its service's secret has."""
    usual = {name: field.default for name, field in Common.model_fields.items()}
    common = {"min.insync.replicas": usual["kafka_min_insync"], "max.message.bytes": 1024 * 1024}
    partitions, copies = usual["kafka_partitions"], usual["kafka_replication_factor"]
    for name, config in plan["topics"].items():
        yield _resource("KafkaTopic", name, partitions=partitions, replicas=copies, config={**config, **common})
    for name in plan["services"]:
        password = {"valueFrom": {"secretKeyRef": {"name": f"{name}-service", "key": "kafka"}}}
        yield _resource(
            "KafkaUser",
            name,
            authentication={"type": "scram-sha-512", "password": password},
            authorization={"type": "simple", "acls": list(_rights(plan, name))},
        )


def _resource(kind: str, name: str, **spec: Any) -> dict[str, Any]:
    labels = {"strimzi.io/cluster": "kafka"}
    metadata = {"name": name, "labels": labels}
    return {"apiVersion": "kafka.strimzi.io/v1", "kind": kind, "metadata": metadata, "spec": spec}


def _rights(plan: Mapping[str, Any], user: str) -> Iterator[dict[str, Any]]:
    """Those that access.py gives, a rule for each topic and group."""
    given: dict[tuple[str, str], list[str]] = {}
    for kind, name, _, principal, _, operation, _ in rights(plan):
        if principal == f"User:{user}":
            given.setdefault((KINDS[kind], name), []).append(OPERATIONS[operation])
    for (what, name), operations in given.items():
        yield {"resource": {"type": what, "name": name, "patternType": "literal"}, "operations": operations}


if __name__ == "__main__":
    FILE.write_text(text())
