"""Somebody who calls a service over HTTP: its own application on a real database, and an issuer who trusts everybody.

What the other services would say on Kafka goes straight into the inbox, as messages of one lane each.
"""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx

from libs.chassis.identity.auth import LinkClaims, Principal
from libs.chassis.identity.pseudonyms import Pseudonyms
from libs.chassis.running.service import Service
from libs.events import Published
from libs.events.database.connections import connect
from libs.events.inbox.inbox import Inbox
from tests.mail import Mail

ISSUER = "https://issuer.test"
PSEUDONYMS = Pseudonyms(b"the key of all tests")


def actor_id(subject: str) -> str:
    """The pseudonym of somebody who calls."""
    return PSEUDONYMS.actor_id(ISSUER, subject)


@dataclass
class Trusting:
    """Believes that everybody has this name and these roles, and perhaps a link."""

    roles: frozenset[str]
    subject: str = "anna"
    name: str | None = None
    region: str | None = None
    link: LinkClaims | None = None

    def actor_id(self, subject: str) -> str:
        """As the real checks give it."""
        return actor_id(subject)

    async def authenticate(self, authorization: str | None) -> Principal:
        """Nobody is turned away."""
        own = actor_id(self.subject)
        return Principal(ISSUER, self.subject, self.roles, own, self.name, self.region, self.link)


@dataclass
class Caller:
    """Calls the service's routes, and lets it hear what the others say."""

    http: httpx.AsyncClient
    inbox: Inbox
    tokens: Trusting
    mail: Mail = field(default_factory=Mail)

    async def post(self, path: str, body: Any = None, key: str | None = None, **headers: str) -> httpx.Response:
        """A command, with an Idempotency-Key of its own unless it is given."""
        sent = {"Idempotency-Key": key or uuid4().hex} | headers
        return await self.http.post(path, json=body, headers=sent)

    async def get(self, path: str, **parameters: Any) -> httpx.Response:
        """A read."""
        return await self.http.get(path, params=parameters)

    async def follows(self, path: str, **parameters: Any) -> list[dict[str, Any]]:
        """What a stream tells from the beginning to now, everything being sealed: CloudEvents."""
        await self.inbox.store.pool.fetchval("SELECT seal_outbox(2000)")
        answer = await self.get(path, after="0", seconds=0, **parameters)
        assert answer.status_code == 200, answer.text
        lines = [line.removeprefix("data: ") for line in answer.text.splitlines() if line.startswith("data: ")]
        return [json.loads(line) for line in lines]

    def as_role(self, *roles: str) -> None:
        """From now on the caller has these roles."""
        self.tokens.roles = frozenset(roles)

    def as_person(self, subject: str, *roles: str) -> None:
        """From now on somebody of this name calls, with these roles."""
        self.tokens.subject = subject
        self.as_role(*roles)

    async def hears(self, *events: Published) -> None:
        """The service hears these events, each once, in this order, from the services that publish them."""
        gaps = await self.inbox.take([self.mail.letter(event) for event in events])
        assert gaps == []
        parked = await self.inbox.store.pool.fetch("SELECT type, error FROM parked")
        assert [dict(row) for row in parked] == []


@asynccontextmanager
async def calling(service: Service, database_url: str, *roles: str) -> AsyncIterator[Caller]:
    """A caller with these roles."""
    app = service.http()
    app.state.tokens = tokens = Trusting(frozenset(roles))
    pool = await connect(database_url, 4)
    service.attach(app, service.store(pool))
    inbox: Inbox = app.state.inbox
    await inbox.open()
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://service.test") as http:
        yield Caller(http, inbox, tokens)
    await pool.close()
