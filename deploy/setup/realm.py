"""Keycloak's realm: deploy/keycloak/realm.json with a client for each service, and more where they are wished for."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

TEMPLATE = Path(__file__).parents[1] / "keycloak/realm.json"


def realm(services: Mapping[str, str], more: Iterable[tuple[str, str, str]] = ()) -> str:
    """The realm with a client for each service by its secret, and clients (id, secret, role) beside them."""
    found = json.loads(TEMPLATE.read_text())
    clients = [*((name, secret, "service") for name, secret in services.items()), *more]
    found["clients"] += [_client(id, secret) for id, secret, _ in clients]
    found["users"] = [_account(id, role) for id, _, role in clients]
    return json.dumps(found, ensure_ascii=False, indent=1)


def _client(id: str, secret: str) -> dict[str, Any]:
    """A client that speaks for itself, by its secret."""
    return {
        "clientId": id,
        "secret": secret,
        "serviceAccountsEnabled": True,
        "standardFlowEnabled": False,
        "publicClient": False,
        "fullScopeAllowed": True,
        "attributes": {"access.token.header.type.rfc9068": "true"},
        "defaultClientScopes": ["aftercare"],
        "optionalClientScopes": [],
    }


def _account(client: str, role: str) -> dict[str, Any]:
    name = f"service-account-{client}"
    return {"username": name, "enabled": True, "serviceAccountClientId": client, "realmRoles": [role]}
