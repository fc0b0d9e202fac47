"""The OIDC issuer as we use it: discovery, its keys, and tokens for a service's own calls. Any issuer does."""

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Any, NamedTuple, Protocol
from urllib.parse import urlsplit

import httpx
import structlog
from jwt import PyJWK, PyJWTError

log = structlog.get_logger(__name__)

ALGORITHMS = ("RS256", "ES256")
FRESH_SECONDS = 300
"""How old a key set is when it is asked for again, beside the requests that it still serves."""
STALE_SECONDS = 600
"""How old a key set may be while the issuer is out of reach; then requests wait for the issuer, or are refused."""
UNKNOWN_KEY_SECONDS = 60
"""A token naming an unknown key makes us ask at most this often."""
UNKNOWN_PATIENCE_SECONDS = 1.0
"""How long such a token waits for the answer: whoever makes up keys occupies us no longer."""
ATTEMPT_SECONDS = 5.0
"""How long one attempt takes, discovery and keys together."""
ALONE = {"Connection": "close"}
"""Each call has a connection of its own: one that is kept may end at the issuer just as it is used again."""
PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 2.0, 60.0
"""Between attempts: each that fails doubles the pause, one that succeeds makes it short again."""

Clock = Callable[[], float]


class IssuerUnreachable(Exception):
    """The issuer does not answer, or not with what OIDC discovery promises. Never a defect: try again later."""


def trustworthy(url: object) -> bool:
    """Whether nobody on the way can change what comes from there: https, or http on this machine."""
    try:
        parts = urlsplit(url) if isinstance(url, str) else None
        host = parts.hostname if parts else None
    except ValueError:
        return False
    if parts is None or not host:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _loopback(host))


def _loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class KeySource(Protocol):
    """Where the keys of an issuer stand."""

    async def keys(self) -> list[Any]:
        """The keys of its JWKS, as they stand there. Raises IssuerUnreachable."""


class Issuer:
    """One issuer, by the URL that stands in its tokens' `iss`, asked there or where it is reached from here.

    `http` is closed by who made it.
    """

    def __init__(self, url: str, http: httpx.AsyncClient, reached_at: str | None = None) -> None:
        self.url = url
        self.http = http
        self._discovery = (reached_at or url).rstrip("/") + "/.well-known/openid-configuration"

    async def endpoint(self, name: str) -> str:
        """A URL from the discovery document, whose issuer is exactly ours. Not kept: an endpoint may move."""
        found = await self.fetch(self._discovery)
        if found.get("issuer") != self.url:
            raise IssuerUnreachable("the discovery document names another issuer")
        if not trustworthy(found.get(name)):
            raise IssuerUnreachable(f"{name} of the discovery document is no https URL")
        return str(found[name])

    async def keys(self) -> list[Any]:
        """The keys of its JWKS, as they stand there."""
        return _listed(await self.fetch(await self.endpoint("jwks_uri")))

    async def fetch(self, url: str) -> dict[str, Any]:
        """A JSON object from the issuer."""
        try:
            answer = await self.http.get(url, headers=ALONE, timeout=ATTEMPT_SECONDS)
            answer.raise_for_status()
            found = answer.json()
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise IssuerUnreachable(str(error)) from error
        if not isinstance(found, dict):
            raise IssuerUnreachable("not a JSON object")
        return found

    async def grant(self, form: Mapping[str, str], client: tuple[str, str]) -> httpx.Response:
        """What the token endpoint answers a client, known by id and secret. Raises IssuerUnreachable."""
        url = await self.endpoint("token_endpoint")
        try:
            return await self.http.post(url, data=form, auth=client, headers=ALONE, timeout=ATTEMPT_SECONDS)
        except httpx.HTTPError as error:
            raise IssuerUnreachable(type(error).__name__) from error


class KeyFile:
    """An issuer's JWKS in a file; whoever replaces the file needs no restart."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def keys(self) -> list[Any]:
        """The keys of the file, as they stand there now."""
        try:
            return _listed(json.loads(self._path.read_text()))
        except (OSError, ValueError) as error:
            raise IssuerUnreachable(type(error).__name__) from error


def _listed(document: Any) -> list[Any]:
    found = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(found, list):
        raise IssuerUnreachable("not a key set")
    return found


class _Key(NamedTuple):
    """A key and the document that it was read from."""

    document: dict[str, Any]
    jwk: PyJWK


class Keys:
    """The issuer's verification keys by id, from its JWKS and from nowhere else.

    A set younger than STALE_SECONDS answers at once; from FRESH_SECONDS on a task beside the requests fetches the next.
    There is never more than one attempt, and whoever has to wait waits for that one.
    """

    def __init__(self, issuer: KeySource, clock: Clock = time.monotonic) -> None:
        self._issuer, self._clock = issuer, clock
        self._keys: dict[str, _Key] = {}
        self._fetched = self._attempt_at = self._unknown_at = float("-inf")
        self._pause, self._failing = PAUSE_SECONDS, False
        self._attempt: asyncio.Task[None] | None = None

    def prepare(self) -> None:
        """Ask now, at the start: then an issuer that goes before the first request keeps nobody out."""
        self._ask()

    def usable(self) -> bool:
        """Whether there are keys that may still be used; the issuer is asked in time for them to stay so."""
        if self._clock() - self._fetched >= FRESH_SECONDS:
            self._ask()
        return self._usable

    def known(self, kid: str) -> PyJWK | None:
        """The key of that id in a set that may still be used: the same object for as long as the issuer shows it."""
        age = self._clock() - self._fetched
        if age >= FRESH_SECONDS:
            self._ask()
        found = self._keys.get(kid) if age < STALE_SECONDS else None
        return found.jwk if found else None

    async def get(self, kid: str) -> PyJWK | None:
        """The key of that id, if the issuer has it. Raises IssuerUnreachable while that cannot be known."""
        key = self.known(kid)
        if key is not None:
            return key
        usable = self._usable
        if usable:
            self._ask_about_unknown()
        if self._attempt is not None:
            await asyncio.wait([self._attempt], timeout=UNKNOWN_PATIENCE_SECONDS if usable else None)
        key = self.known(kid)
        if key is None and (self._failing or self._attempt is not None or not self._usable):
            raise IssuerUnreachable("the issuer has not answered yet")
        return key

    @property
    def _usable(self) -> bool:
        return self._clock() - self._fetched < STALE_SECONDS

    def _ask_about_unknown(self) -> None:
        now = self._clock()
        if (self._failing or now >= self._unknown_at) and self._ask():
            self._unknown_at = now + UNKNOWN_KEY_SECONDS

    def _ask(self) -> bool:
        """Begin an attempt, unless there is one or the pause after the last is not over."""
        if self._attempt is not None or self._clock() < self._attempt_at:
            return False
        self._attempt = asyncio.create_task(self._refresh(), name="issuer's keys")
        return True

    async def _refresh(self) -> None:
        began, self._failing, pause = self._clock(), True, self._pause
        try:
            async with asyncio.timeout(ATTEMPT_SECONDS):
                self._keys = self._read(await self._issuer.keys())
            self._fetched, self._failing, pause = began, False, PAUSE_SECONDS
        except (IssuerUnreachable, TimeoutError) as error:
            log.warning("issuer out of reach", error=str(error) or "no answer in time")
        finally:
            self._attempt, self._attempt_at = None, self._clock() + pause
            self._pause = min(2 * pause, LONGEST_PAUSE_SECONDS) if self._failing else PAUSE_SECONDS

    def _read(self, documents: list[Any]) -> dict[str, _Key]:
        found: dict[str, _Key] = {}
        for document in documents:
            key = _key(document)
            if key is not None and key.jwk.key_id:
                before = self._keys.get(key.jwk.key_id)
                found[key.jwk.key_id] = before if before and before.document == document else key
        return found


def _key(document: Any) -> _Key | None:
    """A key to verify with; None for those of other uses or kinds."""
    try:
        if document.get("use", "sig") == "sig" and (jwk := PyJWK(document)).algorithm_name in ALGORITHMS:
            return _Key(document, jwk)
    except (PyJWTError, AttributeError, ValueError, TypeError):
        pass
    return None


class ServiceTokens:
    """This service's own bearer token, by client credentials: cached, renewed when four fifths of its life are over.

    The secret is read from its file at each renewal, so that it can be rotated without a restart. While the issuer is
    out of reach the old token serves to its end, and attempts are made with a pause between.
    """

    def __init__(self, issuer: Issuer, client_id: str, secret_file: Path, clock: Clock = time.monotonic) -> None:
        self._issuer, self._client_id, self._secret_file, self._clock = issuer, client_id, secret_file, clock
        self._token, self._renew_at, self._ends_at = "", float("-inf"), float("-inf")
        self._attempt_at = float("-inf")
        self._lock = asyncio.Lock()

    async def bearer(self) -> str:
        """A token with life left. Raises IssuerUnreachable."""
        async with self._lock:
            if self._clock() >= self._renew_at:
                await self._try()
            return self._token

    def forget(self) -> None:
        """Fetch a new one next time: the last was refused."""
        self._renew_at = self._ends_at = float("-inf")

    async def _try(self) -> None:
        trouble = "asked a moment ago" if self._clock() < self._attempt_at else await self._attempt()
        if trouble and self._clock() >= self._ends_at:
            raise IssuerUnreachable(f"no token: {trouble}")

    async def _attempt(self) -> str:
        """What went wrong; nothing if there is a new token."""
        try:
            async with asyncio.timeout(ATTEMPT_SECONDS):
                await self._renew()
        except (IssuerUnreachable, TimeoutError) as error:
            self._attempt_at = self._clock() + PAUSE_SECONDS
            return str(error) or "no answer in time"
        return ""

    async def _renew(self) -> None:
        asked = self._clock()
        try:
            client = (self._client_id, self._secret_file.read_text().strip())
            answer = await self._issuer.grant({"grant_type": "client_credentials"}, client)
            answer.raise_for_status()
            found = answer.json()
            self._token, life = found["access_token"], float(found.get("expires_in", 60))
            self._renew_at, self._ends_at = asked + 0.8 * life, asked + life
        except (httpx.HTTPError, OSError, ValueError, KeyError, TypeError) as error:
            raise IssuerUnreachable(type(error).__name__) from error
