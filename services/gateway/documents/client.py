"""What a form needs of the services, asked with the reader's own token: they say what the reader may see."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any
from urllib.parse import quote

import httpx
import structlog
from starlette.requests import Request

from libs.chassis.problems import Problem, busy
from libs.chassis.tracing import trace
from libs.documents.forms import Acceptance, Form, OpinionFeedback
from services.gateway.documents.assets import AssetRecord, in_use
from services.gateway.documents.contracts import ContractRecord
from services.gateway.documents.domain import Answer, Record, has_form
from services.gateway.documents.tickets import SettledTicket, answers, closes

log = structlog.get_logger(__name__)

ANSWER_SECONDS = 10.0
AT_ONCE = 8
"""Questions of one form: an asset has up to 500 components, and a service answers others beside it."""

ONE_PAGE = 200
"""As many as a service answers at once."""

MOST_ASSETS = 1_000
"""Labels, or a contract's assets, of one print-out: some forty sheets of A4."""

KEPT = (401, 403, 404)
"""What a service says no with, and the gateway after it; whatever else is no answer."""


class Reader:
    """One reader, who asks for one form. `urls` are where the services' public ports answer, by name."""

    def __init__(self, http: httpx.AsyncClient, urls: Mapping[str, str], token: str, request: Request) -> None:
        self._http, self._urls, self._turns = http, urls, asyncio.Semaphore(AT_ONCE)
        self._headers = {
            "Authorization": f"Bearer {token}",
            "Accept-Language": request.headers.get("accept-language", ""),
        }

    async def record(self, form: type[Form], work_order_id: str) -> Record:
        """All that the form says of a visit. Raises problems: the services' own, 409 `form-not-ready`, and 503."""
        order = await self._get("dispatch", f"work-orders/{work_order_id}")
        if not has_form(form, order["status"]):
            raise _not_ready()
        ticket, case, engineer, signature, callback = await asyncio.gather(
            self._get("intake", f"tickets/{order['ticket_id']}"),
            self._find("triage", f"cases/{order['ticket_id']}"),
            self._find("dispatch", f"engineers/{order['engineer_id']}", order["engineer_id"] is not None),
            self._find("dispatch", f"work-orders/{work_order_id}/signature", _is_signed(form, order)),
            self._callback(work_order_id, form is OpinionFeedback),
        )
        customer = ticket["customer"] or await self._find("dispatch", f"work-orders/{work_order_id}/contact")
        return Record(order, ticket, customer, case, engineer, signature, callback)

    async def ticket(self, ticket_id: str) -> Answer:
        """One ticket. Raises problems."""
        return await self._get("intake", f"tickets/{ticket_id}")

    async def settled(self, ticket_id: str) -> SettledTicket:
        """A ticket and the answer that closed it. Raises problems: 409 `form-not-ready` where none did."""
        ticket = await self.ticket(ticket_id)
        closing = await self._closing(ticket_id) if ticket["status"] == "closed" else None
        if closing is None:
            raise _not_ready()
        notes = await self._get("intake", f"tickets/{ticket_id}/notes")
        answer = next((note["text"] for note in notes["items"] if note["id"] == closing["id"]), None)
        return SettledTicket(ticket, closing, answer)

    async def asset(self, asset_id: str) -> Answer:
        """One asset. Raises problems."""
        return await self._get("intake", f"assets/{asset_id}")

    async def asset_record(self, asset_id: str) -> AssetRecord:
        """All that a warranty card says of an asset. Raises problems."""
        asset = await self.asset(asset_id)
        asked = [f"assets/{asset_id}/warranty?component={quote(part['id'], safe='')}" for part in in_use(asset)]
        customer, contracts, warranties = await asyncio.gather(
            self._find("intake", f"customers/{asset['customer_id']}"),
            asyncio.gather(*(self._get("intake", f"contracts/{id}") for id in asset["contracts"])),
            asyncio.gather(*(self._get("intake", question) for question in asked)),
        )
        return AssetRecord(asset, customer, contracts, warranties)

    async def assets_of(self, customer_id: str) -> list[Answer]:
        """The assets of a customer. Raises problems: 409 `form-too-long` for more than a sheet is for."""
        found: list[Answer] = []
        async for items in self._pages("intake", f"assets?customer_id={customer_id}"):
            found += items
            if len(found) > MOST_ASSETS:
                raise too_long()
        return found

    async def contract_record(self, contract_id: str) -> ContractRecord:
        """All that the paper of a contract says. Raises problems."""
        contract = await self._get("intake", f"contracts/{contract_id}")
        customer_id = contract["customer_id"]
        related = [*contract["extended_by"], *filter(None, [contract["extends"]])]
        customer, others, (assets, more) = await asyncio.gather(
            self._find("intake", f"customers/{customer_id}", customer_id is not None),
            asyncio.gather(*(self._get("intake", f"contracts/{id}") for id in related)),
            self._assets_under(contract),
        )
        return ContractRecord(contract, customer, {other["id"]: other for other in others}, assets, more)

    async def _assets_under(self, contract: Answer) -> tuple[list[Answer], bool]:
        """Those that a contract holds for: an extension has those of the one that it extends, and of its customer."""
        under = [contract["id"], *filter(None, [contract["extends"]])]
        asked = "&".join(f"contract_id={id}" for id in under)
        if contract["customer_id"]:
            asked += f"&customer_id={contract['customer_id']}"
        found: list[Answer] = []
        async for items in self._pages("intake", f"assets?{asked}"):
            found += items
            if len(found) > MOST_ASSETS:
                return found[:MOST_ASSETS], True
        return found, False

    async def _closing(self, ticket_id: str) -> Answer | None:
        """What closed the ticket last, if that was an answer, wherever it stands in a story of several pages."""
        last: Answer | None = None
        async for items in self._pages("intake", f"tickets/{ticket_id}/history"):
            last = next(filter(closes, reversed(items)), last)
        return last if last is not None and answers(last) else None

    async def _pages(self, service: str, path: str) -> AsyncIterator[list[Answer]]:
        """The pages of a list, one after the other."""
        cursor: str | None = ""
        while cursor is not None:
            asked = f"limit={ONE_PAGE}" + (f"&cursor={quote(cursor, safe='')}" if cursor else "")
            page = await self._get(service, f"{path}{'&' if '?' in path else '?'}{asked}")
            yield page["items"]
            cursor = page["next_cursor"]

    async def _callback(self, work_order_id: str, wanted: bool) -> Answer | None:
        found = await self._find("survey", f"callbacks?work_order_id={work_order_id}", wanted)
        return next(iter(found["items"]), None) if found else None

    async def _find(self, service: str, path: str, wanted: bool = True) -> Answer | None:
        """The same; None where there is none, or where the reader may not see it: a form goes without it."""
        try:
            return await self._get(service, path) if wanted else None
        except Problem as problem:
            if problem.status in (403, 404):
                return None
            raise

    async def _get(self, service: str, path: str) -> Answer:
        headers = {**self._headers, "traceparent": trace().traceparent}
        url = f"{self._urls[service]}/v1/{path}"
        try:
            async with self._turns:
                answer = await self._http.get(url, headers=headers, timeout=ANSWER_SECONDS)
            said: Any = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            log.warning("service out of reach", upstream=service, error=type(error).__name__)
            raise _unreachable() from None
        if answer.status_code == 200:
            found: Answer = said
            return found
        if answer.status_code in KEPT and "code" in said:
            raise Problem(answer.status_code, said["code"], said["detail"])
        log.warning("service did not answer", upstream=service, status=answer.status_code)
        raise _unreachable()


def _is_signed(form: type[Form], order: Answer) -> bool:
    return form is Acceptance and order["status"] == "accepted"


def _not_ready() -> Problem:
    return Problem(409, "form-not-ready", "As things stand there is no such form.")


def too_long() -> Problem:
    """More than a form is for."""
    return Problem(409, "form-too-long", "There is more on record than a form can say.")


def _unreachable() -> Problem:
    return busy("service-unreachable", "The service is out of reach for now.")
