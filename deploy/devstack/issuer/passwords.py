"""Passwords: made, hashed by scrypt, compared, and not guessed."""

import hashlib
import secrets
from unicodedata import normalize

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without what looks alike."""
LONGEST = 200
TRIES, WITHIN_SECONDS = 5, 60.0


def new_password() -> str:
    """One to type: 59 bits in three groups, such as `kfr7-92mx-t4pq`."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(3))


def hashed(password: str) -> str:
    """What is kept of a password: salt and scrypt's digest."""
    salt = secrets.token_bytes(16)
    return f"{salt.hex()}:{_digest(password, salt).hex()}"


def fits(password: str, kept: str) -> bool:
    """Whether it is the password of this hash."""
    salt, _, digest = kept.partition(":")
    return secrets.compare_digest(_digest(password, bytes.fromhex(salt)), bytes.fromhex(digest))


def _digest(password: str, salt: bytes) -> bytes:
    """About 50 ms and 16 MiB, wherever and on whatever keyboard it was typed."""
    typed = normalize("NFKC", password[:LONGEST]).encode("utf-8", "replace")
    return hashlib.scrypt(typed, salt=salt, n=2**14, r=8, p=1)


class Tries:
    """Passwords that were tried for a name, whether or not somebody has it: five a minute, until one is right."""

    def __init__(self) -> None:
        self._tried: dict[str, list[float]] = {}

    def wait(self, name: str, at: float) -> float:
        """Count a try that begins now: 0. Where there were too many: the seconds until the next, and it counts not."""
        self._forget(at - WITHIN_SECONDS)
        tried = self._tried.setdefault(name, [])
        if len(tried) >= TRIES:
            return tried[0] + WITHIN_SECONDS - at
        tried.append(at)
        return 0.0

    def succeed(self, name: str) -> None:
        """The right one: what was tried before is forgotten."""
        self._tried.pop(name, None)

    def _forget(self, until: float) -> None:
        recent = ((name, [at for at in tried if at > until]) for name, tried in self._tried.items())
        self._tried = {name: tried for name, tried in recent if tried}
