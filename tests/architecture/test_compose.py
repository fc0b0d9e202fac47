"""deploy/compose.yaml runs exactly our services, all alike, each with what it needs and no more."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # it has none

from deploy.rollout import ORDER, processes
from deploy.servers.plan import PLAN, text
from deploy.setup.profiles import CLUSTER, PROFILES
from libs.services import EVENT_SERVICES, PROCESSES, SERVICES

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = ROOT / "deploy/compose.yaml"
BROKERS = {"kafka", "kafka-2", "kafka-3"}
ONE_SHOTS = {"databases", "access", "erasures", "rebuild"}
OTHERS = {"postgres", "postgres-replica", *BROKERS, "keycloak", *ONE_SHOTS, "prometheus"}
SECRET = re.compile(r"PASSWORD=|password:|secret:", re.IGNORECASE)


@pytest.fixture(scope="module")
def composed() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))
    return found


def test_each_service_answers_works_and_is_migrated(composed: dict[str, Any]) -> None:
    ours = {f"{name}{part}" for name in EVENT_SERVICES for part in ("", "-worker", "-migrate")}
    ours |= {f"{name}{part}" for name in PROCESSES for part in ("", "-migrate")}
    assert set(composed["services"]) == ours | OTHERS


@pytest.mark.parametrize("service", EVENT_SERVICES[1:])
def test_services_differ_by_name_and_port_alone(service: str, composed: dict[str, Any]) -> None:
    first = EVENT_SERVICES[0]
    for part in ("", "-worker", "-migrate"):
        one, other = (yaml.safe_dump(composed["services"][f"{name}{part}"]) for name in (first, service))
        assert _plain(other, service) == _plain(one, first)


def test_a_rollout_replaces_every_process_of_ours(composed: dict[str, Any]) -> None:
    tagged = {name: each for name, each in composed["services"].items() if "AFTERCARE_TAG" in each.get("image", "")}
    replaced = {name for service in ORDER for name in processes(service)}
    assert replaced == {name for name, each in tagged.items() if each["restart"] == "unless-stopped"}


def test_every_container_is_held_short(composed: dict[str, Any]) -> None:
    for name, each in composed["services"].items():
        assert each["read_only"], name
        assert each["cap_drop"] == ["ALL"], name
        assert each["security_opt"] == ["no-new-privileges:true"], name
        assert each["mem_limit"], name
        assert each["logging"]["options"]["max-size"], name
        assert not each.get("privileged"), name


def test_only_who_needs_it_reaches_a_database(composed: dict[str, Any]) -> None:
    near = {name for name, each in composed["services"].items() if "database" in each["networks"]}
    assert near == set(composed["services"]) - {*BROKERS, "access", "prometheus"}
    assert all(composed["networks"][name]["internal"] for name in ("database", "events", "identity", "services"))
    assert {name for name, each in composed["services"].items() if "ports" in each} == {
        *SERVICES,
        "keycloak",
        "prometheus",
    }


def test_the_gateway_reaches_no_kafka_and_every_service(composed: dict[str, Any]) -> None:
    gateway = composed["services"]["gateway"]
    assert "events" not in gateway["networks"]
    assert not [name for name in gateway["environment"] if name.startswith("KAFKA_")]
    upstreams = {f"{name.upper()}_URL": f"http://{name}:8100" for name in EVENT_SERVICES}
    assert upstreams.items() <= gateway["environment"].items()


def test_no_password_stands_in_the_file_or_in_an_environment() -> None:
    assert not SECRET.findall(COMPOSE.read_text(encoding="utf-8"))


def test_every_one_shot_is_waited_for(composed: dict[str, Any]) -> None:
    waited = {
        name
        for each in composed["services"].values()
        for name, how in each.get("depends_on", {}).items()
        if how["condition"] == "service_completed_successfully"
    }
    assert waited == {"databases", "access", *(f"{name}-migrate" for name in SERVICES)}


def test_rights_at_kafka_are_those_that_the_code_needs() -> None:
    assert PLAN.read_text(encoding="utf-8") == text()


@pytest.mark.parametrize(
    ("name", "first"), [("kafka-2", "kafka"), ("kafka-3", "kafka"), ("postgres-replica", "postgres")]
)
def test_what_a_cluster_adds_is_like_what_is_there(name: str, first: str, composed: dict[str, Any]) -> None:
    one, other = composed["services"][first], composed["services"][name]
    assert other["profiles"] == ["cluster"]
    differ = {key for key in {**one, **other} if one.get(key) != other.get(key)}
    assert differ <= {"profiles", "environment", "volumes", "depends_on", "healthcheck", "build"}
    own = f"{name}:"
    assert [each.replace(own, f"{first}:") for each in other["volumes"]] == one["volumes"]


def test_each_broker_is_another_of_one_quorum(composed: dict[str, Any]) -> None:
    settings = {name: dict(composed["services"][name]["environment"]) for name in BROKERS}
    nodes = {name: each.pop("NODE") for name, each in settings.items()}
    assert {f"{node}:9093" for node in nodes.values()} == set(PROFILES[CLUSTER]["KAFKA_QUORUM"].split(","))
    assert all(node.endswith(f"@{name}") for name, node in nodes.items())
    assert len({str(sorted(each.items())) for each in settings.values()}) == 1


def test_every_setting_of_a_profile_is_one_of_the_file() -> None:
    text = COMPOSE.read_text(encoding="utf-8")
    for name in {name for profile in PROFILES.values() for name in profile}:
        assert f"${{{name}:-" in text, name


def _plain(stanza: str, name: str) -> str:
    """A stanza without what may differ; the addresses of all services are in each."""
    alike = stanza.replace(name.upper(), "NAME").replace(name, "name")
    lines = re.sub(r"127\.0\.0\.1:81\d\d", "PORT", alike).splitlines()
    return "\n".join(sorted(line for line in lines if "_INTERNAL_URL" not in line))
