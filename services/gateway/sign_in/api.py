"""`/auth`: to the issuer, back from it, and out."""

from datetime import datetime
from secrets import compare_digest, token_urlsafe
from urllib.parse import quote

import msgspec
import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from libs.chassis.identity.oidc import IssuerUnreachable
from libs.chassis.running.clock import own_now
from services.gateway import pages
from services.gateway.seal import Seal
from services.gateway.sessions.api import COOKIE, sessions_of
from services.gateway.sessions.domain import Session
from services.gateway.sessions.store import GrantRefused, Sessions
from services.gateway.sign_in.client import Client, SignedIn, Untrusted
from services.gateway.sign_in.domain import ATTEMPT_SECONDS, HOME, Attempt, own_path

log = structlog.get_logger(__name__)

ATTEMPT_COOKIE = "__Host-sign-in"
LONGEST_CODE = 4096
SOON = {"Retry-After": "5"}


async def login(request: Request) -> Response:
    """Begin: to the issuer, and from there to `to`, a path of ours."""
    to = own_path(request.query_params.get("to"))
    attempt = Attempt(token_urlsafe(24), token_urlsafe(24), token_urlsafe(48), to)
    try:
        answer = RedirectResponse(await _client(request).sign_in_url(attempt), 302)
    except IssuerUnreachable as error:
        return _unreachable(error, to)
    sealed = _seal(request).seal(msgspec.json.encode(attempt), own_now()).decode()
    _set(answer, ATTEMPT_COOKIE, sealed, ATTEMPT_SECONDS)
    return answer


async def callback(request: Request) -> Response:
    """End: what the issuer says of the attempt that this browser began becomes a session."""
    at, given, sessions = own_now(), request.query_params, sessions_of(request)
    attempt = _attempt(request, at)
    if attempt is None or not compare_digest(given.get("state", "").encode(), attempt.state.encode()):
        return pages.page(400, pages.EXPIRED, attempt.to if attempt else HOME)
    code = given.get("code", "")
    if given.get("iss", _client(request).issuer) != _client(request).issuer or not 0 < len(code) <= LONGEST_CODE:
        log.info("sign-in refused", error=given.get("error", "")[:40])
        return _over(pages.page(400, pages.REFUSED, attempt.to))
    try:
        found = await _client(request).redeem(code, attempt, at)
    except GrantRefused:
        return _over(pages.page(400, pages.EXPIRED, attempt.to))
    except Untrusted as error:
        log.warning("sign-in is not for us", reason=str(error))
        return _over(pages.page(403, pages.UNTRUSTED, attempt.to))
    except IssuerUnreachable as error:
        return _over(_unreachable(error, attempt.to))
    answer = _over(RedirectResponse(_own(request, attempt.to), 303))
    _set(answer, COOKIE, await _begin(sessions, request.cookies.get(COOKIE), found, at))
    return answer


async def _begin(sessions: Sessions, before: str | None, found: SignedIn, at: datetime) -> str:
    """A session of its own for each sign-in: an id that was there before is worth nothing afterwards."""
    there = await sessions.peek(before, at)
    if there is not None:
        await sessions.end(there)
    return await sessions.begin(found.subject, found.issuer_session, found.grant, at)


def _unreachable(error: IssuerUnreachable, to: str) -> Response:
    log.warning("issuer out of reach", error=str(error))
    return pages.page(503, pages.UNREACHABLE, to, SOON)


async def logout(request: Request) -> Response:
    """Sign out at this browser, and at the issuer."""
    session = await sessions_of(request).peek(request.cookies.get(COOKIE), own_now())
    if session is not None:
        await sessions_of(request).end(session)
    return await _out(request, session)


async def logout_everywhere(request: Request) -> Response:
    """Sign out at every browser, and at the issuer."""
    session = await sessions_of(request).peek(request.cookies.get(COOKIE), own_now())
    if session is not None:
        await sessions_of(request).end_all(session.subject)
    return await _out(request, session)


async def _out(request: Request, session: Session | None) -> Response:
    further = await _client(request).sign_out_url(session.grant.id_token) if session else None
    answer = RedirectResponse(further or _own(request, HOME), 303)
    _set(answer, COOKIE, "", 0)
    return answer


def _attempt(request: Request, at: datetime) -> Attempt | None:
    """What this browser began, not too long ago."""
    sealed = request.cookies.get(ATTEMPT_COOKIE, "").encode("utf-8", "replace")
    content = _seal(request).open(sealed, at, ATTEMPT_SECONDS)
    return msgspec.json.decode(content, type=Attempt) if content else None


def _over(answer: Response) -> Response:
    """The attempt is over, whatever came of it."""
    _set(answer, ATTEMPT_COOKIE, "", 0)
    return answer


def _set(answer: Response, name: str, value: str, seconds: int | None = None) -> None:
    answer.set_cookie(name, value, max_age=seconds, path="/", secure=True, httponly=True, samesite="lax")


def _own(request: Request, path: str) -> str:
    origin: str = request.app.state.origin
    return origin + quote(path, safe="/%?#=&:@!$'()*+,;~[]")


def _client(request: Request) -> Client:
    found: Client = request.app.state.client
    return found


def _seal(request: Request) -> Seal:
    found: Seal = request.app.state.attempts
    return found


ROUTES = [
    Route("/auth/login", login),
    Route("/auth/callback", callback),
    Route("/auth/logout", logout, methods=["POST"]),
    Route("/auth/logout/everywhere", logout_everywhere, methods=["POST"]),
]
