"""A service that publishes what a test wants, on its real database; the gateway follows it over sockets."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx

from deploy.devstack.plain_http import PLAIN
from libs.chassis.http import ANYONE
from libs.chassis.identity.auth import Tokens
from libs.chassis.identity.oidc import Issuer, Keys
from libs.chassis.running.service import Service
from libs.chassis.streaming.live import Live
from libs.events import Catalogue, Decider
from libs.events.contracts.triage import cases
from libs.events.contracts.triage.cases import TriageStarted
from libs.events.database.connections import Pool, connect
from libs.events.log.intent import Intent
from tests.chassis.conftest import PSEUDONYMS, LiveIssuer
from tests.gateway.serving import serving

case: Decider[str, None, TriageStarted] = Decider(
    "case",
    Catalogue(TriageStarted),
    None,
    lambda ticket_id, state, at: [TriageStarted(ticket_id=ticket_id, customer_id="c1")],
    lambda state, event: None,
    lambda state: "started",
)


@dataclass
class Triage:
    """Where its internal port answers, and its database."""

    url: str
    pool: Pool

    async def publish(self, *tickets: str) -> None:
        """Triage starts on each, and that is sealed."""
        store = Service("triage", streams=[case]).store(self.pool)
        for ticket in tickets:
            await store.run(case.on(ticket, ticket), Intent())
        await self.pool.fetchval("SELECT seal_outbox(2000)")


@asynccontextmanager
async def triage(database_url: str, issuer: LiveIssuer) -> AsyncIterator[Triage]:
    """It answers with the checks of real tokens."""
    service = Service("triage", streams=[case], live=Live({cases: ANYONE}))
    app, pool = service.http(), await connect(database_url, 4)
    async with httpx.AsyncClient(**PLAIN) as http:
        app.state.tokens = Tokens(issuer.url, Keys(Issuer(issuer.url, http)), PSEUDONYMS, "triage")
        service.attach(app, service.store(pool))
        async with serving(service.internal_http(app)) as url:
            yield Triage(url, pool)
            app.state.vitals.stopping = True
    await pool.close()
