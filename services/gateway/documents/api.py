"""`/documents`: a form of one visit as PDF, for who is signed in."""

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
from libs.documents.forms import FORMS, Form
from libs.documents.typesetter import Overloaded, TooLong, Typesetter
from services.gateway.documents.client import Reader
from services.gateway.documents.domain import filled_in

TokenOf = Callable[[Request], Awaitable[str]]
"""The access token of who is signed in. Raises a problem."""
POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
"""Of a PDF, which the browser shows in a viewer of its own."""


class Documents:
    """Prints what the services answer. `origin` is the gateway's, `zone` the department's."""

    def __init__(self, http: httpx.AsyncClient, urls: Mapping[str, str], origin: str, zone: ZoneInfo) -> None:
        self._http, self._urls, self._origin, self._zone = http, urls, origin, zone
        self._typesetter = Typesetter()

    async def warm(self) -> None:
        """Read the fonts before somebody waits for them."""
        await self._typesetter.warm(own_now())

    async def answer(self, request: Request, kind: type[Form], work_order_id: str, token: str) -> Response:
        """The PDF. Raises problems."""
        record = await Reader(self._http, self._urls, token, request).record(kind, work_order_id)
        form = filled_in(kind, record, f"{self._origin}/work-orders/{work_order_id}", self._zone)
        pdf = await self._set(form, own_now().astimezone(self._zone))
        headers = {"Content-Disposition": disposition(form), "Content-Security-Policy": POLICY}
        return Response(pdf, 200, headers, "application/pdf")

    async def _set(self, form: Form, at: datetime) -> bytes:
        try:
            return await self._typesetter.pdf(form, at)
        except Overloaded:
            raise busy("overloaded", "Too many requests at once: try again.") from None
        except TooLong:
            raise Problem(409, "form-too-long", "There is more on record than a form can say.") from None


def disposition(form: Form) -> str:
    """Content-Disposition (RFC 6266): shown, and kept under the form's Chinese name; by the English one if need be."""
    plain = f"{form.name}-{form.number}-{form.visit}"
    return f"inline; filename=\"{plain}.pdf\"; filename*=UTF-8''{quote(form.file_name, safe='')}.pdf"


def routes(token_of: TokenOf) -> list[Route]:
    """Of the forms, by their English names and the ids of work orders."""

    async def document(request: Request) -> Response:
        kind, id = FORMS.get(request.path_params["form"]), str(request.path_params["id"])
        if kind is None:
            raise Problem(404, "no-such-form", "There is no such form.")
        token = await token_of(request)
        documents: Documents | None = getattr(request.app.state, "documents", None)
        if documents is None:
            raise busy("service-unreachable", "The service is out of reach for now.")
        return await documents.answer(request, kind, id, token)

    return [Route("/documents/{form}/{id:uuid}.pdf", document)]
