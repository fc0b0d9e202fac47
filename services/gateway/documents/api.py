"""`/documents`: a form of a visit or a ticket, or what is printed of assets, as PDF, for who is signed in."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from urllib.parse import quote

import httpx
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from libs.chassis.problems import Problem, busy
from libs.chassis.running.clock import own_now
from libs.documents.forms import Document
from libs.documents.typesetter import Overloaded, TooLong, Typesetter
from services.gateway.documents.client import Reader, too_long
from services.gateway.documents.prints import PRINTS, Desk, Print

TokenOf = Callable[[Request], Awaitable[str]]
"""The access token of who is signed in. Raises a problem."""
POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
"""Of a PDF, which the browser shows in a viewer of its own."""


class Documents:
    """Prints what the services answer; `urls` are where their public ports do."""

    def __init__(self, http: httpx.AsyncClient, urls: Mapping[str, str], desk: Desk) -> None:
        self._http, self._urls, self._desk = http, urls, desk
        self._typesetter = Typesetter()

    async def warm(self) -> None:
        """Read the fonts before somebody waits for them."""
        await self._typesetter.warm(own_now())

    async def answer(self, request: Request, printed: Print, id: str, token: str) -> Response:
        """The PDF. Raises problems."""
        document = await printed(self._desk, Reader(self._http, self._urls, token, request), id)
        pdf = await self._set(document, own_now().astimezone(self._desk.zone))
        headers = {"Content-Disposition": disposition(document), "Content-Security-Policy": POLICY}
        return Response(pdf, 200, headers, "application/pdf")

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
        printed = PRINTS.get(request.path_params["form"])
        if printed is None:
            raise Problem(404, "no-such-form", "There is no such form.")
        token = await token_of(request)
        documents: Documents | None = getattr(request.app.state, "documents", None)
        if documents is None:
            raise busy("service-unreachable", "The service is out of reach for now.")
        return await documents.answer(request, printed, str(request.path_params["id"]), token)

    return [Route("/documents/{form}/{id:uuid}.pdf", document)]
