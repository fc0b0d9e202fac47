"""The services' HTTP APIs as a patient client uses them: the same command, with the same key, until it is answered."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import msgspec

PATIENCE_SECONDS = 120.0
FIRST_PAUSE_SECONDS = 0.02
LONGEST_PAUSE_SECONDS = 0.5
CONNECTIONS = 32

AGAIN = {408, 425, 429, 500, 502, 503, 504}
"""Answers that say nothing about the command: ask again."""
IN_FLIGHT = "in-flight"


class RefusedByService(Exception):
    """A service would not do what the scenario says: the scenario or the service is wrong."""


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A command that was answered: what the client may rely on from now on."""

    service: str
    verb: str
    id: str
    version: int
    key: str
    replayed: bool


@dataclass
class Apis:
    """The services by name; `tokens` are bearer tokens by part, `ledger` is every command that was acknowledged."""

    https: Mapping[str, httpx.AsyncClient]
    tokens: Mapping[str, str]
    ledger: dict[str, Acknowledged] = field(default_factory=dict)

    async def command(
        self,
        service: str,
        role: str,
        path: str,
        key: str,
        body: Mapping[str, Any],
        not_yet: frozenset[str] = frozenset(),
    ) -> dict[str, Any]:
        """The answer to POST `path`, in the end. Refusals whose code is in `not_yet` are asked again: what they wait
        for is on its way. Raises RefusedByService."""
        content = msgspec.json.encode(body)
        headers = {"idempotency-key": key, "content-type": "application/json", **self._bearer(role)}
        answer = await self._ask(service, "POST", path, headers, content, not_yet)
        if answer.status_code >= 300:
            raise RefusedByService(f"{path} with key {key}: {answer.status_code} {answer.text}")
        found: dict[str, Any] = msgspec.json.decode(answer.content)
        self._note(service, path, key, found, "idempotency-replayed" in answer.headers)
        return found

    async def get(self, service: str, role: str, path: str, parameters: Mapping[str, str] | None = None) -> Any:
        """The JSON of GET `path`, or None if there is no such thing."""
        query = f"?{httpx.QueryParams(parameters)}" if parameters else ""
        answer = await self._ask(service, "GET", path + query, self._bearer(role))
        if answer.status_code == 404:
            return None
        if answer.status_code >= 300:
            raise RefusedByService(f"GET {path}: {answer.status_code} {answer.text}")
        return msgspec.json.decode(answer.content)

    async def _ask(
        self,
        service: str,
        method: str,
        path: str,
        headers: Mapping[str, str],
        content: bytes | None = None,
        not_yet: frozenset[str] = frozenset(),
    ) -> httpx.Response:
        give_up, pause = time.monotonic() + PATIENCE_SECONDS, FIRST_PAUSE_SECONDS
        while True:
            try:
                answer = await self.https[service].request(method, path, headers=headers, content=content)
            except httpx.TransportError:
                if time.monotonic() > give_up:
                    raise
            else:
                if not _again(answer, not_yet) or time.monotonic() > give_up:
                    return answer
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, LONGEST_PAUSE_SECONDS)

    def _bearer(self, role: str) -> dict[str, str]:
        return {"authorization": f"Bearer {self.tokens[role]}"}

    def _note(self, service: str, path: str, key: str, found: Mapping[str, Any], replayed: bool) -> None:
        verb = path.rpartition("/")[2]
        self.ledger[key] = Acknowledged(service, verb, found["id"], found["version"], key, replayed)


def _again(answer: httpx.Response, not_yet: frozenset[str]) -> bool:
    if answer.status_code in AGAIN:
        return True
    if answer.status_code != 409 or "json" not in answer.headers.get("content-type", ""):
        return False
    code = str(msgspec.json.decode(answer.content).get("code", ""))
    return IN_FLIGHT in code or code in not_yet


@asynccontextmanager
async def reached(urls: Mapping[str, str], tokens: Mapping[str, str]) -> AsyncIterator[Apis]:
    """The APIs at these base URLs, by service, until the end of the block."""
    limits = httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS, keepalive_expiry=60)
    https = {
        name: httpx.AsyncClient(base_url=url, limits=limits, timeout=httpx.Timeout(20, pool=120), trust_env=False)
        for name, url in urls.items()
    }
    try:
        yield Apis(https, tokens)
    finally:
        await asyncio.gather(*(http.aclose() for http in https.values()))
