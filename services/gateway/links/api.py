"""`/links/<token>`: a page for whoever has a link, and its answer. The token is in the address and nowhere else."""

import hashlib
from collections.abc import Mapping
from urllib.parse import parse_qs
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from libs.chassis.identity.signing_keys import Signer
from libs.chassis.problems import busy
from services.gateway.links import pages, times, verdicts
from services.gateway.links.appointment import TimeAnswer
from services.gateway.links.attempts import WRONG, Attempts
from services.gateway.links.client import Services, Unreachable
from services.gateway.links.domain import TOKEN, Link, Rating, Verdict, answer_id_of, fields_of, language_of
from services.gateway.links.words import Language

PREFIX = "/links/"
MOST_FIELDS = 10


class Links:
    """Pages of links. `address_header` is where a proxy before the gateway says whom it answers; else the caller's."""

    def __init__(self, signer: Signer, address_header: str, hotline: str) -> None:
        self._signer, self._address_header, self._hotline = signer, address_header, hotline
        self._attempts = Attempts()

    async def show(self, request: Request) -> Response:
        """The page of a link."""
        language = _language(request)
        try:
            link = await self._open(request)
            if isinstance(link, Link):
                return await self._page(request, link, language)
        except Unreachable:
            return pages.later(language)
        return self._refusal(link, language)

    async def answer(self, request: Request) -> Response:
        """The answer that the form of a link sends, again and again the same for the same form."""
        language, fields = _language(request), await _fields(request)
        answer_id = answer_id_of(fields)
        try:
            link = await self._open(request, answer_id)
            if isinstance(link, Link):
                return await self._answered(request, link, fields, language)
        except Unreachable:
            return pages.later(language, fields if answer_id else None)
        return self._refusal(link, language)

    async def keys(self, _: Request) -> Response:
        """The public keys by which services check what links may do."""
        return Response(self._signer.published, media_type="application/jwk-set+json")

    async def _open(self, request: Request, answer_id: str | None = None) -> Link | bool:
        """The link; False: it opens nothing, True: nobody was asked, after so many tries. Raises Unreachable."""
        token, address = request.path_params["token"], self._address(request)
        if not await self._attempts.may(address, hashlib.sha256(token.encode()).hexdigest()):
            return True
        link = await _services(request).open(token, answer_id) if TOKEN.fullmatch(token) else None
        if link is None:
            await self._attempts.was_wrong(address)
            return False
        return link

    def _refusal(self, often: bool, language: Language) -> Response:
        return pages.often(language, WRONG.get_expiry()) if often else pages.closed(language, self._hotline)

    async def _page(self, request: Request, link: Link, language: Language) -> Response:
        if link.purpose == "progress":
            renews = "still" not in request.query_params
            return pages.progress(await _services(request).progress(link), language, renews, self._hotline)
        if link.purpose == "appointment":
            return await times.shown(_services(request), link, language, self._hotline)
        if link.purpose == "acceptance":
            return await verdicts.shown(_services(request), link, language, self._hotline)
        return pages.rating(str(uuid4()), language)

    async def _answered(self, request: Request, link: Link, fields: Mapping[str, str], language: Language) -> Response:
        if link.purpose == "appointment":
            return await times.answered(_services(request), link, TimeAnswer.of(fields), language, self._hotline)
        if link.purpose == "acceptance":
            return await verdicts.answered(_services(request), link, Verdict.of(fields), language, self._hotline)
        if link.purpose != "rating" or (rating := Rating.of(fields)) is None:
            return pages.closed(language, self._hotline)
        return await self._rated(request, link, rating, language)

    async def _rated(self, request: Request, link: Link, rating: Rating, language: Language) -> Response:
        if rating.flaw:
            return pages.rating(rating.answer_id, language, rating, rating.flaw)
        said = await _services(request).rate(link, rating)
        if said == "unreadable":
            return pages.rating(rating.answer_id, language, rating, "comment_unreadable")
        if said == "closed":
            return pages.closed(language, self._hotline)
        return pages.thanks(rating, language) if said == "taken" else pages.answered(language)

    def _address(self, request: Request) -> str:
        told = request.headers.get(self._address_header, "") if self._address_header else ""
        return told.rpartition(",")[2].strip() or (request.client.host if request.client else "")

    @property
    def routes(self) -> list[Route]:
        """Before the front's."""
        return [
            Route(f"{PREFIX}{{token}}", self.show, methods=["GET"]),
            Route(f"{PREFIX}{{token}}", self.answer, methods=["POST"]),
            Route("/.well-known/jwks.json", self.keys),
        ]


async def _fields(request: Request) -> dict[str, str]:
    """What the form says; nothing where it is none of ours."""
    try:
        return fields_of(parse_qs((await request.body()).decode(), max_num_fields=MOST_FIELDS))
    except ValueError:
        return {}


def _language(request: Request) -> Language:
    return language_of(request.query_params.get("lang"), request.headers.get("accept-language", ""))


def _services(request: Request) -> Services:
    """The services. Raises a 503 problem before the process is open."""
    found: Services | None = getattr(request.app.state, "link_services", None)
    if found is None:
        raise busy("database-unreachable", "The gateway is starting.")
    return found
