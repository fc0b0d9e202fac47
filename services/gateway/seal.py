"""What the gateway seals, it alone opens: tokens in its database, attempts to sign in in people's cookies."""

import base64
from datetime import datetime
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from libs.chassis.running.settings import MissingSetting

LEAST_CHARACTERS = 32


class Seal:
    """For one purpose: what another's sealed is nothing to it. The first secret of the file seals, all of them open."""

    def __init__(self, secrets: list[str], purpose: str) -> None:
        self._keys = MultiFernet([Fernet(_key(secret, purpose)) for secret in secrets])

    def seal(self, content: bytes, at: datetime) -> bytes:
        """The content, of which nothing can be seen or changed; letters, digits, `-` and `_`."""
        return self._keys.encrypt_at_time(content, int(at.timestamp())).rstrip(b"=")

    def open(self, sealed: bytes, at: datetime, seconds: int | None = None) -> bytes | None:
        """The content; None where it was not sealed by us, or longer ago than so many seconds."""
        sealed += b"=" * (-len(sealed) % 4)
        try:
            if seconds is None:
                return self._keys.decrypt(sealed)
            return self._keys.decrypt_at_time(sealed, seconds, int(at.timestamp()))
        except InvalidToken:
            return None


def own_key(secret: str, subject: str) -> str:
    """What one person's browser seals with, wherever they sign in: 32 bytes in base64url, as a JWK has them."""
    return _key(secret, f"drafts of {subject}").decode().rstrip("=")


def secrets_of(file: Path) -> list[str]:
    """The secrets in a file, one a line. Raises MissingSetting."""
    try:
        found = [line.strip() for line in file.read_text().splitlines() if line.strip()]
    except (OSError, ValueError) as error:
        raise MissingSetting(f"GATEWAY_SEAL_KEY_FILE: cannot be read: {type(error).__name__}") from None
    if not found or min(map(len, found)) < LEAST_CHARACTERS:
        raise MissingSetting(f"GATEWAY_SEAL_KEY_FILE: secrets of at least {LEAST_CHARACTERS} characters, one a line")
    return found


def _key(secret: str, purpose: str) -> bytes:
    derived = HKDF(SHA256(), 32, salt=None, info=f"aftercare gateway: {purpose}".encode()).derive(secret.encode())
    return base64.urlsafe_b64encode(derived)
