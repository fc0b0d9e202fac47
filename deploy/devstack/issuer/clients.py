"""Clients: who may ask for tokens, and whose people may come to sign in."""

import re
import secrets
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote_plus

from deploy.devstack.issuer.errors import OAuthError
from deploy.devstack.issuer.people import ROLES
from deploy.devstack.issuer.state import kept_text, new_secret
from libs.services import SERVICES

CONSOLE = "aftercare-console"
HERE = r"https?://(127\.0\.0\.1|localhost)(:[0-9]{1,5})?"
"""A front on this machine, at any port."""


@dataclass(frozen=True)
class Client:
    """Its secret, and the roles of the tokens that it gets for itself.

    `redirects` and `after` are the addresses to which people come back signed in and signed out, as patterns of the
    whole; without them nobody signs in for this client.
    """

    id: str
    secret: str
    roles: tuple[str, ...] = ()
    redirects: str = r"(?!)"
    after: str = r"(?!)"

    def redirects_to(self, address: str) -> bool:
        return re.fullmatch(self.redirects, address) is not None

    def leaves_to(self, address: str) -> bool:
        return re.fullmatch(self.after, address) is not None


def clients(state: Path) -> list[Client]:
    """Each service, the gateway among them, each role, and the front."""
    held = dict.fromkeys(SERVICES, ("service",)) | {f"role-{role}": (role,) for role in ROLES}
    return [
        *(Client(name, _secret(state, name), roles) for name, roles in held.items()),
        Client(CONSOLE, _secret(state, CONSOLE), redirects=f"{HERE}/auth/callback", after=f"{HERE}/"),
    ]


def _secret(state: Path, name: str) -> str:
    return kept_text(state / "clients" / name, new_secret)


def authenticated(known: Mapping[str, Client], form: Mapping[str, str], authorization: str | None) -> Client:
    """The client that proves itself in the header or in the form. Raises OAuthError."""
    stated = (form.get("client_id", ""), form.get("client_secret", ""))
    id, secret = _basic(authorization) if authorization else stated
    client = known.get(id)
    if not secrets.compare_digest(secret.encode(), (client.secret if client else secrets.token_hex()).encode()):
        raise OAuthError(401, "invalid_client", "unknown client or wrong secret")
    assert client is not None  # nobody guesses the secret of a client that is not there
    return client


def _basic(authorization: str) -> tuple[str, str]:
    scheme, _, encoded = authorization.partition(" ")
    try:
        id, colon, secret = b64decode(encoded, validate=True).decode().partition(":")
    except (NotBase64, ValueError):
        scheme, id, colon, secret = "", "", "", ""
    if scheme.lower() != "basic" or not colon:
        raise OAuthError(401, "invalid_client", "HTTP Basic credentials are malformed")
    return unquote_plus(id), unquote_plus(secret)
