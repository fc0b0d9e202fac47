"""Who is signed in: the cookie, the token that it stands for, `/auth/me`, and where else they are."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from libs.chassis.department import department
from libs.chassis.http.routing import encode
from libs.chassis.identity.auth import Principal
from libs.chassis.identity.oidc import IssuerUnreachable
from libs.chassis.problems import Problem, busy
from libs.chassis.running.clock import own_now
from services.gateway.sessions.domain import Session, Standing
from services.gateway.sessions.store import Sessions

COOKIE = "__Host-sid"
"""Of this host alone, over https alone, for no script; a page of another site that posts does not send it."""


def sessions_of(request: Request) -> Sessions:
    """The sessions. Raises a 503 problem before the process has its database."""
    found: Sessions | None = getattr(request.app.state, "sessions", None)
    if found is None:
        raise busy("database-unreachable", "The database is out of reach for now.")
    return found


async def session_of(request: Request) -> Session:
    """The caller's session. Raises a 401 problem, or 503 while its token cannot be renewed; the session stays."""
    try:
        found = await sessions_of(request).find(request.cookies.get(COOKIE), own_now())
    except IssuerUnreachable:
        raise busy("issuer-unreachable", "The issuer is out of reach for now.", 5) from None
    if found is None:
        raise not_signed_in()
    return found


async def token_of(request: Request) -> str:
    """The caller's access token. Raises as `session_of` does."""
    return (await session_of(request)).grant.access_token


async def principal_of(request: Request) -> tuple[Session, Principal]:
    """The caller's session, and whom its token speaks for. Raises as `session_of` does."""
    session = await session_of(request)
    try:
        return session, await request.app.state.tokens.authenticate(f"Bearer {session.grant.access_token}")
    except Problem as problem:
        raise not_signed_in() if problem.status == 401 else problem from None


def not_signed_in() -> Problem:
    """401: sign in, and come back."""
    return Problem(401, "not-signed-in", "Nobody is signed in here.")


async def me(request: Request) -> Response:
    """Who is signed in: subject, name, roles, region, language, and the key of what their browser keeps sealed."""
    session, principal = await principal_of(request)
    found = {
        "subject": principal.subject,
        "name": principal.name,
        "roles": sorted(principal.roles),
        "region": principal.region,
        "locale": session.grant.locale,
        "draft_key": request.app.state.draft_key(session.subject),
    }
    return Response(encode(found), media_type="application/json")


async def settings(request: Request) -> Response:
    """Where the caller is signed in, how long that lasts, and what the department is set to."""
    session, of = await session_of(request), department()
    sessions, at = sessions_of(request), own_now()
    standing = await sessions.of_person(session.subject, at)
    found = {
        "sessions": [shown(one, session) for one in standing],
        "idle_seconds": sessions.limits.idle.total_seconds(),
        "session_seconds": sessions.limits.absolute.total_seconds(),
        "timezone": of.timezone,
        "phone_region": of.phone_region,
    }
    return Response(encode(found), media_type="application/json")


def shown(one: Standing, this: Session) -> dict[str, Any]:
    """A session without what it is found by."""
    times = {"began_at": one.began_at, "used_at": one.used_at, "ends_at": one.ends_at}
    return times | {"is_this": one.id_hash == this.id_hash}


ROUTES = [Route("/auth/me", me), Route("/auth/settings", settings)]
