"""Customers' links on real services with databases of their own, the gateway's pages before them."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx
from msgspec.structs import replace

from deploy.devstack.plain_http import PLAIN
from libs.chassis.department import department
from libs.chassis.http.application import site
from libs.chassis.identity.auth import Tokens
from libs.chassis.identity.link_tokens import LinkTokens
from libs.chassis.identity.oidc import Issuer, KeyFile, Keys, ServiceTokens
from libs.chassis.identity.signing_keys import Signer, new_key_set
from libs.chassis.running.service import Service
from libs.events.database.connections import connect
from libs.events.inbox.inbox import Inbox
from services.dispatch.app import service as dispatch
from services.dispatch.jobs.domain import work_order_id_of
from services.gateway.links.api import PREFIX, Links
from services.gateway.links.client import Services
from services.gateway.policy import HEADERS
from services.gateway.refusals import REFUSALS
from services.gateway.same_site import SameSite
from services.intake.app import service as intake
from services.survey.app import service as survey
from tests.chassis.conftest import PSEUDONYMS, LiveIssuer
from tests.conftest import NewDatabase
from tests.dispatch.story import AUTHORISED
from tests.gateway.serving import serving
from tests.mail import Mail
from tests.survey.story import ACCEPTED, C

GATEWAY = "https://care.test"
HOTLINE = "400-800-1234"
ADDRESS = "X-Real-IP"
ZONE = ZoneInfo(department().timezone)
DAY = (datetime.now(ZONE) + timedelta(days=2)).date()


def on_site(hour: int) -> str:
    """That hour of the day, at the site of the one visit that there is, as services say it."""
    return f"{datetime.combine(DAY, time(hour), ZONE).astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


OFFERED = {"start": on_site(9), "end": on_site(11)}
"""The time of that visit."""


@dataclass
class LinkWorld:
    """Where the pages answer, and the services behind them."""

    url: str
    urls: dict[str, str]
    issuer: LiveIssuer
    survey: Inbox
    dispatch: Inbox
    http: httpx.AsyncClient
    keys: str
    """The gateway's secret ones."""

    async def issue(self, purpose: str, object_id: str | None = None, ticket_id: str | None = None) -> dict[str, Any]:
        """A link that an agent made, of a new ticket."""
        body = {"ticket_id": ticket_id or await self.ticket(), "purpose": purpose, "object_id": object_id}
        answer = await self.as_agent("intake/v1/links", body)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def ticket(self) -> str:
        """The id of a new ticket."""
        customer = {"name": "王芳", "phones": ["13800001111"], "address": "北京市"}
        body = {"channel": "phone", "kind": "repair", "summary": "空调不制冷", "customer": customer}
        return str((await self.as_agent("intake/v1/tickets", body)).json()["id"])

    async def rating(self) -> dict[str, Any]:
        """A link to rate the one callback that there is."""
        ticket = await self.ticket()
        assert await self.survey.take([Mail().letter(replace(ACCEPTED, ticket_id=ticket))]) == []
        return await self.issue("rating", C, ticket)

    async def repair(self, completed: bool = True) -> tuple[dict[str, Any], str]:
        """A link to accept the repair of a new ticket, and its work order, which is completed or only begun."""
        ticket = await self.ticket()
        assert await self.dispatch.take([Mail().letter(replace(AUTHORISED, ticket_id=ticket))]) == []
        order = work_order_id_of(ticket, 1)
        engineer = {"name": "李强", "skills": ["hvac"], "region": "north"}
        id = (await self.as_role("dispatcher", "dispatch/v1/engineers", engineer)).json()["id"]
        position = {"latitude": 39.9, "longitude": 116.4, "accuracy_m": 12.5}
        steps = {"assignment": {"engineer_id": id}, "arrival": position, "completion": {"result": "更换<电容>"}}
        for step, body in list(steps.items())[: 3 if completed else 2]:
            answer = await self.as_role("dispatcher", f"dispatch/v1/work-orders/{order}/{step}", body)
            assert answer.status_code == 200, answer.text
        return await self.issue("acceptance", order, ticket), order

    async def appointment(self) -> dict[str, Any]:
        """A link to answer the time of a visit that is on offer."""
        ticket = await self.ticket()
        authorised = replace(AUTHORISED, ticket_id=ticket, skills=[])
        assert await self.dispatch.take([Mail().letter(authorised)]) == []
        id = work_order_id_of(ticket, 1)
        engineer = {"name": "李强", "skills": [], "region": "north"}
        engineer_id = (await self.as_role("dispatcher", "dispatch/v1/engineers", engineer)).json()["id"]
        plan = {"engineer_id": engineer_id, **OFFERED, "confirmed": False}
        planned = await self.as_role("dispatcher", f"dispatch/v1/work-orders/{id}/plan", plan)
        assert planned.status_code == 200, planned.text
        return await self.issue("appointment", id, ticket)

    async def as_agent(self, path: str, body: Any = None) -> httpx.Response:
        """A command, or without a body a read, at a service."""
        return await self.as_role("agent", path, body)

    async def as_role(self, role: str, path: str, body: Any = None) -> httpx.Response:
        """As an agent's, of somebody else in the department."""
        service, _, rest = path.partition("/")
        headers = {"Authorization": f"Bearer {self.issuer.token(role)}", "Idempotency-Key": uuid4().hex}
        method = "GET" if body is None else "POST"
        return await self.http.request(method, f"{self.urls[service]}/{rest}", headers=headers, json=body)

    async def look(self, token: str, address: str = "203.0.113.1", **headers: str) -> httpx.Response:
        """The page of a link."""
        return await self.http.get(f"{self.url}{PREFIX}{token}", headers={ADDRESS: address, **headers})

    async def send(self, token: str, **fields: str) -> httpx.Response:
        """The answer of its form, from a browser that says nothing of where it comes from."""
        return await self.http.post(f"{self.url}{PREFIX}{token}", data=fields, headers={"Origin": "null"})


@asynccontextmanager
async def linked(issuer: LiveIssuer, new_database: NewDatabase, folder: Path) -> AsyncIterator[LinkWorld]:
    """Everything that a link goes through."""
    keys = new_key_set()
    signer = Signer(GATEWAY, keys)
    (folder / "link_keys.json").write_text(signer.published)
    async with AsyncExitStack() as staying:
        http = await staying.enter_async_context(httpx.AsyncClient(**PLAIN, timeout=30))
        urls, inboxes = {}, {}
        for service in (intake, survey, dispatch):
            app, inboxes[service.name] = await _attached(service, issuer, new_database, folder, http, staying)
            urls[service.name] = await staying.enter_async_context(serving(app))
        tokens = ServiceTokens(Issuer(issuer.url, http), "gateway", issuer.state / "clients/gateway")
        pages = site(
            "Gateway",
            Links(signer, ADDRESS, HOTLINE).routes,
            REFUSALS,
            HEADERS,
            lambda inner: SameSite(inner, GATEWAY, PREFIX),
        )
        pages.state.link_services = Services(urls, http, tokens, signer)
        url = await staying.enter_async_context(serving(pages))
        yield LinkWorld(url, urls, issuer, inboxes["survey"], inboxes["dispatch"], http, keys)


async def _attached(
    service: Service,
    issuer: LiveIssuer,
    new_database: NewDatabase,
    folder: Path,
    http: httpx.AsyncClient,
    staying: AsyncExitStack,
) -> tuple[Any, Inbox]:
    """A service that believes the issuer, and of the gateway that somebody is a customer."""
    app, name = service.http(), service.name
    links = LinkTokens(GATEWAY, Keys(KeyFile(folder / "link_keys.json")), PSEUDONYMS, name)
    app.state.tokens = Tokens(issuer.url, Keys(Issuer(issuer.url, http)), PSEUDONYMS, name, links=links)
    pool = await connect((await new_database(name)).url, 4)
    staying.push_async_callback(pool.close)
    service.attach(app, service.store(pool))
    inbox: Inbox = app.state.inbox
    await inbox.open()
    return app, inbox
