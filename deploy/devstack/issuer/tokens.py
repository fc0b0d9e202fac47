"""The token endpoint (RFC 6749 §3.2): what a client gets for itself, for a code, or for a refresh token."""

from typing import Any
from urllib.parse import parse_qs

from deploy.devstack.issuer.clients import Client, authenticated
from deploy.devstack.issuer.errors import OAuthError
from deploy.devstack.issuer.grants import Grant, Grants
from deploy.devstack.issuer.signing import PERSON_TOKEN_SECONDS, TOKEN_SECONDS, Issuer

GRANT_TYPES = ("client_credentials", "authorization_code", "refresh_token")


def token_answer(issuer: Issuer, grants: Grants, body: bytes, authorization: str | None, at: float) -> dict[str, Any]:
    """What a form is answered. Raises OAuthError."""
    fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
    if any(len(values) > 1 for values in fields.values()) or "grant_type" not in fields:
        raise OAuthError(400, "invalid_request", "grant_type is needed, and each parameter once")
    form = {name: values[0] for name, values in fields.items()}
    client = authenticated(issuer.clients, form, authorization)
    match form["grant_type"]:
        case "client_credentials":
            return _for_itself(issuer, client)
        case "authorization_code":
            grant, refresh = grants.redeemed(form, client, at)
            return _for_a_person(issuer, grant, refresh, grant.request.nonce)
        case "refresh_token":
            return _for_a_person(issuer, *grants.refreshed(form, client, at), nonce=None)
        case _:
            raise OAuthError(400, "unsupported_grant_type", f"one of {', '.join(GRANT_TYPES)}")


def _for_itself(issuer: Issuer, client: Client) -> dict[str, Any]:
    if not client.roles:
        raise OAuthError(400, "unauthorized_client", "this client speaks for people only")
    token = issuer.token(client.id, client.roles, TOKEN_SECONDS)
    return {"access_token": token, "token_type": "Bearer", "expires_in": TOKEN_SECONDS}


def _for_a_person(issuer: Issuer, grant: Grant, refresh_token: str, nonce: str | None) -> dict[str, Any]:
    person, client = grant.sign_in.person, grant.request.client.id
    access = issuer.token(person.username, person.roles, PERSON_TOKEN_SECONDS, person.name, person.region, client)
    return {
        "access_token": access,
        "token_type": "Bearer",
        "expires_in": PERSON_TOKEN_SECONDS,
        "refresh_token": refresh_token,
        "id_token": issuer.id_token(grant.sign_in, client, nonce),
        "scope": "openid",
    }
