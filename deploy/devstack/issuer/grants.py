"""What a sign-in gives a client: a code, and for it refresh tokens, one after the other.

Only the last of a chain counts. Who shows an earlier one, or shows one wrongly, ends the chain: it was stolen. All is
in memory.
"""

import hashlib
import re
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass

from deploy.devstack.issuer.authorization import AuthorizationRequest
from deploy.devstack.issuer.clients import Client
from deploy.devstack.issuer.errors import OAuthError
from deploy.devstack.issuer.sign_ins import SignIn, SignIns
from deploy.devstack.issuer.state import new_secret

CODE_SECONDS = 60
VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


@dataclass
class Grant:
    """A chain: what was asked for, by whom it was granted, the secret that counts now, and until when."""

    request: AuthorizationRequest
    sign_in: SignIn
    secret: str
    code_until: float | None
    """None once the code was redeemed."""


class Grants:
    """Those of sign-ins that go on."""

    def __init__(self, sign_ins: SignIns) -> None:
        self._sign_ins = sign_ins
        self._chains: dict[str, Grant] = {}

    def code(self, request: AuthorizationRequest, sign_in: SignIn, at: float) -> str:
        """A code: once, for 60 seconds, for the client, address and verifier that the request names."""
        self._chains = {id: grant for id, grant in self._chains.items() if self._lives(grant, at)}
        id, secret = new_secret(), new_secret()
        self._chains[id] = Grant(request, sign_in, secret, at + CODE_SECONDS)
        return f"{id}.{secret}"

    def redeemed(self, form: Mapping[str, str], client: Client, at: float) -> tuple[Grant, str]:
        """What a code grants, and its first refresh token. Raises OAuthError."""
        id, grant = self._shown(form.get("code", ""), client, at)
        fits = form.get("redirect_uri") == grant.request.redirect_uri and verified(
            form.get("code_verifier", ""), grant.request.challenge
        )
        if grant.code_until is None or not fits:
            raise self._refused(id)
        return grant, self._next(id, grant)

    def refreshed(self, form: Mapping[str, str], client: Client, at: float) -> tuple[Grant, str]:
        """What a refresh token grants, and the one that counts from now on. Raises OAuthError."""
        id, grant = self._shown(form.get("refresh_token", ""), client, at)
        if grant.code_until is not None:
            raise self._refused(id)
        return grant, self._next(id, grant)

    def _shown(self, token: str, client: Client, at: float) -> tuple[str, Grant]:
        id, _, secret = token.partition(".")
        grant = self._chains.get(id)
        current = secrets.compare_digest(secret.encode(), (grant.secret if grant else new_secret()).encode())
        if grant is None or not current or grant.request.client != client or not self._lives(grant, at):
            raise self._refused(id)
        return id, grant

    def _next(self, id: str, grant: Grant) -> str:
        grant.secret, grant.code_until = new_secret(), None
        return f"{id}.{grant.secret}"

    def _refused(self, id: str) -> OAuthError:
        self._chains.pop(id, None)
        return OAuthError(400, "invalid_grant", "unknown, used, ended, or meant for another")

    def _lives(self, grant: Grant, at: float) -> bool:
        return self._sign_ins.goes_on(grant.sign_in, at) and (grant.code_until is None or at < grant.code_until)


def verified(verifier: str, challenge: str) -> bool:
    """Whether the challenge was made of this verifier by S256 (RFC 7636)."""
    made = urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=")
    return VERIFIER.fullmatch(verifier) is not None and secrets.compare_digest(made, challenge.encode())
