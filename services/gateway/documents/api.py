"""`/documents`: a form of a visit or a ticket, or what is printed of assets, as PDF, for who is signed in."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

import httpx
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from libs.chassis.problems import Problem, busy
from libs.chassis.running.clock import own_now
from libs.documents.asset_forms import AssetLabel, AssetLabels, WarrantyCard
from libs.documents.forms import FORMS, Document
from libs.documents.ticket_forms import TICKET_FORMS, CustomerReceipt
from libs.documents.typesetter import Overloaded, TooLong, Typesetter
from services.gateway.asset_code import AssetCodes
from services.gateway.documents import assets, tickets
from services.gateway.documents.client import Reader, too_long
from services.gateway.documents.domain import filled_in

TokenOf = Callable[[Request], Awaitable[str]]
"""The access token of who is signed in. Raises a problem."""
RECORDS = (CustomerReceipt, WarrantyCard, AssetLabel, AssetLabels)
NAMES = frozenset([*FORMS, *TICKET_FORMS, *(record.name for record in RECORDS)])
POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
"""Of a PDF, which the browser shows in a viewer of its own."""


class Documents:
    """Prints what the services answer. `origin` is the gateway's, `zone` the department's, `codes` sign for labels."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        urls: Mapping[str, str],
        origin: str,
        zone: ZoneInfo,
        codes: AssetCodes,
        hotline: str = "",
    ) -> None:
        self._http, self._urls, self._origin, self._zone = http, urls, origin, zone
        self._codes, self._hotline = codes, hotline
        self._typesetter = Typesetter()

    async def warm(self) -> None:
        """Read the fonts before somebody waits for them."""
        await self._typesetter.warm(own_now())

    async def answer(self, request: Request, name: str, id: str, token: str) -> Response:
        """The PDF. Raises problems."""
        document = await self._document(Reader(self._http, self._urls, token, request), name, id)
        pdf = await self._set(document, own_now().astimezone(self._zone))
        headers = {"Content-Disposition": disposition(document), "Content-Security-Policy": POLICY}
        return Response(pdf, 200, headers, "application/pdf")

    async def _document(self, reader: Reader, name: str, id: str) -> Document:
        """What the form of this name says; `id` is the visit's, the ticket's, the asset's or the customer's."""
        if name in FORMS:
            record = await reader.record(FORMS[name], id)
            return filled_in(FORMS[name], record, f"{self._origin}/work-orders/{id}", self._zone)
        if name in TICKET_FORMS:
            ticket = await reader.ticket(id)
            return tickets.filled_in(TICKET_FORMS[name], ticket, f"{self._origin}/tickets/{id}", self._zone)
        if name == CustomerReceipt.name:
            return tickets.receipt(await reader.settled(id), f"{self._origin}/tickets/{id}", self._zone)
        if name == WarrantyCard.name:
            return assets.card(await reader.asset_record(id), self._label_address(id), self._hotline)
        if name == AssetLabel.name:
            return assets.one_label(await reader.asset(id), self._label_address)
        if name == AssetLabels.name:
            return assets.all_labels(id, await reader.assets_of(id), self._label_address)
        raise Problem(404, "no-such-form", "There is no such form.")

    def _label_address(self, asset_id: str) -> str:
        return f"{self._origin}/a/{self._codes.code_of(asset_id)}"

    async def _set(self, form: Document, at: datetime) -> bytes:
        try:
            return await self._typesetter.pdf(form, at)
        except Overloaded:
            raise busy("overloaded", "Too many requests at once: try again.") from None
        except TooLong:
            raise too_long() from None


def disposition(form: Document) -> str:
    """Content-Disposition (RFC 6266): shown, and kept under the form's Chinese name; by the English one if need be."""
    return f"inline; filename=\"{form.plain_name}.pdf\"; filename*=UTF-8''{quote(form.file_name, safe='')}.pdf"


def routes(token_of: TokenOf) -> list[Route]:
    """Of the forms, by their English names and the ids of what they are about."""

    async def document(request: Request) -> Response:
        name, id = request.path_params["form"], str(request.path_params["id"])
        if name not in NAMES:
            raise Problem(404, "no-such-form", "There is no such form.")
        token = await token_of(request)
        documents: Documents | None = getattr(request.app.state, "documents", None)
        if documents is None:
            raise busy("service-unreachable", "The service is out of reach for now.")
        return await documents.answer(request, name, id, token)

    return [Route("/documents/{form}/{id:uuid}.pdf", document)]
