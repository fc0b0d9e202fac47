"""Pseudonyms: the ids under which events name who acted. Without ACTOR_KEY nobody can tell whose they are."""

import hashlib
import hmac
from uuid import UUID

LEAST_KEY_BYTES = 16
VERSION, VARIANT = 8, 0b10


class Pseudonyms:
    """Ids of people and services, made of the issuer and the subject of their tokens under one secret key.

    All services share the key, so one person has one id everywhere; a new key gives everybody new ids.
    """

    def __init__(self, key: bytes) -> None:
        if len(key) < LEAST_KEY_BYTES:
            raise ValueError(f"a key has at least {LEAST_KEY_BYTES} bytes")
        self._key = key

    def actor_id(self, issuer: str, subject: str) -> str:
        """A UUID of version 8 (RFC 9562 §5.8): 16 bytes of an HMAC-SHA256, with version and variant set."""
        digest = hmac.digest(self._key, f"{issuer}\n{subject}".encode(), hashlib.sha256)
        number = int.from_bytes(digest[:16], "big")
        number = number & ~(0xF << 76) | VERSION << 76
        number = number & ~(0b11 << 62) | VARIANT << 62
        return str(UUID(int=number))
