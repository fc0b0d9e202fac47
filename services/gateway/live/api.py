"""`GET /events`: what happens, for who is signed in, as server-sent events."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from libs.chassis.problems import invalid
from libs.chassis.streaming.entries import Places
from services.gateway.live.hub import Follower, Hub
from services.gateway.sessions.api import principal_of

LONGEST_ID = 2000


async def events(request: Request) -> Response:
    """The stream, from the place in Last-Event-ID on, or from now on. Raises problems: 401, 422 for no place, 503."""
    session, principal = await principal_of(request)
    hub: Hub = request.app.state.hub
    place = place_of(request.headers.get("last-event-id"), len(hub.services))
    return await hub.stream(Follower(session.id_hash, principal.roles, principal.actor_id), place)


def place_of(text: str | None, services: int) -> Places | None:
    """The place that a caller sent back, in so many services. Raises a 422 problem for what is none."""
    try:
        if text is None:
            return None
        if len(text) > LONGEST_ID:
            raise ValueError
        return Places.parse(text, services)
    except ValueError:
        raise invalid("header.Last-Event-ID", "This is no id of an event of this stream.", "malformed-place") from None


ROUTES = [Route("/events", events)]
