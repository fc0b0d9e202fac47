"""The development issuer: what it answers, and what it keeps."""

import base64
import subprocess
import sys
from pathlib import Path

import httpx
import jwt
import pytest

from deploy.devstack.issuer import Issuer
from deploy.devstack.plain_http import PLAIN
from libs.services import EVENT_SERVICES
from tests.chassis.conftest import LiveIssuer


def secret(issuer: LiveIssuer, client: str) -> str:
    return (issuer.state / "clients" / client).read_text()


def ask(issuer: LiveIssuer, **options: object) -> httpx.Response:
    return httpx.post(f"{issuer.url}/token", **PLAIN, **options)  # type: ignore[arg-type]  # httpx's own options


def test_discovery_names_itself_and_its_keys(issuer: LiveIssuer) -> None:
    told = httpx.get(f"{issuer.url}/.well-known/openid-configuration", **PLAIN).json()
    assert told["issuer"] == issuer.url
    (key,) = httpx.get(told["jwks_uri"], **PLAIN).json()["keys"]
    assert (key["kty"], key["alg"], key["kid"]) == ("RSA", "RS256", issuer.signer.kid)
    assert not {"d", "p", "q"} & set(key)


def test_a_token_says_who_for_whom_and_until_when(issuer: LiveIssuer) -> None:
    grant = {"grant_type": "client_credentials"}
    answer = ask(issuer, data=grant, auth=("dispatch", secret(issuer, "dispatch")))
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    token = answer.json()["access_token"]
    assert answer.json()["token_type"] == "Bearer"
    assert jwt.get_unverified_header(token) == {"alg": "RS256", "kid": issuer.signer.kid, "typ": "at+jwt"}
    claims = jwt.decode(token, options={"verify_signature": False})
    assert {"iss": issuer.url, "sub": "dispatch", "aud": "aftercare", "roles": ["service"]}.items() <= claims.items()
    assert claims["exp"] - claims["iat"] == answer.json()["expires_in"]
    assert claims["nbf"] == claims["iat"]
    assert claims["jti"]


def test_a_client_may_also_send_its_secret_in_the_form(issuer: LiveIssuer) -> None:
    form = {
        "grant_type": "client_credentials",
        "client_id": "role-auditor",
        "client_secret": secret(issuer, "role-auditor"),
    }
    claims = jwt.decode(ask(issuer, data=form).json()["access_token"], options={"verify_signature": False})
    assert claims["roles"] == ["auditor"]


@pytest.mark.parametrize(
    ("form", "client", "status", "error"),
    [
        ({}, "intake", 400, "invalid_request"),
        ({"grant_type": ["client_credentials", "password"]}, "intake", 400, "invalid_request"),
        ({"grant_type": "password"}, "intake", 400, "unsupported_grant_type"),
        ({"grant_type": "client_credentials"}, "nobody", 401, "invalid_client"),
        ({"grant_type": "client_credentials", "filler": "x" * 20_000}, "intake", 400, "invalid_request"),
    ],
)
def test_what_is_wrong_is_told_as_rfc_6749_says(
    issuer: LiveIssuer, form: dict[str, str], client: str, status: int, error: str
) -> None:
    answer = ask(issuer, data=form, auth=(client, secret(issuer, "intake")))
    assert (answer.status_code, answer.json()["error"]) == (status, error)


@pytest.mark.parametrize("header", ["Basic", "Basic !!!", "Basic " + base64.b64encode(b"nocolon").decode(), "Bearer x"])
def test_malformed_credentials_are_no_client(issuer: LiveIssuer, header: str) -> None:
    answer = ask(issuer, data={"grant_type": "client_credentials"}, headers={"Authorization": header})
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert answer.headers["www-authenticate"].startswith("Basic")


def test_key_and_secrets_are_for_their_owner_and_stay(tmp_path: Path) -> None:
    first, again = Issuer(tmp_path, "http://one"), Issuer(tmp_path, "http://two")
    assert first.jwk == again.jwk
    assert first.clients == again.clients
    assert set(EVENT_SERVICES) <= set(first.clients)
    assert {file.stat().st_mode & 0o777 for file in tmp_path.rglob("*") if file.is_file()} == {0o600}


def test_the_command_prints_a_token_and_nothing_else(issuer: LiveIssuer) -> None:
    command = [sys.executable, "-m", "deploy.devstack.issuer", "token", "--state", str(issuer.state)]
    told = [*command, "--role", "manager", "--hours", "8", "--issuer", issuer.url]
    done = subprocess.run(told, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    (token,) = done.stdout.splitlines()
    claims = jwt.decode(token, issuer.signer._key.public_key(), algorithms=["RS256"], audience="aftercare")
    assert (claims["roles"], claims["exp"] - claims["iat"]) == (["manager"], 8 * 3600)
