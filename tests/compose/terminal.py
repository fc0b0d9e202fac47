"""A person who signs in at a terminal, as `make login` lets them: in Keycloak's own pages, as a browser would.

Keycloak's administrator makes the person, with a role and a password, by the interface that its console uses.
"""

import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import httpx

from deploy.devstack.trouble import Trouble
from deploy.login import Login
from tests.compose.installation import Installation
from tests.console import filled_in

REALM = "aftercare"
AGREE, REFUSE = {"accept": "accept"}, {"cancel": "cancel"}
"""The two buttons of what Keycloak asks last."""


@dataclass(frozen=True)
class Person:
    """Somebody with a login of their own."""

    role: str
    name: str = field(default_factory=lambda: f"person-{uuid4().hex[:8]}")
    password: str = field(default_factory=lambda: uuid4().hex)


def registered(http: httpx.Client, keycloak: str, admin_password: str, person: Person) -> None:
    """Make the person in Keycloak, with their role."""
    form = {"grant_type": "password", "client_id": "admin-cli", "username": "admin", "password": admin_password}
    granted = http.post(f"{keycloak}/realms/master/protocol/openid-connect/token", data=form).raise_for_status()
    headers = {"Authorization": f"Bearer {granted.json()['access_token']}"}
    realm = f"{keycloak}/admin/realms/{REALM}"
    credential = {"type": "password", "value": person.password, "temporary": False}
    account = {"username": person.name, "firstName": "王芳", "enabled": True, "credentials": [credential]}
    made = http.post(f"{realm}/users", json=account, headers=headers).raise_for_status()
    role = http.get(f"{realm}/roles/{person.role}", headers=headers).raise_for_status().json()
    mapped = f"{made.headers['location']}/role-mappings/realm"
    http.post(mapped, json=[role], headers=headers).raise_for_status()


def answers(browser: httpx.Client, where: str, person: Person, answer: Mapping[str, str]) -> None:
    """Sign in at the address that the terminal shows, unless signed in already, and press a button."""
    page = browser.get(where).raise_for_status()
    if "password" in page.text:
        page = filled_in(browser, page, {"username": person.name, "password": person.password}).raise_for_status()
    filled_in(browser, page, answer).raise_for_status()


def tried(keycloak: str, ca_file: Path, admin_password: str) -> tuple[str, str]:
    """What a terminal gets when an operator refuses it, in words, and then the token when they agree."""
    trust, person = ssl.create_default_context(cafile=ca_file), Person("operator")
    with httpx.Client(verify=trust, trust_env=False, timeout=30, follow_redirects=True) as browser:
        registered(browser, keycloak, admin_password, person)
        login, refused = Login(f"{keycloak}/realms/{REALM}", browser), ""
        begun = login.begin()
        answers(browser, begun["verification_uri_complete"], person, REFUSE)
        try:
            login.token(begun)
        except Trouble as trouble:
            refused = str(trouble)
        begun = login.begin()
        answers(browser, begun["verification_uri_complete"], person, AGREE)
        return refused, login.token(begun)


def wrong(installation: Installation, service: str) -> list[str]:
    """What is wrong with signing in at a terminal, and with its token for the service of this address."""
    admin = (installation.secrets / "all/keycloak_admin").read_text()
    refused, token = tried(os.environ["KEYCLOAK_URL"], installation.ca_file, admin)
    headers = {"Authorization": f"Bearer {token}"}
    found = httpx.get(f"{service}/v1/operations/lanes", headers=headers, trust_env=False, timeout=60)
    return [
        *([] if "access_denied" in refused else [f"refused: {refused or 'it got a token'}"]),
        *([] if found.is_success else [f"{found.status_code} {found.text}"]),
    ]
