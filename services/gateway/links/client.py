"""What the pages of links ask of services: as the gateway, whether a link is open; as its holder, everything else."""

import asyncio
from typing import Any, Literal, TypeVar
from uuid import uuid4

import httpx
import msgspec
import structlog

from libs.chassis.identity.auth import CUSTOMER
from libs.chassis.identity.link_tokens import SUBJECT, TOKEN_SECONDS
from libs.chassis.identity.oidc import IssuerUnreachable, ServiceTokens
from libs.chassis.identity.signing_keys import Signer
from libs.chassis.tracing import trace
from services.gateway.links.appointment import Planned, TimeAnswer
from services.gateway.links.domain import Link, Progress, Rating, Repair, Verdict

log = structlog.get_logger(__name__)

T = TypeVar("T")

SECONDS = 10.0
PAUSES = (0.1, 0.2, 0.4, 0.8, 1.6)
"""Seconds that a repeated answer waits for the first, which is under way: of a double click people see the second."""
Said = Literal["taken", "answered", "changed", "unreadable", "closed"]
"""What became of an answer: it counts; another was there before; what it is about has changed; its words cannot be
kept; it is nothing's answer."""
BEFORE = ("idempotency-key-reused", "callback-completed", "already-accepted", "already-rejected")
CHANGED = ("appointment-changed", "appointment-in-the-past", "appointment-too-far-ahead", "overlap")
CLOSED = ("already-completed", "already-departed", "already-failed", "not-completed", "work-order-cancelled")


class Unreachable(Exception):
    """A service does not answer, or not as it should: try again later."""


class Services:
    """The services at their public ports, by name."""

    def __init__(self, urls: dict[str, str], http: httpx.AsyncClient, tokens: ServiceTokens, signer: Signer) -> None:
        self._urls, self._http, self._tokens, self._signer = urls, http, tokens, signer

    async def open(self, token: str, answer_id: str | None = None) -> Link | None:
        """What a token is for; None if it opens nothing. With an answer that it took, it opens for that one still."""
        asked = {"token": token, "answer_id": answer_id}
        answer = await self._as_gateway("intake", "/v1/links/open", asked, str(uuid4()))
        return None if answer.status_code == 404 else _read(answer, Link)

    async def progress(self, link: Link) -> Progress:
        """How far the link's ticket has come."""
        headers = self._as_customer(link, "intake")
        answer = await self._ask("GET", f"{self._urls['intake']}/v1/tickets/{link.ticket_id}/progress", headers)
        return _read(answer, Progress)

    async def planned(self, link: Link) -> Planned | None:
        """When the link's visit is to be; None where the link is of another ticket's."""
        return await self._of_visit(link, "planned-time", Planned)

    async def rate(self, link: Link, rating: Rating) -> Said:
        """Complete the link's callback."""
        said = {"score": rating.score} | ({"comment": rating.comment} if rating.comment else {})
        return await self._give(link, rating.answer_id, "survey", f"callbacks/{link.object_id}/rating", said)

    async def repair(self, link: Link) -> Repair | None:
        """What the link's work order came to; None where it is none of the link's ticket."""
        return await self._of_visit(link, "repair", Repair)

    async def judge(self, link: Link, verdict: Verdict) -> Said:
        """Accept or reject the repair of the link's work order."""
        path = f"work-orders/{link.object_id}/link-{'acceptance' if verdict.accepted else 'rejection'}"
        said = {"signed_by": verdict.name} if verdict.accepted else {"reasons": verdict.reasons}
        return await self._give(link, verdict.answer_id, "dispatch", path, said)

    async def answer_time(self, link: Link, answer: TimeAnswer, start: str, end: str) -> Said:
        """Confirm the time of the link's visit, or wish another."""
        said = {"start": start, "end": end}
        if answer.choice == "wish" and answer.note:
            said["note"] = answer.note
        path = f"work-orders/{link.object_id}/{'link-confirmation' if answer.choice == 'confirm' else 'wish'}"
        return await self._give(link, answer.answer_id, "dispatch", path, said)

    async def _of_visit(self, link: Link, what: str, type: type[T]) -> T | None:
        url = f"{self._urls['dispatch']}/v1/work-orders/{link.object_id}/{what}"
        answer = await self._ask("GET", url, self._as_customer(link, "dispatch"))
        return None if answer.status_code in (403, 404) else _read(answer, type)

    async def _give(self, link: Link, answer_id: str, service: str, path: str, said: Any) -> Said:
        """Answer by the link. It is used first, so that of two answers at once one counts."""
        used = await self._as_gateway("intake", f"/v1/links/{link.id}/uses", {"answer_id": answer_id}, answer_id)
        if _code(used) in ("link-used", "link-closed"):
            return "answered"
        _of(used, 200)
        headers = self._as_customer(link, service) | {"Idempotency-Key": answer_id}
        return _said(await self._ask("POST", f"{self._urls[service]}/v1/{path}", headers, said))

    async def _as_gateway(self, service: str, path: str, body: Any, key: str) -> httpx.Response:
        try:
            headers = {"Authorization": f"Bearer {await self._tokens.bearer()}", "Idempotency-Key": key}
        except IssuerUnreachable as error:
            raise Unreachable(str(error)) from None
        answer = await self._ask("POST", f"{self._urls[service]}{path}", headers, body)
        if answer.status_code == 401:
            self._tokens.forget()
        return answer

    def _as_customer(self, link: Link, service: str) -> dict[str, str]:
        """A token for one request to one service, which says what the link is for."""
        about = {"ticket_id": link.ticket_id, "purpose": link.purpose, "object_id": link.object_id}
        claims = {"sub": f"{SUBJECT}{link.id}", "roles": [CUSTOMER], **about}
        return {"Authorization": f"Bearer {self._signer.token(service, TOKEN_SECONDS, claims)}"}

    async def _ask(self, method: str, url: str, headers: dict[str, str], body: Any = None) -> httpx.Response:
        for pause in PAUSES:
            answer = await self._ask_once(method, url, headers, body)
            if _code(answer) != "idempotency-key-in-flight":
                return answer
            await asyncio.sleep(pause)
        raise Unreachable("the first answer is still under way")

    async def _ask_once(self, method: str, url: str, headers: dict[str, str], body: Any) -> httpx.Response:
        told = headers | {"traceparent": trace().traceparent}
        try:
            return await self._http.request(method, url, headers=told, json=body, timeout=SECONDS)
        except httpx.HTTPError as error:
            log.warning("service out of reach", error=type(error).__name__)
            raise Unreachable(type(error).__name__) from None


def _said(answer: httpx.Response) -> Said:
    """What became of it. Raises Unreachable."""
    code = _code(answer)
    if code in BEFORE:
        return "answered"
    if code in CHANGED:
        return "changed"
    if answer.status_code in (403, 404) or code in CLOSED:
        return "closed"
    if answer.status_code == 422:
        return "unreadable"
    _of(answer, 200)
    return "taken"


def _code(answer: httpx.Response) -> str | None:
    """The code of an answer that is a problem."""
    if answer.is_success:
        return None
    try:
        return msgspec.json.decode(answer.content, type=_Problem).code
    except msgspec.DecodeError:
        return None


class _Problem(msgspec.Struct):
    code: str | None = None


def _read(answer: httpx.Response, type: type[T]) -> T:
    """What a 200 says. Raises Unreachable also for one that says something else."""
    try:
        return msgspec.json.decode(_of(answer, 200).content, type=type)
    except msgspec.DecodeError as error:
        log.warning("answer is not what a link needs", error=error.__class__.__name__)
        raise Unreachable("unreadable") from None


def _of(answer: httpx.Response, expected: int) -> httpx.Response:
    """The answer, if it has this status. Raises Unreachable."""
    if answer.status_code != expected:
        log.warning("answer is not what a link needs", status=answer.status_code)
        raise Unreachable(str(answer.status_code))
    return answer
