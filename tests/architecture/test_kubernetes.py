"""deploy/k8s is what Kubernetes takes, runs exactly our services, all alike, each with what it needs and no more."""

import os
import re
import subprocess
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # it has none

from deploy.servers import erasures, strimzi
from libs.events.transport.kafka import topic
from libs.services import EVENT_SERVICES, PROCESSES, SERVICES
from tests.kubernetes.manifests import BUILT, K8S, KUBECTL, OVERLAYS, of, problems, resources, templates

COMPOSE = K8S.parent / "compose.yaml"
GUIDE = K8S.parents[1] / "docs/kubernetes.md"
ROLES = ("http", "worker")

pytestmark = pytest.mark.skipif(not KUBECTL.exists(), reason="no kubectl for this system")


def test_every_overlay_is_known_to_the_check() -> None:
    folders = {path.parent.relative_to(K8S / "overlays") for path in (K8S / "overlays").rglob("kustomization.yaml")}
    assert {str(folder) for folder in folders} == set(BUILT)
    assert set(OVERLAYS) <= set(BUILT)


@pytest.mark.parametrize("overlay", BUILT)
def test_every_resource_is_what_its_schema_allows(overlay: str) -> None:
    assert [problem for resource in resources(overlay) for problem in problems(resource)] == []


@pytest.mark.parametrize(
    ("kind", "name", "path", "value"),
    [
        ("Deployment", "sla-http", ("spec", "replica"), 3),
        ("Deployment", "sla-http", ("spec", "template", "spec", "containers", 0, "livenessProb"), {}),
        ("Cluster", "postgres", ("spec", "bootstrap", "initdb", "localProvider"), "icu"),
        ("Cluster", "postgres", ("spec", "instances"), "3"),
        ("Kafka", "kafka", ("spec", "kafka", "listeners", 0, "authentication", "type"), "none"),
        ("KafkaTopic", "sla.events", ("spec", "partition"), 16),
        ("KafkaUser", "sla", ("spec", "authorization", "acls", 0, "operation"), "Read"),
        ("ScaledObject", "sla-worker", ("spec", "trigers"), []),
    ],
)
def test_a_typing_error_is_a_problem(kind: str, name: str, path: tuple[Any, ...], value: Any) -> None:
    wrong = deepcopy(of("production", kind)[name])
    inner = wrong
    for part in path[:-1]:
        inner = inner[part]
    inner[path[-1]] = value
    assert list(problems(wrong))


def test_a_kind_without_a_schema_is_a_problem() -> None:
    assert list(problems({"apiVersion": "nobody.example.org/v1", "kind": "Nothing", "metadata": {"name": "x"}}))


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_each_service_answers_and_works(overlay: str) -> None:
    wanted = {f"{name}-{role}" for name in EVENT_SERVICES for role in ROLES} | {f"{name}-http" for name in PROCESSES}
    assert set(of(overlay, "Deployment")) == wanted


@pytest.mark.parametrize("overlay", ["ci", "production"])
def test_each_database_is_migrated(overlay: str) -> None:
    assert set(of(f"{overlay}/migrations", "Job")) == {f"{name}-migrate" for name in SERVICES}


@pytest.mark.parametrize("service", EVENT_SERVICES[1:])
def test_services_differ_by_name_alone(service: str) -> None:
    for overlay in ("production", "production/migrations"):
        own, first = (_of_service(overlay, name) for name in (service, EVENT_SERVICES[0]))
        assert own == first


@pytest.mark.parametrize("overlay", BUILT)
def test_every_container_is_held_short(overlay: str) -> None:
    for name, template in templates(overlay).items():
        pod = template["spec"]
        assert not pod.get("automountServiceAccountToken", True), name
        assert pod["securityContext"]["runAsNonRoot"], name
        for container in pod["containers"]:
            assert container["securityContext"]["readOnlyRootFilesystem"], name
            assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}, name
            assert container["resources"]["limits"]["memory"], name
            assert container["resources"]["requests"].keys() == {"cpu", "memory"}, name


def test_a_process_may_have_as_much_memory_as_with_compose() -> None:
    composed = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["services"]
    for name, template in templates("production").items():
        service, _, role = name.partition("-")
        limit = template["spec"]["containers"][0]["resources"]["limits"]["memory"]
        assert composed[service if role == "http" else f"{service}-worker"]["mem_limit"] == limit.lower().removesuffix(
            "i"
        )


@pytest.mark.parametrize("overlay", ["dev", "ci"])
def test_a_machine_of_two_cores_has_room_for_a_rollout_of_everything(overlay: str) -> None:
    pods = [(each["spec"]["template"], each["spec"]["replicas"] + 1) for each in of(overlay, "Deployment").values()]
    pods += [(each["spec"]["template"], 1) for each in of(overlay, "StatefulSet").values()]
    assert sum(_millicores(template) * number for template, number in pods) <= 2000


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_a_process_has_five_minutes_to_start_and_a_rollout_waits_longer(overlay: str) -> None:
    for name, deployment in of(overlay, "Deployment").items():
        (container,) = deployment["spec"]["template"]["spec"]["containers"]
        probe = container["startupProbe"]
        assert (
            300 <= probe["periodSeconds"] * probe["failureThreshold"] < deployment["spec"]["progressDeadlineSeconds"]
        ), name


@pytest.mark.parametrize("overlay", ["ci", "production"])
def test_http_processes_grow_by_the_processor_that_they_take_whatever_they_ask_for(overlay: str) -> None:
    for name, each in of(overlay, "HorizontalPodAutoscaler").items():
        (metric,) = each["spec"]["metrics"]
        assert metric["resource"]["target"] == {"type": "AverageValue", "averageValue": "400m"}, name


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_settings_are_those_of_compose(overlay: str) -> None:
    (settings,) = (each["data"] for name, each in of(overlay, "ConfigMap").items() if name.startswith("settings-"))
    composed = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["services"]
    wanted = {name for service in SERVICES for name in composed[service]["environment"]}
    elsewhere = {"KAFKA_SASL_USERNAME", "OIDC_CLIENT_ID"}  # from the pod's own labels
    optional = {"OIDC_REACHED_AT", "KAFKA_REPLICATION_FACTOR", "KAFKA_MIN_INSYNC"}
    optional |= {"OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_TRACES_SAMPLER_ARG"}  # off, unless the settings name a collector
    optional |= {"GATEWAY_ADDRESS_HEADER", "GATEWAY_HOTLINE"}  # of the proxy before it, and of the department
    optional |= {"TLS_CERT_FILE", "TLS_KEY_FILE"}  # the ingress has the certificate
    assert wanted - elsewhere - optional <= set(settings) <= wanted


@pytest.mark.parametrize("overlay", ["ci", "production"])
def test_each_process_but_one_goes_at_a_time(overlay: str) -> None:
    budgets = of(overlay, "PodDisruptionBudget")
    for name, deployment in of(overlay, "Deployment").items():
        assert budgets[name]["spec"]["maxUnavailable"] == 1
        assert budgets[name]["spec"]["selector"] == deployment["spec"]["selector"], name
        assert deployment["spec"]["strategy"]["rollingUpdate"] == {"maxUnavailable": 0, "maxSurge": 1}


def test_what_is_scaled_has_no_number_of_its_own() -> None:
    scaled = [*of("production", "HorizontalPodAutoscaler").values(), *of("production", "ScaledObject").values()]
    names = {each["spec"]["scaleTargetRef"]["name"] for each in scaled}
    deployments = of("production", "Deployment")
    assert names == set(deployments)
    assert not any("replicas" in each["spec"] for each in deployments.values())
    assert all(each["spec"].get("minReplicas", each["spec"].get("minReplicaCount")) >= 2 for each in scaled)


def test_every_secret_that_production_refers_to_is_in_the_guide() -> None:
    overlays = [overlay for overlay in BUILT if overlay.startswith("production")]
    named = {name for overlay in overlays for name in _secrets(resources(overlay))}
    guide = GUIDE.read_text(encoding="utf-8")
    assert {
        name
        for name in named
        if f"`{name.replace(name.split('-')[0], 'SERVICE')}`" not in guide and f"`{name}`" not in guide
    } == set()


def test_production_has_of_each_service_an_image_a_database_two_roles_and_an_address() -> None:
    found = {**templates("production"), **templates("production/migrations")}
    images = {each["spec"]["containers"][0]["image"] for each in found.values()}
    assert images == {f"registry.example.org/aftercare-{name}:0.1.0" for name in SERVICES}
    roles = {each["name"] for each in of("production", "Cluster")["postgres"]["spec"]["managed"]["roles"]}
    assert roles == {f"{name}_{role}" for name in SERVICES for role in ("app", "owner")}
    assert {each["spec"]["name"] for each in of("production", "Database").values()} == set(SERVICES)
    hosts = [rule["host"] for rule in of("production", "Ingress")["aftercare"]["spec"]["rules"]]
    assert hosts == [*(f"{name}.aftercare.example.org" for name in EVENT_SERVICES), "aftercare.example.org"]


def test_a_service_is_let_into_its_own_database_alone() -> None:
    *let_in, last = of("production", "Cluster")["postgres"]["spec"]["postgresql"]["pg_hba"]
    assert let_in == [f"hostssl {name} {name}_app,{name}_owner all scram-sha-256" for name in SERVICES]
    assert last == "host all all all reject"


@pytest.mark.parametrize("overlay", ["ci", "production"])
def test_who_repeats_erasures_has_the_module_every_password_and_whom_to_trust(overlay: str) -> None:
    (job,) = of(f"{overlay}/erasures", "Job").values()
    (container,) = job["spec"]["template"]["spec"]["containers"]
    assert container["command"] == ["python", "-m", erasures.__name__]
    config = of(f"{overlay}/erasures", "ConfigMap")
    volumes = {each["name"]: each for each in job["spec"]["template"]["spec"]["volumes"]}
    assert "erasures.py" in config[volumes["servers"]["configMap"]["name"]]["data"]
    assert set(_files(volumes["secrets"])) == {"kafka", *(f"{name}_app" for name in EVENT_SERVICES)}
    assert set(_files(volumes["public"])) == {"ca.pem", "kafka.pem"}
    assert "sslrootcert=/run/public/ca.pem" in erasures.DATABASE
    here, there = (
        next(each["data"] for name, each in of(built, "ConfigMap").items() if name.startswith("settings-"))
        for built in (f"{overlay}/erasures", overlay)
    )
    assert {name: value for name, value in here.items() if name.startswith("KAFKA_")}.items() <= there.items()


def test_who_repeats_erasures_may_read_where_they_were_told_and_nothing_else() -> None:
    (user,) = of("production/erasures", "KafkaUser").values()
    read = {"type": "topic", "name": topic("intake"), "patternType": "literal"}
    assert user["spec"]["authorization"]["acls"] == [{"resource": read, "operations": ["Read", "Describe"]}]
    (job,) = of("production/erasures", "Job").values()
    assert {"name": "KAFKA_SASL_USERNAME", "value": "erasures"} in job["spec"]["template"]["spec"]["containers"][0][
        "env"
    ]


def test_kafka_s_operator_lets_in_whom_our_rules_let_in() -> None:
    (listener,) = of("production", "Kafka")["kafka"]["spec"]["kafka"]["listeners"]
    let_in = {name for peer in listener["networkPolicyPeers"] for name in _components(peer["podSelector"])}
    assert let_in == _components(of("production", "NetworkPolicy")["events-asked"]["spec"]["podSelector"])


@pytest.mark.parametrize("guide", [GUIDE, GUIDE.parent / "zh-CN/kubernetes.md"])
def test_what_the_guide_patches_for_a_restore_is_a_cluster_that_begins_with_the_backup(
    guide: Path, tmp_path: Path
) -> None:
    ours = os.path.relpath(K8S / "overlays/production", tmp_path)
    (patch,) = re.findall(r"```yaml\n(resources: \[.*?recovery.*?)```", guide.read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "kustomization.yaml").write_text(re.sub(r"^resources: .*", f"resources: [{ours}]", patch))
    built = subprocess.run([KUBECTL, "kustomize", tmp_path], capture_output=True, text=True, check=True).stdout
    (cluster,) = [each for each in yaml.safe_load_all(built) if each["kind"] == "Cluster"]
    assert list(problems(cluster)) == []
    spec = cluster["spec"]
    (before,) = spec["externalClusters"]
    assert spec["bootstrap"].keys() == {"recovery"}
    assert spec["bootstrap"]["recovery"]["source"] == before["name"]
    (archiver,) = spec["plugins"]
    assert before["plugin"]["parameters"]["serverName"] != archiver["parameters"]["serverName"]
    assert before["plugin"]["parameters"]["barmanObjectName"] == archiver["parameters"]["barmanObjectName"]


def test_topics_and_rights_are_those_that_the_code_needs() -> None:
    assert strimzi.FILE.read_text(encoding="utf-8") == strimzi.text()


def _files(volume: Any) -> Iterator[str]:
    """What a projected volume has."""
    for source in volume["projected"]["sources"]:
        (one,) = source.values()
        yield from (item["path"] for item in one["items"])


def _components(selector: Any) -> set[str]:
    """The components whose pods are selected by name."""
    label = "app.kubernetes.io/component"
    found = {selector["matchLabels"][label]} if label in selector.get("matchLabels", {}) else set()
    for each in selector.get("matchExpressions", ()):
        found |= set(each["values"]) if each["key"] == label else set()
    return found


def _millicores(template: Any) -> int:
    requests = [each["resources"]["requests"]["cpu"] for each in template["spec"]["containers"]]
    return sum(int(request.removesuffix("m")) for request in requests)


def _of_service(overlay: str, service: str) -> list[str]:
    own = [each for each in resources(overlay) if each["metadata"]["name"].partition("-")[0] == service]
    return sorted(yaml.safe_dump(each).replace(service, "NAME") for each in own if each["kind"] != "KafkaUser")


def _secrets(found: Any) -> set[str]:
    """The names of secrets anywhere below."""
    if isinstance(found, list | tuple):
        return {name for each in found for name in _secrets(each)}
    if not isinstance(found, dict):
        return set()
    named = {value for key, value in found.items() if key == "secretName" and isinstance(value, str)}
    own = (found[key] for key in ("secret", "secretKeyRef", "passwordSecret") if isinstance(found.get(key), dict))
    return (
        named
        | {each["name"] for each in own if "name" in each}
        | {n for value in found.values() for n in _secrets(value)}
    )
