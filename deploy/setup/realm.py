"""Keycloak's realm: deploy/keycloak/realm.json with a client for each service, and more where they are wished for."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

TEMPLATE = Path(__file__).parents[1] / "keycloak/realm.json"
PLAN = Path(__file__).parents[1] / "servers/access.json"


def realm(services: Mapping[str, str], more: Iterable[tuple[str, str, str]] = ()) -> str:
    """The realm with a client for each service by its secret, and clients (id, secret, role) beside them.

    A service's tokens are for the services that it hears; the others' are taken everywhere.
    """
    found, plan = json.loads(TEMPLATE.read_text()), json.loads(PLAN.read_text())["services"]
    more = list(more)
    found["clients"] += [_service(name, secret, plan[name]["reads"]) for name, secret in services.items()]
    found["clients"] += [_client(id, secret, ["aftercare", "everywhere"], []) for id, secret, _ in more]
    roles = [*((name, "service") for name in services), *((id, role) for id, _, role in more)]
    found["users"] = [_account(id, role) for id, role in roles]
    return json.dumps(found, ensure_ascii=False, indent=1)


def _service(name: str, secret: str, topics: Iterable[str]) -> dict[str, Any]:
    heard = sorted({topic.partition(".")[0] for topic in topics})
    return _client(name, secret, ["aftercare"], [_audience(each) for each in heard])


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
