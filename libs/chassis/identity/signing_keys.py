"""A key set of our own that tokens are signed with: JWKs in a text, of which the first signs and all are published."""

import json
import time
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet

ALGORITHM, CURVE = "ES256", "P-256"


def new_key_set() -> str:
    """A set of one new key, to be kept secret."""
    return _written(KeySet([ECKey.generate_key(CURVE, {"use": "sig", "alg": ALGORITHM}, auto_kid=True)]), private=True)


def published(key_set: str) -> str:
    """The JWKS by which others check what a secret set signs. Raises ValueError for a text that is none."""
    return _written(_read(key_set), private=False)


class Signer:
    """Signs tokens as `issuer`. Raises ValueError for a text that is no key set of ours."""

    def __init__(self, issuer: str, key_set: str) -> None:
        self.issuer, self._keys = issuer, _read(key_set)
        self.published = published(key_set)

    def token(self, audience: str, seconds: int, claims: Mapping[str, Any]) -> str:
        """An access token for one service, from now on."""
        key, now = self._keys.keys[0], int(time.time())
        header = {"alg": ALGORITHM, "typ": "at+jwt", "kid": key.kid}
        own = {"iss": self.issuer, "aud": audience, "iat": now, "nbf": now, "exp": now + seconds, "jti": str(uuid4())}
        return jwt.encode(header, {**claims, **own}, key, algorithms=[ALGORITHM])


def _read(key_set: str) -> KeySet:
    try:
        found = KeySet.import_key_set(json.loads(key_set))
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise ValueError(f"no key set: {type(error).__name__}") from None
    if not found.keys or not all(isinstance(key, ECKey) and key.is_private and key.kid for key in found.keys):
        raise ValueError(f"no key set of {CURVE} keys")
    return found


def _written(keys: KeySet, private: bool) -> str:
    return json.dumps(keys.as_dict(private=private))
