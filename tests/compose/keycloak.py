"""Tokens of Keycloak's clients, as their programmes would fetch them."""

import json
import ssl
import time
from base64 import urlsafe_b64decode
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import httpx

FRESH_SECONDS, LAST_SECONDS = 200.0, 290.0
"""Tokens live five minutes: one older than this is fetched anew, if that succeeds, and without fail."""
ROLES = ("agent", "triage", "manager", "dispatcher")
ENGINEERS = 8

CLIENTS = [
    *((f"check-{role}", role) for role in ROLES),
    ("check-manager-2", "manager"),
    *((f"check-engineer-{n}", "engineer") for n in range(ENGINEERS)),
]
"""Clients that only this check knows, each with its role."""


class Badges(Mapping[str, str]):
    """Tokens by role, such as `agent`, or by client, such as `check-engineer-3`."""

    def __init__(self, url: str, secrets: Path, ca_file: Path) -> None:
        self._url = f"{url}/realms/aftercare/protocol/openid-connect/token"
        self._secrets = secrets
        self._http = httpx.Client(verify=ssl.create_default_context(cafile=ca_file), trust_env=False, timeout=30)
        self._fetched: dict[str, tuple[float, str]] = {}

    def renew(self) -> None:
        """Fetch all anew that were fetched before; one that cannot be had now stays."""
        for who in list(self._fetched):
            with suppress(httpx.HTTPError):
                self._fetch(who)

    def __getitem__(self, who: str) -> str:
        at, _ = self._fetched.get(who, (float("-inf"), ""))
        age = time.monotonic() - at
        if age > FRESH_SECONDS:
            with suppress(*[httpx.HTTPError] if age < LAST_SECONDS else []):
                self._fetch(who)
        return self._fetched[who][1]

    def _fetch(self, who: str) -> None:
        client = who if who.startswith("check-") else f"check-{who}"
        secret = (self._secrets / f"client_{client}").read_text()
        answer = self._http.post(self._url, data={"grant_type": "client_credentials"}, auth=(client, secret))
        answer.raise_for_status()
        self._fetched[who] = time.monotonic(), answer.json()["access_token"]

    def subject(self, who: str) -> str:
        """The `sub` that its tokens have."""
        claims = self[who].split(".")[1]
        return str(json.loads(urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["sub"])

    def __iter__(self) -> Iterator[str]:
        return iter(self._fetched)

    def __len__(self) -> int:
        return len(self._fetched)
