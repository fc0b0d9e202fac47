"""Every address that is nobody else's is a page of the front: the console's, or below /field/ the phone's."""

from secrets import token_urlsafe
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from services.gateway import pages
from services.gateway.front.files import Files
from services.gateway.policy import page_policy

INDEX = "index.html"
FIELD = "field"
"""The phone's pages are below it: one document without a nonce, which a service worker keeps for a day offline."""
NONCE = "__NONCE__"
"""Where the built page wants its nonce."""
TAKEN = ("api", "auth", "documents", "events", "links")
"""First parts of paths that are no pages, whatever follows."""
FOR_EVER = "public, max-age=31536000, immutable"
"""Of files whose names change with what is in them."""


class Front:
    """The built front. The console's page has the nonce of one answer and is never kept; hashed files are for ever."""

    def __init__(self, files: Files, issuer: str) -> None:
        self._files, self._issuer = files, issuer

    async def asset(self, request: Request) -> Response:
        """A file with a hashed name."""
        return await self._file(request, f"assets/{request.path_params['path']}", FOR_EVER) or _nothing()

    async def page(self, request: Request) -> Response:
        """Another file of the build, else the page."""
        path: str = request.path_params["path"]
        if path.partition("/")[0] in TAKEN:
            _nothing()
        if path == FIELD:
            return RedirectResponse(f"/{FIELD}/")  # a service worker's scope is its folder
        found = await self._file(request, path, "no-cache") if path not in ("", INDEX) else None
        return found or await (self._field(request) if path.startswith(f"{FIELD}/") else self._index())

    async def _field(self, request: Request) -> Response:
        return await self._file(request, f"{FIELD}/{INDEX}", "no-cache") or pages.page(503, pages.NO_FRONT)

    async def _file(self, request: Request, path: str, cache: str) -> Response | None:
        accepted = request.headers.get("accept-encoding", "")
        found = await run_in_threadpool(self._files.answer, path, request.scope, accepted)
        if found is not None:
            found.headers["cache-control"] = cache
            found.headers["content-security-policy"] = page_policy(None, self._issuer)
        return found

    async def _index(self) -> Response:
        text = await run_in_threadpool(self._files.text, INDEX)
        if text is None:
            return pages.page(503, pages.NO_FRONT)
        nonce = token_urlsafe(16)
        policy = page_policy(nonce, self._issuer)
        return HTMLResponse(text.replace(NONCE, nonce), headers={"Content-Security-Policy": policy})

    @property
    def routes(self) -> list[Route]:
        """The last of all."""
        return [Route("/assets/{path:path}", self.asset), Route("/{path:path}", self.page)]


def _nothing() -> Any:
    raise HTTPException(404)
