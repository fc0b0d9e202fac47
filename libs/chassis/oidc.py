"""The OIDC issuer as we use it: discovery, its keys, and tokens for a service's own calls. Any issuer does."""

import asyncio
import time
from pathlib import Path
from typing import Any

import httpx
from jwt import PyJWK, PyJWTError

ALGORITHMS = ("RS256", "ES256")
FRESH_SECONDS = 300
"""How long a key set is used without asking again: with it goes what was verified by it, so a key that the issuer
withdraws is refused after five minutes."""
STALE_SECONDS = 600
"""How long a key set may be used while the issuer is out of reach."""
UNKNOWN_KEY_SECONDS = 60
"""A token naming an unknown key makes us ask at most this often."""
RETRY_SECONDS = 2


class IssuerUnreachable(Exception):
    """The issuer does not answer, or not with what OIDC discovery promises. Never a defect: try again later."""


class Issuer:
    """One issuer, by the URL that stands in its tokens' `iss`. `http` is closed by who made it."""

    def __init__(self, url: str, http: httpx.AsyncClient) -> None:
        self.url = url
        self.http = http
        self._metadata: dict[str, Any] | None = None

    async def metadata(self) -> dict[str, Any]:
        """The discovery document; its issuer is exactly ours."""
        if self._metadata is None:
            found = await self.fetch(self.url.rstrip("/") + "/.well-known/openid-configuration")
            if found.get("issuer") != self.url:
                raise IssuerUnreachable("the discovery document names another issuer")
            self._metadata = found
        return self._metadata

    async def fetch(self, url: str) -> dict[str, Any]:
        """A JSON object from the issuer."""
        try:
            answer = await self.http.get(url, timeout=5)
            answer.raise_for_status()
            found = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise IssuerUnreachable(str(error)) from error
        if not isinstance(found, dict):
            raise IssuerUnreachable("not a JSON object")
        return found


class Keys:
    """The issuer's verification keys by id, from its JWKS and from nowhere else."""

    def __init__(self, issuer: Issuer) -> None:
        self._issuer = issuer
        self._keys: dict[str, PyJWK] = {}
        self._fetched = self._asked = self._unknown_asked = float("-inf")
        self._lock = asyncio.Lock()

    @property
    def expire_at(self) -> float:
        """The monotonic second until which what these keys verified may be believed."""
        return self._fetched + FRESH_SECONDS

    async def get(self, kid: str) -> PyJWK | None:
        """The key of that id, if the issuer has it. Raises IssuerUnreachable when it was never or too long not seen."""
        now = time.monotonic()
        if now >= self.expire_at:
            await self._refresh(now)
        if kid not in self._keys and now - self._unknown_asked >= UNKNOWN_KEY_SECONDS and self._fetched < now:
            self._unknown_asked = now
            await self._refresh(now)
        return self._keys.get(kid)

    async def _refresh(self, asked_at: float) -> None:
        async with self._lock:
            if self._fetched >= asked_at:
                return
            now = time.monotonic()
            try:
                if now - self._asked < RETRY_SECONDS:
                    raise IssuerUnreachable("asked a moment ago")
                self._asked = now
                document = await self._issuer.fetch((await self._issuer.metadata())["jwks_uri"])
                self._keys, self._fetched = _keys(document), time.monotonic()
            except (IssuerUnreachable, KeyError) as error:
                if now - self._fetched > STALE_SECONDS:
                    raise IssuerUnreachable(str(error)) from error


def _keys(document: dict[str, Any]) -> dict[str, PyJWK]:
    found: dict[str, PyJWK] = {}
    for key in document.get("keys", []):
        try:
            if key.get("use", "sig") == "sig" and (jwk := PyJWK(key)).algorithm_name in ALGORITHMS and jwk.key_id:
                found[jwk.key_id] = jwk
        except (PyJWTError, AttributeError, ValueError, TypeError):
            continue
    return found


class ServiceTokens:
    """This service's own bearer token, by client credentials: cached, renewed when four fifths of its life are over.

    The secret is read from its file at each renewal, so that it can be rotated without a restart.
    """

    def __init__(self, issuer: Issuer, client_id: str, secret_file: Path) -> None:
        self._issuer, self._client_id, self._secret_file = issuer, client_id, secret_file
        self._token, self._renew_at = "", float("-inf")
        self._lock = asyncio.Lock()

    async def bearer(self) -> str:
        """A token with life left. Raises IssuerUnreachable."""
        async with self._lock:
            if time.monotonic() >= self._renew_at:
                await self._renew()
            return self._token

    def forget(self) -> None:
        """Fetch a new one next time: the last was refused."""
        self._renew_at = float("-inf")

    async def _renew(self) -> None:
        asked = time.monotonic()
        try:
            answer = await self._issuer.http.post(
                (await self._issuer.metadata())["token_endpoint"],
                data={"grant_type": "client_credentials"},
                auth=(self._client_id, self._secret_file.read_text().strip()),
                timeout=5,
            )
            answer.raise_for_status()
            found = answer.json()
            self._token, self._renew_at = found["access_token"], asked + 0.8 * float(found.get("expires_in", 60))
        except (httpx.HTTPError, OSError, ValueError, KeyError, TypeError) as error:
            raise IssuerUnreachable(f"no token: {type(error).__name__}") from error
