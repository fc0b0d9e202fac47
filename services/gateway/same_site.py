"""Who may send what changes something: a page of the gateway's own, as the browser itself says."""

from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from libs.chassis.problems import Problem

READING = ("GET", "HEAD")


class SameSite:
    """Refuses every request that is no GET unless its browser says that a page of `origin` sent it.

    Browsers say so in Sec-Fetch-Site, which no page can set; where that is missing, Origin has to be ours. There is no
    CORS: a preflight is refused like the rest. What begins with `free` goes by no cookie, so that nobody can send it
    for another; its pages tell nobody where they are, not even their own Origin.
    """

    def __init__(self, app: ASGIApp, origin: str, free: str) -> None:
        self._app, self._origin, self._free = app, origin, free

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._may(scope):
            raise Problem(403, "cross-site", "This was not sent by a page of this site.")
        await self._app(scope, receive, send)

    def _may(self, scope: Scope) -> bool:
        if scope["method"] in READING or scope["path"].startswith(self._free):
            return True
        return self._is_own(Headers(scope=scope))

    def _is_own(self, headers: Mapping[str, str]) -> bool:
        site = headers.get("sec-fetch-site")
        return site == "same-origin" if site is not None else headers.get("origin") == self._origin
