"""The clients of a fault run: the same command, with the same key, until it is answered; every answer is looked at."""

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import httpx

from tests.faults.ledger import Acknowledged, Ledger, Repeat

PATIENCE_SECONDS = 120.0
TIMEOUT_SECONDS = 5.0
LONGEST_PAUSE_SECONDS = 0.5
CONNECTIONS = 64

AGAIN = frozenset([408, 425, 429, 500, 502, 503, 504])
IN_FLIGHT = "idempotency-key-in-flight"
NEWS_ON_ITS_WAY = frozenset(["callback-required", "ticket-not-done"])
"""Why intake does not close a ticket yet: what it waits for has happened elsewhere and is on its way."""
LEAKS = ("Traceback", 'File "', "asyncpg", "SELECT ", "INSERT INTO", "sqlalchemy", "postgresql://")
"""What no body may ever show."""

SHARE_REPEATED = 0.05
SHARE_AT_ONCE = 0.05
"""How many commands are sent again after they were acknowledged, and how many are sent twice at the same time."""


class Unexpected(Exception):
    """An answer that this run's script does not allow for: the script or a service is wrong."""


GATEWAY = "gateway"

SignIn = Callable[[str], str]
"""Answers the session of somebody who signs in at a gateway, by their login."""


@dataclass(frozen=True)
class Way:
    """By whose processes something is asked, under which prefix, and what shows who asks."""

    service: str
    prefix: str
    credentials: Mapping[str, str]


class Clients:
    """The services' APIs for one run; `in_flight` counts commands that are under way, by service.

    Who has signed in goes through the gateways, of which `urls` then knows; the others go straight to the services.
    """

    def __init__(
        self,
        urls: Mapping[str, Sequence[str]],
        tokens: Mapping[str, str],
        chance: random.Random,
        sign_in: SignIn | None = None,
    ) -> None:
        self.ledger = Ledger()
        self._sign_in = sign_in
        self._sessions: dict[str, str] = {}
        self.in_flight: Counter[str] = Counter()
        self._urls = dict(urls)
        self._https: dict[str, httpx.AsyncClient] = {}
        self._tokens = tokens
        self._chance = chance

    async def command(self, service: str, role: str, path: str, key: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """POST until it is acknowledged; some commands are sent twice at once, some again afterwards."""
        dice, began = self._chance.random(), time.monotonic()
        if dice < SHARE_AT_ONCE:
            first, second = await asyncio.gather(*(self._post(service, role, path, key, body) for _ in range(2)))
            self._note_repeat(key, second)
        else:
            first = await self._post(service, role, path, key, body)
        self._note(service, _verb(path, body), key, first.status_code, first.content, began)
        if dice > 1 - SHARE_REPEATED:
            again = await self._post(service, role, path, key, body)
            self.ledger.repeats.append(Repeat(key, again.status_code, again.content, _flagged(again)))
        found: dict[str, Any] = first.json()
        return found

    async def refused(self, service: str, role: str, path: str, key: str, body: Mapping[str, Any], code: str) -> None:
        """POST until a rule refuses it. Raises Unexpected for another answer."""
        answer = await self._send(service, role, path, key, body)
        if (answer.status_code, _code(answer)) != (409, code):
            raise Unexpected(f"POST {path} with key {key}: {answer.status_code} {answer.text}, not {code}")

    async def issue(self, key: str, body: Mapping[str, Any]) -> tuple[str, str | None]:
        """A customer's link: its id, and its token, which is lost with the first answer. It is kept without."""
        began = time.monotonic()
        answer = await self._post("intake", "agent", "/v1/links", key, body)
        found = answer.json()
        kept = json.dumps({**found, "token": None}).encode()
        self._note("intake", "links", key, answer.status_code, kept, began)
        return found["id"], found["token"]

    async def page(self, token: str, form: Mapping[str, Any] | None = None) -> httpx.Response:
        """The gateway's page of a link, or its answer to a form: sent until something but "later" is said."""
        sent = {} if form is None else {"content-type": "application/x-www-form-urlencoded"}
        content = None if form is None else urlencode(form).encode()
        return await self._ask(GATEWAY, "GET" if form is None else "POST", f"/links/{token}", "", sent, content)

    @property
    def has_gateways(self) -> bool:
        """Whether links can be opened, and phones synchronised."""
        return GATEWAY in self._urls

    async def sign_in(self, login: str) -> None:
        """From now on they go through the gateways."""
        assert self._sign_in
        self._sessions[login] = await asyncio.to_thread(self._sign_in, login)

    async def get(self, service: str, role: str, path: str, parameters: Mapping[str, str] | None = None) -> Any:
        """The JSON of GET, None while there is no such thing."""
        answer = await self._ask(service, "GET", path, role, parameters=parameters)
        if answer.status_code == 404:
            return None
        if answer.status_code >= 300:
            raise Unexpected(f"GET {path}: {answer.status_code} {answer.text}")
        return answer.json()

    async def _post(self, service: str, role: str, path: str, key: str, body: Mapping[str, Any]) -> httpx.Response:
        answer = await self._send(service, role, path, key, body)
        if answer.status_code >= 300:
            raise Unexpected(f"POST {path} with key {key}: {answer.status_code} {answer.text}")
        return answer

    async def _send(self, service: str, role: str, path: str, key: str, body: Mapping[str, Any]) -> httpx.Response:
        headers = {"idempotency-key": key, "content-type": "application/json"}
        return await self._ask(service, "POST", path, role, headers, json.dumps(body).encode())

    async def _ask(
        self,
        service: str,
        method: str,
        path: str,
        who: str,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        parameters: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        give_up, pause = time.monotonic() + PATIENCE_SECONDS, 0.05
        while True:
            way = self._way(service, who)
            asked = {"headers": {**(headers or {}), **way.credentials}, "content": content, "params": parameters}
            answer = await self._ask_once(way.service, method, way.prefix + path, asked)
            if answer is not None and answer.status_code == 401 and who in self._sessions:
                with suppress(httpx.HTTPError, AssertionError, ValueError):  # the gateway has been killed: again soon
                    await self.sign_in(who)
            elif answer is not None and not self._again(answer):
                return answer
            if time.monotonic() > give_up:
                raise Unexpected(f"{method} {path} of {service}: no answer within {PATIENCE_SECONDS:.0f} s")
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, LONGEST_PAUSE_SECONDS)

    async def _ask_once(self, service: str, method: str, path: str, asked: Mapping[str, Any]) -> httpx.Response | None:
        """The answer, looked at; None where the connection was lost."""
        flying = method == "POST"
        self.in_flight[service] += flying
        try:
            answer = await self._anyone(service).request(method, path, **asked)
        except httpx.TransportError as error:
            self.ledger.lost_connections.append(f"{method} {path} of {service}: {type(error).__name__}")
            return None
        finally:
            self.in_flight[service] -= flying
        self._look_at(service, answer)
        return answer

    def _way(self, service: str, who: str) -> Way:
        if session := self._sessions.get(who):
            own = {"cookie": f"__Host-sid={session}", "sec-fetch-site": "same-origin"}
            return Way(GATEWAY, f"/api/{service}", own)
        return Way(service, "", {} if service == GATEWAY else self._bearer(who))

    def _anyone(self, service: str) -> httpx.AsyncClient:
        """One of the service's processes, as a balancer chooses that does not look whether it is there."""
        url = self._chance.choice(self._urls[service])
        return self._https.get(url) or self._https.setdefault(url, _http(url))

    def moved(self, service: str, urls: Sequence[str]) -> None:
        """The service's processes are elsewhere from now on."""
        self._urls[service] = urls

    async def close(self) -> None:
        """Close every connection."""
        await asyncio.gather(*(http.aclose() for http in self._https.values()))

    def _look_at(self, service: str, answer: httpx.Response) -> None:
        self.ledger.answers += 1
        if answer.status_code >= 500:
            self.ledger.failed(service, answer.status_code, answer.text)
        if leak := next((word for word in LEAKS if word in answer.text), None):
            self.ledger.leaks.append(f"{answer.request.url.path} shows {leak!r}")

    def _again(self, answer: httpx.Response) -> bool:
        if answer.status_code in AGAIN:
            return True
        code = _code(answer) if answer.status_code == 409 else ""
        self.ledger.in_flight_elsewhere += code == IN_FLIGHT
        return code in (IN_FLIGHT, *NEWS_ON_ITS_WAY)

    def _note(self, service: str, verb: str, key: str, status: int, content: bytes, began: float) -> None:
        found, now = json.loads(content), time.monotonic()
        self.ledger.acknowledged[key] = Acknowledged(
            service, verb, key, found["id"], found["version"], status, content, now, now - began
        )

    def _note_repeat(self, key: str, answer: httpx.Response) -> None:
        """Of two at once either may be the replay: only their bodies are to be the same."""
        self.ledger.repeats.append(Repeat(key, answer.status_code, answer.content, True))

    def _bearer(self, role: str) -> dict[str, str]:
        return {"authorization": f"Bearer {self._tokens[role]}"}


def _verb(path: str, body: Mapping[str, Any]) -> str:
    verb = f"{path.rpartition('/')[2]} {body.get('outcome', '')}".strip()
    return f"evidence {verb}" if path.startswith("/v1/evidence/") else verb


def _code(answer: httpx.Response) -> str:
    """The code of a problem; the gateway's pages have none."""
    return str(answer.json().get("code")) if "json" in answer.headers.get("content-type", "") else ""


def _flagged(answer: httpx.Response) -> bool:
    return bool(answer.headers.get("idempotency-replayed") == "true")


@asynccontextmanager
async def reached(
    urls: Mapping[str, Sequence[str]],
    tokens: Mapping[str, str],
    chance: random.Random,
    sign_in: SignIn | None = None,
) -> AsyncIterator[Clients]:
    """Clients of the services' processes at these base URLs, with bearer tokens by role, until the block ends."""
    clients = Clients(urls, tokens, chance, sign_in)
    try:
        yield clients
    finally:
        await clients.close()


def _http(url: str) -> httpx.AsyncClient:
    limits = httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS, keepalive_expiry=30)
    timeout = httpx.Timeout(TIMEOUT_SECONDS, pool=PATIENCE_SECONDS)
    return httpx.AsyncClient(base_url=url, limits=limits, timeout=timeout, trust_env=False)
