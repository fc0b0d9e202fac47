"""Tokens, signed with the one key that lives in the state folder."""

import base64
import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm
from jwt.types import Options

from deploy.devstack.issuer.clients import clients
from deploy.devstack.issuer.sign_ins import SignIn
from deploy.devstack.issuer.state import kept

AUDIENCE = "aftercare"
TOKEN_SECONDS = 900
PERSON_TOKEN_SECONDS = 300
"""So long a token of a person serves after they signed out."""


class Issuer:
    """Signs tokens with the key of the state folder; `url` is their `iss`."""

    def __init__(self, state: Path, url: str) -> None:
        self.state, self.url = state, url
        key = serialization.load_pem_private_key(kept(state / "key.pem", _new_key), password=None)
        if not isinstance(key, rsa.RSAPrivateKey):
            raise SystemExit(f"{state / 'key.pem'} is no RSA key: remove it and start again")
        self._key = key
        public: dict[str, Any] = json.loads(RSAAlgorithm.to_jwk(key.public_key()))
        thumbprint = json.dumps({name: public[name] for name in ("e", "kty", "n")}, separators=(",", ":"))
        self.kid = base64.urlsafe_b64encode(hashlib.sha256(thumbprint.encode()).digest()).decode().rstrip("=")
        self.jwk = {"kty": "RSA", "n": public["n"], "e": public["e"], "use": "sig", "alg": "RS256", "kid": self.kid}
        self.clients = {client.id: client for client in clients(state)}

    def token(
        self,
        subject: str,
        roles: Sequence[str],
        seconds: float,
        name: str | None = None,
        region: str | None = None,
        client: str | None = None,
    ) -> str:
        """An access token (RFC 9068) for `subject`, valid from now for `seconds`; empty claims are left out."""
        now = int(time.time())
        claims = {
            "iss": self.url,
            "sub": subject,
            "aud": AUDIENCE,
            "client_id": client or subject,
            "iat": now,
            "nbf": now,
            "exp": now + int(seconds),
            "jti": str(uuid4()),
            "roles": list(roles),
            **{claim: value for claim, value in (("name", name), ("region", region)) if value},
        }
        return self._signed(claims, "at+jwt")

    def id_token(self, sign_in: SignIn, client: str, nonce: str | None) -> str:
        """Who signed in, for the client that sent them (OpenID Connect §2)."""
        now, person = int(time.time()), sign_in.person
        claims = {
            "iss": self.url,
            "sub": person.username,
            "aud": client,
            "iat": now,
            "exp": now + PERSON_TOKEN_SECONDS,
            "auth_time": int(sign_in.at),
            "sid": sign_in.id,
            "name": person.name,
            "preferred_username": person.username,
            "roles": list(person.roles),
            "locale": person.locale,
            **{claim: value for claim, value in (("nonce", nonce), ("region", person.region)) if value is not None},
        }
        return self._signed(claims, "JWT")

    def hinted(self, id_token: str) -> tuple[str, str] | None:
        """The client and the sign-in of an ID token of ours, however old; None where it is none."""
        checks: Options = {"verify_exp": False, "verify_aud": False, "require": ["sid", "aud"]}
        try:
            claims = jwt.decode(id_token, self._key.public_key(), ["RS256"], checks, issuer=self.url)
        except jwt.InvalidTokenError:
            return None
        return claims["aud"], claims["sid"]

    def _signed(self, claims: Mapping[str, Any], kind: str) -> str:
        return jwt.encode(dict(claims), self._key, algorithm="RS256", headers={"kid": self.kid, "typ": kind})


def _new_key() -> bytes:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
