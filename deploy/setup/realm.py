"""Keycloak's realm: deploy/keycloak/realm.json with a client for each service and for the front, and more if wished."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from deploy.devstack.issuer.clients import CONSOLE
from deploy.devstack.issuer.people import Person
from libs.services import EVENT_SERVICES

TEMPLATE = Path(__file__).parents[1] / "keycloak/realm.json"
PLAN = Path(__file__).parents[1] / "servers/access.json"


def realm(
    services: Mapping[str, str],
    more: Iterable[tuple[str, str, str]] = (),
    console: tuple[str, str] | None = None,
    people: Iterable[tuple[Person, str]] = (),
) -> str:
    """The realm with a client for each service by its secret, and clients (id, secret, role) beside them.

    A service's tokens are for the services that it hears, and the gateway hears all; the others' are taken everywhere.
    `console` is the front's secret and the address at which browsers reach it; `people` have passwords.
    """
    found, plan = json.loads(TEMPLATE.read_text()), json.loads(PLAN.read_text())["services"]
    more = list(more)
    heard = {name: {topic.partition(".")[0] for topic in plan[name]["reads"]} for name in plan}
    found["clients"] += [_service(name, secret, heard.get(name, EVENT_SERVICES)) for name, secret in services.items()]
    found["clients"] += [_client(id, secret, ["aftercare", "everywhere"], []) for id, secret, _ in more]
    found["clients"] += [_console(*console)] if console else []
    roles = [*((name, "service") for name in services), *((id, role) for id, _, role in more)]
    found["users"] = [*(_account(id, role) for id, role in roles), *(_person(*each) for each in people)]
    return json.dumps(found, ensure_ascii=False, indent=1)


def _service(name: str, secret: str, heard: Iterable[str]) -> dict[str, Any]:
    return _client(name, secret, ["aftercare"], [_audience(each) for each in sorted(heard)])


def _client(id: str, secret: str, scopes: Sequence[str], mappers: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """A client that speaks for itself, by its secret."""
    return {
        "clientId": id,
        "secret": secret,
        "serviceAccountsEnabled": True,
        "standardFlowEnabled": False,
        "publicClient": False,
        "fullScopeAllowed": True,
        "attributes": {"access.token.header.type.rfc9068": "true"},
        "defaultClientScopes": scopes,
        "optionalClientScopes": [],
        "protocolMappers": mappers,
    }


def _console(secret: str, url: str) -> dict[str, Any]:
    """A client that people sign in for, at this address and no other."""
    return {
        "clientId": CONSOLE,
        "name": "控制台 / Console",
        "secret": secret,
        "publicClient": False,
        "standardFlowEnabled": True,
        "directAccessGrantsEnabled": False,
        "fullScopeAllowed": True,
        "redirectUris": [f"{url}/auth/callback"],
        "webOrigins": [],
        "attributes": {
            "pkce.code.challenge.method": "S256",
            "post.logout.redirect.uris": f"{url}/",
            "access.token.header.type.rfc9068": "true",
        },
        "defaultClientScopes": ["aftercare", "everywhere"],
        "optionalClientScopes": [],
    }


def _person(person: Person, password: str) -> dict[str, Any]:
    attributes = {"region": person.region, "locale": person.locale}
    return {
        "username": person.username,
        "firstName": person.name,
        "enabled": True,
        "credentials": [{"type": "password", "value": password, "temporary": False}],
        "realmRoles": list(person.roles),
        "attributes": {name: [value] for name, value in attributes.items() if value},
    }


def _audience(service: str) -> dict[str, Any]:
    return {
        "name": f"audience-{service}",
        "protocol": "openid-connect",
        "protocolMapper": "oidc-audience-mapper",
        "config": {"included.custom.audience": service, "access.token.claim": "true"},
    }


def _account(client: str, role: str) -> dict[str, Any]:
    name = f"service-account-{client}"
    return {"username": name, "enabled": True, "serviceAccountClientId": client, "realmRoles": [role]}
