"""A small OIDC issuer for the demo, the tests and `make up`: discovery, keys, and tokens by client credentials.

`python -m deploy.devstack.issuer --port 8100 --state .run/issuer` serves; `python -m deploy.devstack.issuer token
--state .run/issuer --role agent --hours 8 --issuer http://127.0.0.1:8100` prints a token and nothing else. Its key and
its clients' secrets are made at first start, readable by their owner only, and stay: STATE/clients/<service> for a
service's own calls, STATE/clients/role-<role> for a person's role. In production any OIDC issuer does.
"""

import argparse
import base64
import hashlib
import json
import os
import secrets
import time
from binascii import Error as NotBase64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote_plus
from uuid import uuid4

import jwt
import uvicorn
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from jwt.algorithms import RSAAlgorithm

from libs.chassis.http.connection import HttpConnection
from libs.services import SERVICES

AUDIENCE = "aftercare"
ROLES = (
    *("agent", "triage", "manager", "dispatcher", "engineer", "custodian", "director"),
    *("auditor", "operator", "service"),
)
TOKEN_SECONDS = 900
MAX_FORM_BYTES = 16 * 1024
NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}


class OAuthError(Exception):
    """An error answer of RFC 6749 §5.2."""

    def __init__(self, status: int, error: str, description: str) -> None:
        super().__init__(description)
        self.status, self.error = status, error


def _kept(path: Path, make: Callable[[], bytes]) -> bytes:
    """What the file holds; made at the first call, mode 0600, complete from the moment it is there."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{uuid4().hex}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(make())
        try:
            os.link(draft, path)
        except FileExistsError:  # another process was first: its content counts
            pass
        finally:
            draft.unlink()
    return path.read_bytes()


def _new_key() -> bytes:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _new_secret() -> bytes:
    return secrets.token_urlsafe(32).encode()


@dataclass(frozen=True)
class Client:
    """Who may ask for tokens: its secret, and the roles that its tokens carry."""

    id: str
    secret: str
    roles: tuple[str, ...]


class Issuer:
    """Signs tokens with the one key that lives in the state directory; `url` is their `iss`."""

    def __init__(self, state: Path, url: str) -> None:
        self.url = url
        key = serialization.load_pem_private_key(_kept(state / "key.pem", _new_key), password=None)
        if not isinstance(key, rsa.RSAPrivateKey):
            raise SystemExit(f"{state / 'key.pem'} is no RSA key: remove it and start again")
        self._key = key
        public: dict[str, Any] = json.loads(RSAAlgorithm.to_jwk(key.public_key()))
        thumbprint = json.dumps({name: public[name] for name in ("e", "kty", "n")}, separators=(",", ":"))
        self.kid = base64.urlsafe_b64encode(hashlib.sha256(thumbprint.encode()).digest()).decode().rstrip("=")
        self.jwk = {"kty": "RSA", "n": public["n"], "e": public["e"], "use": "sig", "alg": "RS256", "kid": self.kid}
        self.clients = {client.id: client for client in _clients(state)}

    def token(
        self, subject: str, roles: Sequence[str], seconds: float, name: str | None = None, region: str | None = None
    ) -> str:
        """An access token (RFC 9068) for `subject`, valid from now for `seconds`; empty claims are left out."""
        now = int(time.time())
        claims = {
            "iss": self.url,
            "sub": subject,
            "aud": AUDIENCE,
            "client_id": subject,
            "iat": now,
            "nbf": now,
            "exp": now + int(seconds),
            "jti": str(uuid4()),
            "roles": list(roles),
            **{claim: value for claim, value in (("name", name), ("region", region)) if value},
        }
        return jwt.encode(claims, self._key, algorithm="RS256", headers={"kid": self.kid, "typ": "at+jwt"})

    def grant(self, form: dict[str, list[str]], authorization: str | None) -> dict[str, Any]:
        """The answer of the token endpoint. Raises OAuthError."""
        if any(len(values) > 1 for values in form.values()) or "grant_type" not in form:
            raise OAuthError(400, "invalid_request", "grant_type is needed, and each parameter once")
        client = self._authenticated(form, authorization)
        if form["grant_type"] != ["client_credentials"]:
            raise OAuthError(400, "unsupported_grant_type", "only client_credentials")
        token = self.token(client.id, client.roles, TOKEN_SECONDS)
        return {"access_token": token, "token_type": "Bearer", "expires_in": TOKEN_SECONDS}

    def _authenticated(self, form: dict[str, list[str]], authorization: str | None) -> Client:
        id, secret = _basic(authorization) if authorization else (_one(form, "client_id"), _one(form, "client_secret"))
        client = self.clients.get(id)
        if not secrets.compare_digest(secret.encode(), (client.secret if client else secrets.token_hex()).encode()):
            raise OAuthError(401, "invalid_client", "unknown client or wrong secret")
        assert client is not None  # nobody guesses the secret of a client that is not there
        return client


def _clients(state: Path) -> list[Client]:
    held = dict.fromkeys(SERVICES, ("service",)) | {f"role-{role}": (role,) for role in ROLES}
    return [
        Client(name, _kept(state / "clients" / name, _new_secret).decode().strip(), roles)
        for name, roles in held.items()
    ]


def _one(form: dict[str, list[str]], name: str) -> str:
    return form.get(name, [""])[0]


def _basic(authorization: str) -> tuple[str, str]:
    scheme, _, encoded = authorization.partition(" ")
    try:
        id, colon, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (NotBase64, ValueError):
        scheme, id, colon, secret = "", "", "", ""
    if scheme.lower() != "basic" or not colon:
        raise OAuthError(401, "invalid_client", "HTTP Basic credentials are malformed")
    return unquote_plus(id), unquote_plus(secret)


def application(issuer: Issuer) -> FastAPI:
    """The issuer over HTTP."""
    app = FastAPI(title="Aftercare development issuer", docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/.well-known/openid-configuration")
    async def discovery() -> dict[str, Any]:
        return {
            "issuer": issuer.url,
            "jwks_uri": f"{issuer.url}/jwks",
            "token_endpoint": f"{issuer.url}/token",
            "grant_types_supported": ["client_credentials"],
            "response_types_supported": [],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        }

    @app.get("/jwks")
    async def jwks() -> dict[str, Any]:
        return {"keys": [issuer.jwk]}

    @app.post("/token")
    async def token(request: Request) -> JSONResponse:
        form = parse_qs((await _form(request)).decode("utf-8", "replace"), keep_blank_values=True)
        return JSONResponse(issuer.grant(form, request.headers.get("authorization")), headers=NO_STORE)

    @app.exception_handler(OAuthError)
    async def refuse(_request: Request, error: OAuthError) -> JSONResponse:
        body = {"error": error.error, "error_description": str(error)}
        challenge = {"WWW-Authenticate": 'Basic realm="token"'} if error.status == 401 else {}
        return JSONResponse(body, error.status, NO_STORE | challenge)

    return app


async def _form(request: Request) -> bytes:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MAX_FORM_BYTES:
            raise OAuthError(400, "invalid_request", "the form is too long")
    return body


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m deploy.devstack.issuer", description="A small OIDC issuer for development."
    )
    parser.add_argument("command", nargs="?", choices=["serve", "token"], default="serve")
    parser.add_argument("--state", type=Path, required=True, help="folder of the key and the clients' secrets")
    parser.add_argument("--port", type=int, default=8100, help="on 127.0.0.1")
    parser.add_argument("--issuer", help="the tokens' iss; default: http://127.0.0.1:PORT")
    parser.add_argument("--role", choices=ROLES, action="append", help="of the token; may be given more than once")
    parser.add_argument("--subject", help="of the token; default: role-<role>")
    parser.add_argument("--name", help="of the person, as histories show it")
    parser.add_argument("--region", help="where the person works")
    parser.add_argument("--hours", type=float, default=8.0, help="life of the token")
    return parser.parse_args()


def main() -> None:
    """Serve, or print one token."""
    arguments = _arguments()
    issuer = Issuer(arguments.state, arguments.issuer or f"http://127.0.0.1:{arguments.port}")
    if arguments.command == "token":
        roles = arguments.role or ["agent"]
        subject, seconds = arguments.subject or f"role-{roles[0]}", arguments.hours * 3600
        print(issuer.token(subject, roles, seconds, arguments.name, arguments.region))
        return
    port: int = arguments.port
    config = uvicorn.Config(
        application(issuer), "127.0.0.1", port, http=HttpConnection, log_level="warning", access_log=False
    )
    uvicorn.Server(config).run()


if __name__ == "__main__":
    main()
