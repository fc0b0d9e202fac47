"""What `make configure` writes: everything once, each secret for one reader, certificates that fit."""

import json
import os
import ssl
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from deploy.devstack.environment import read_environment
from deploy.devstack.trouble import Trouble
from deploy.servers.plan import plan
from deploy.setup.__main__ import NAMES, Installation
from deploy.setup.authority import Authority, fits
from deploy.setup.profiles import BROKERS, CLUSTER, OBSERVABILITY
from libs.services import EVENT_SERVICES, SERVICES

URL = "https://login.example.org"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation, whoever runs the tests: only root may give files away."""
    monkeypatch.setattr(os, "chown", lambda *_: None)
    Installation(tmp_path).write(URL)
    return tmp_path


def files(folder: Path) -> dict[str, tuple[str, int]]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): (path.read_text(), path.stat().st_mtime_ns) for path in found}


def test_nobody_else_reads_a_secret(folder: Path) -> None:
    secrets = folder / "secrets"
    closed = [path for path in secrets.rglob("*") if path.parts[len(secrets.parts)] != "public"]
    assert {oct(path.stat().st_mode & 0o777) for path in closed if path.is_file()} == {"0o600"}
    assert {oct(path.stat().st_mode & 0o777) for path in closed if path.is_dir()} == {"0o700"}
    assert {path.name for path in (secrets / "public").iterdir()} == {"ca.pem", "link_keys.json"}


@pytest.mark.parametrize("url", [URL, f"{URL}/"])
def test_a_second_run_changes_nothing(folder: Path, url: str) -> None:
    before = files(folder / "secrets")
    Installation(folder).write(url)
    assert files(folder / "secrets") == before
    assert read_environment(folder / ".env")["KEYCLOAK_URL"] == URL


def test_a_password_that_was_removed_is_new_for_the_server_and_for_who_uses_it(folder: Path) -> None:
    secrets = folder / "secrets"
    old = (secrets / "all/intake_app").read_text()
    (secrets / "all/intake_app").unlink()
    Installation(folder).write(URL)
    new = (secrets / "all/intake_app").read_text()
    assert new != old
    assert (secrets / "intake/database").read_text() == (secrets / "setup/intake_app").read_text() == new


def test_a_service_sees_its_own_secrets_and_no_owners(folder: Path) -> None:
    for service in SERVICES:
        seen = {path.name for path in (folder / "secrets" / service).iterdir()}
        own = (
            {"kafka"}
            if service in EVENT_SERVICES
            else {"console", "link_keys", "seal_key", "server.crt", "server.key", "server.pem"}
        )
        assert seen == {"actor_key", "client", "database", *own}
    keys = {(folder / "secrets" / service / "actor_key").read_text() for service in SERVICES}
    assert len(keys) == 1


@pytest.mark.parametrize("server", ["postgres", "kafka", "keycloak", "gateway"])
def test_a_servers_certificate_is_the_authoritys(folder: Path, server: str) -> None:
    own = folder / "secrets" / server
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(folder / "secrets/public/ca.pem"))
    context.load_cert_chain(own / "server.crt", own / "server.key")
    hosts = {"keycloak": ["login.example.org"], "gateway": ["localhost"]}
    names = [*NAMES[server], "localhost", *hosts.get(server, ())]
    now = datetime.now(UTC)
    assert fits(own / "server.crt", names, now)
    assert not fits(own / "server.crt", [*names, "another"], now)
    assert not fits(own / "server.crt", names, now + timedelta(days=370))


def test_a_certificate_that_ends_soon_is_made_anew_by_the_same_authority(folder: Path) -> None:
    secrets = folder / "secrets"
    authority, old = (secrets / "public/ca.pem").read_text(), (secrets / "kafka/server.crt").read_text()
    _, short = Authority(secrets / "public/ca.pem", secrets / "all/ca.key").issue([*BROKERS, "localhost"], days=20)
    (secrets / "kafka/server.crt").write_text(short)
    Installation(folder).write(URL)
    assert (secrets / "kafka/server.crt").read_text() not in (old, short)
    assert (secrets / "public/ca.pem").read_text() == authority


def test_the_realm_has_a_client_for_each_service_that_may_only_be_a_service(folder: Path) -> None:
    realm = json.loads((folder / "secrets/keycloak/import/realm.json").read_text())
    clients = {client["clientId"]: client for client in realm["clients"]}
    assert set(clients) == {"aftercare", "aftercare-terminal", "aftercare-console", *SERVICES}
    assert {user["serviceAccountClientId"]: user["realmRoles"] for user in realm["users"]} == {
        service: ["service"] for service in SERVICES
    }
    assert clients["intake"]["secret"] == (folder / "secrets/intake/client").read_text()


def test_people_sign_in_for_the_front_at_its_address_alone(folder: Path) -> None:
    Installation(folder).write(gateway_url="https://care.example.org/")
    Installation(folder).write()
    realm = json.loads((folder / "secrets/keycloak/import/realm.json").read_text())
    (console,) = [client for client in realm["clients"] if client["clientId"] == "aftercare-console"]
    assert console["secret"] == (folder / "secrets/all/client_aftercare-console").read_text()
    assert console["redirectUris"] == ["https://care.example.org/auth/callback"]
    assert console["attributes"]["post.logout.redirect.uris"] == "https://care.example.org/"
    assert read_environment(folder / ".env")["GATEWAY_URL"] == "https://care.example.org"


def test_a_services_tokens_are_for_those_that_it_hears_and_peoples_for_all(folder: Path) -> None:
    realm = json.loads((folder / "secrets/keycloak/import/realm.json").read_text())
    scopes = {scope["name"]: audiences(scope) for scope in realm["clientScopes"]}
    clients = {client["clientId"]: client for client in realm["clients"]}
    for name, client in clients.items():
        inherited = [audience for scope in client["defaultClientScopes"] for audience in scopes[scope]]
        reads = plan()["services"][name]["reads"] if name in EVENT_SERVICES else []
        heard = {topic.partition(".")[0] for topic in reads} if name != "gateway" else set(EVENT_SERVICES)
        assert {*inherited, *audiences(client)} == (heard if name in SERVICES else {"aftercare"})


def audiences(of: Mapping[str, Any]) -> list[str]:
    mappers = [each for each in of.get("protocolMappers", []) if each["protocolMapper"] == "oidc-audience-mapper"]
    return [each["config"]["included.custom.audience"] for each in mappers]


def test_a_profile_and_an_address_are_kept_by_later_runs(folder: Path) -> None:
    assert "COMPOSE_PROFILES" not in read_environment(folder / ".env")
    Installation(folder).write(profiles=CLUSTER)
    Installation(folder).write()
    environment = read_environment(folder / ".env")
    assert environment["KEYCLOAK_URL"] == URL
    assert environment["COMPOSE_PROFILES"] == CLUSTER
    assert environment["KAFKA_QUORUM"] == "1@kafka:9093,2@kafka-2:9093,3@kafka-3:9093"


@pytest.mark.parametrize("order", [(CLUSTER, OBSERVABILITY), (OBSERVABILITY, CLUSTER)])
def test_a_profile_joins_those_of_before(folder: Path, order: tuple[str, str]) -> None:
    for profile in (*order, order[0]):
        Installation(folder).write(profiles=profile)
    environment = read_environment(folder / ".env")
    assert environment["COMPOSE_PROFILES"] == ",".join(order)
    assert environment["POSTGRES_REPLICA"] == "true"


def test_a_profile_that_is_none_is_told(folder: Path) -> None:
    with pytest.raises(Trouble, match="no profile"):
        Installation(folder).write(URL, profiles="clusters")


def test_the_gateways_address_is_kept_and_in_its_certificate(folder: Path) -> None:
    Installation(folder).write(gateway_url="https://care.example.org/")
    Installation(folder).write()
    assert read_environment(folder / ".env")["GATEWAY_URL"] == "https://care.example.org"
    names = [*NAMES["gateway"], "localhost", "care.example.org"]
    assert fits(folder / "secrets/gateway/server.crt", names, datetime.now(UTC))


def test_an_address_that_is_none_is_told(folder: Path) -> None:
    with pytest.raises(Trouble, match="no address"):
        Installation(folder).write("login")
