"""Who may reach whom in Kubernetes, by the network policies of deploy/k8s, on both sides."""

from collections.abc import Mapping, Sequence

import pytest

from tests.kubernetes.manifests import KUBECTL, OVERLAYS, Resource, of, templates

PORTS = (8100, 8200, 5432, 9092, 9093, 9094, 8443, 4318)
COLLECTOR = {"app.kubernetes.io/name": "opentelemetry-collector"}
"""Of traces, where somebody runs one."""
NAMED = {"public": 8100, "internal": 8200}

pytestmark = pytest.mark.skipif(not KUBECTL.exists(), reason="no kubectl for this system")


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_nothing_is_reached_but_by_a_rule(overlay: str) -> None:
    policies = [each["spec"] for each in of(overlay, "NetworkPolicy").values()]
    assert {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]} in policies
    for policy in policies:
        rules = [*policy.get("ingress", ()), *policy.get("egress", ())]
        assert all(rule.get("from") or rule.get("to") or rule.get("ports") for rule in rules), policy


@pytest.mark.parametrize(
    ("overlay", "servers", "expected"),
    [
        pytest.param(
            "ci",
            {},
            {
                *((name, other, 8200) for name in ("gateway", "worker") for other in ("http", "gateway")),
                *(("gateway", other, 8100) for other in ("http", "gateway")),
                *(
                    (name, "postgres", 5432)
                    for name in ("gateway", "http", "worker", "migrate", "erasures", "databases", "keycloak")
                ),
                *((name, "kafka", 9092) for name in ("worker", "access", "erasures")),
                *(("kafka", "kafka", port) for port in (9093, 9094)),
                *((name, "keycloak", 8443) for name in ("gateway", "http", "worker")),
                *((name, "collector", 4318) for name in ("gateway", "http", "worker")),
            },
            id="ci",
        ),
        pytest.param(
            "production",
            {"postgres": {"cnpg.io/cluster": "postgres"}, "kafka": {"strimzi.io/cluster": "kafka"}},
            {
                *((name, other, 8200) for name in ("gateway", "worker") for other in ("http", "gateway")),
                *(("gateway", other, 8100) for other in ("http", "gateway")),
                *(
                    (name, "postgres", 5432)
                    for name in ("gateway", "http", "worker", "migrate", "erasures", "postgres")
                ),
                *((name, "kafka", 9093) for name in ("worker", "erasures")),
                *(("kafka", "kafka", port) for port in PORTS),
                *((name, "collector", 4318) for name in ("gateway", "http", "worker")),
            },
            id="production",
        ),
    ],
)
def test_each_is_reached_by_those_who_need_it(
    overlay: str, servers: dict[str, dict[str, str]], expected: set[tuple[str, str, int]]
) -> None:
    spec = [each["spec"] for each in of(overlay, "NetworkPolicy").values()]
    pods = {**templates(overlay), **templates(f"{overlay}/migrations"), **templates(f"{overlay}/erasures")}
    who = {name.removeprefix("intake-"): pod["metadata"]["labels"] for name, pod in pods.items() if _is_modelled(name)}
    who["gateway"] = who.pop("gateway-http")
    who |= {**servers, "collector": COLLECTOR, "a stranger": {}}
    reached = {
        (one, other, port)
        for one, labels in who.items()
        for other, others in who.items()
        for port in PORTS
        if _may(spec, "egress", labels, others, port) and _may(spec, "ingress", others, labels, port)
    }
    assert reached == expected


def _is_modelled(name: str) -> bool:
    """One service stands for all, beside the gateway; servers and what sets them up have no dash in their names."""
    return name.startswith("intake-") or name == "gateway-http" or "-" not in name


def _may(policies: Sequence[Resource], way: str, one: Mapping[str, str], other: Mapping[str, str], port: int) -> bool:
    """Whether some policy on `one` lets through what goes that way between it and `other`."""
    side = "to" if way == "egress" else "from"
    return any(
        _fits(policy["podSelector"], one)
        and (side not in rule or any(_fits(each["podSelector"], other) for each in rule[side] if "podSelector" in each))
        and ("ports" not in rule or port in [NAMED.get(each["port"], each["port"]) for each in rule["ports"]])
        for policy in policies
        for rule in policy.get(way, ())
    )


def _fits(selector: Resource, labels: Mapping[str, str]) -> bool:
    wanted = selector.get("matchLabels", {}).items()
    listed = selector.get("matchExpressions", ())
    return wanted <= labels.items() and all(labels.get(each["key"]) in each["values"] for each in listed)
