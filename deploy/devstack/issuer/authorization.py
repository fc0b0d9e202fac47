"""The request with which a client sends a person to sign in (RFC 6749 §4.1.1, PKCE, OpenID Connect §3.1.2.1)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode

from deploy.devstack.issuer.clients import Client
from deploy.devstack.issuer.errors import Shown

LONGEST = 2048
"""Characters of a parameter."""
CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")


class Declined(Exception):
    """An error that the client is told at the address to which it would have the person come back."""

    def __init__(self, request: "AuthorizationRequest", error: str, description: str) -> None:
        super().__init__(description)
        self.request, self.error = request, error


@dataclass(frozen=True)
class AuthorizationRequest:
    """Who asks, and what the person is sent back with."""

    client: Client
    redirect_uri: str
    state: str | None
    nonce: str | None
    challenge: str
    prompt: frozenset[str]

    def answer(self, issuer: str, **parameters: str) -> str:
        """The address to send the person to, with `state` as it came and `iss` (RFC 9207)."""
        state = {} if self.state is None else {"state": self.state}
        return f"{self.redirect_uri}?{urlencode({**parameters, **state, 'iss': issuer})}"

    def refusal(self, issuer: str, error: str, description: str) -> str:
        return self.answer(issuer, error=error, error_description=description)


def asked(query: str, clients: Mapping[str, Client]) -> AuthorizationRequest:
    """The request of an address. Parameters that nobody knows are ignored. Raises Shown, Declined."""
    fields = single(query)
    client = clients.get(fields.get("client_id", ""))
    if client is None or not client.redirects_to(fields.get("redirect_uri", "")):
        raise Shown("unknown-client")
    prompt = frozenset(fields.get("prompt", "").split())
    request = AuthorizationRequest(
        client,
        fields["redirect_uri"],
        fields.get("state"),
        fields.get("nonce"),
        fields.get("code_challenge", ""),
        prompt,
    )
    if fault := _fault(fields, request):
        raise Declined(request, *fault)
    return request


def single(query: str) -> dict[str, str]:
    """The parameters of a query or a form, each of which comes once. Raises Shown."""
    fields = parse_qs(query, keep_blank_values=True, errors="replace")
    if any(len(values) > 1 or len(values[0]) > LONGEST for values in fields.values()):
        raise Shown("malformed")
    return {name: values[0] for name, values in fields.items()}


def _fault(fields: Mapping[str, str], request: AuthorizationRequest) -> tuple[str, str] | None:
    if fields.get("response_type") != "code":
        return "unsupported_response_type", "only code"
    if "openid" not in fields.get("scope", "").split():
        return "invalid_scope", "scope openid is needed"
    if fields.get("code_challenge_method") != "S256" or not CHALLENGE.fullmatch(request.challenge):
        return "invalid_request", "PKCE by S256 is needed"
    return None
