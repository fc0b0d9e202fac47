"""Routes: who calls and whether they may comes first, then the body as strict JSON, then the endpoint."""

import asyncio
import functools
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from email.message import Message as Headers
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
from fastapi import APIRouter, params
from fastapi.datastructures import DefaultPlaceholder
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute
from starlette.routing import Route as PlainRoute
from starlette.types import Receive, Scope, Send

from libs.chassis import preconditions
from libs.chassis.http.gate import Turn
from libs.chassis.identity.auth import Principal, Roles
from libs.chassis.input import strict
from libs.chassis.input.binding import Binding
from libs.chassis.input.queries import Queries
from libs.chassis.problems import Problem, documented

BODY_SECONDS = 20
_OPEN = ("/health/", "/metrics", "/openapi.json", "/docs")
_ALWAYS = (400, 401, 403, 404, 414, 422, 503)
_COMMAND = (408, 409, 412, 413, 415)


class RoutesWithoutRoles(Exception):
    """Routes that do not say who may call them: `dependencies=[allow(…)]`."""


class CommandAnswer(BaseModel):
    """What a command answers: the aggregate, its version afterwards (also the ETag) and its status."""

    model_config = ConfigDict(extra="allow")

    id: UUID
    version: int = Field(ge=0)
    status: str = Field(examples=["open"])


def encode(content: Any) -> bytes:
    """JSON of anything msgspec knows, of database rows and of models."""
    return msgspec.json.encode(content, enc_hook=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, asyncpg.Record):
        return dict(value)
    if isinstance(value, BaseModel):
        return value.model_dump()
    # What msgspec asks of a hook for a value that it does not know: nothing is left to be written here.
    raise NotImplementedError(f"no JSON for {type(value).__name__}")


class Admitted(Request):
    """A request whose caller is known and allowed, and whose body has been read: `raw`, and `document` if JSON.

    `turn` is its turn to work.
    """

    raw: bytes = b""
    document: Any = None
    turn: Turn

    @property
    def principal(self) -> Principal:
        """Who calls."""
        found: Principal = self.scope["principal"]
        return found

    async def body(self) -> bytes:
        return self.raw

    async def json(self) -> Any:
        return self.document


class Route(APIRoute):
    """A route under /v1 or /internal; it declares its roles by `dependencies=[allow(…)]`.

    One that says itself what its body is (`requestBody` of `openapi_extra`) takes a file as it comes.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        declared: Sequence[params.Depends] = options.pop("dependencies", None) or ()
        self.roles = next((d.dependency for d in declared if isinstance(d.dependency, Roles)), None)
        self.takes_key = path.startswith("/v1") and "POST" in (options.get("methods") or ())
        self.waits = self.takes_key and "{" in path and not path.startswith("/v1/operations/")
        self.has_items = False
        self.takes_file = "requestBody" in (options.get("openapi_extra") or {})
        if self.takes_key and isinstance(options.get("response_model"), DefaultPlaceholder):
            options["response_model"] = CommandAnswer
        statuses = sorted(
            {*_ALWAYS, *(_COMMAND if self.takes_key else ()), *((409,) if "GET" in options["methods"] else ())}
        )
        given = options.get("responses") or {}
        self.is_tagged = 304 in given
        options["responses"] = {**documented(*statuses, *((412,) if self.is_tagged else ())), **given}
        options["openapi_extra"] = self._described(options.get("openapi_extra") or {})
        others = [d for d in declared if not isinstance(d.dependency, Roles)]
        endpoint = _answering(endpoint, options.get("status_code") or 200)
        super().__init__(path, endpoint, dependencies=others, **options)
        self.queries = Queries.of(self.dependant, also=("min_version",) if self.waits else ())
        self.binding = Binding.of(self.dependant, self._embed_body_fields)
        if self.binding is not None:
            self.app = self._serve

    def _described(self, extra: dict[str, Any]) -> dict[str, Any]:
        own = preconditions.PARAMETERS if self.takes_key else preconditions.READING if self.is_tagged else []
        waiting = [preconditions.MIN_VERSION] if self.waits else []
        parameters = [*own, *waiting, *extra.get("parameters", [])]
        described = {"security": [{"bearer": []}], "x-roles": sorted(self.roles.roles) if self.roles else [], **extra}
        return {**described, "parameters": parameters} if parameters else described

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's handler, behind the checks that come before it."""
        handle = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            admitted = await self._admit(request)
            async with admitted.turn:
                return await handle(admitted)

        return guarded

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The short way of a simple endpoint: FastAPI's handler does the same with several layers more."""
        assert self.binding is not None
        request = await self._admit(Request(scope, receive))
        async with request.turn:
            response = await self.endpoint(**self.binding.arguments(request, request.document, scope["path_params"]))
        await response(scope, receive, send)

    async def _admit(self, request: Request) -> Admitted:
        headers, tokens = request.headers, request.app.state.tokens
        principal = await tokens.authenticate(headers.get("authorization"))
        if self.roles is None:
            raise Problem(403, "forbidden", "Nobody may call this.")
        self.roles.check(principal)
        if request.scope["query_string"]:
            self.queries.check(request.query_params)
        if self.takes_key:
            preconditions.idempotency_key(headers)
            preconditions.expected_versions(headers)  # also where nothing is expected of a version
        admitted = Admitted(request.scope, request.receive)
        admitted.scope["principal"] = principal
        admitted.turn = Turn(request.app.state.gate)
        if self.takes_file:
            admitted.raw = await _body(request.receive)
        elif self.body_field is not None:
            admitted.raw = await _body(request.receive)
            if admitted.raw or self.body_field.field_info.is_required():
                admitted.document = _document(headers.get("content-type"), admitted.raw)
        return admitted


async def _body(receive: Receive) -> bytes:
    try:
        async with asyncio.timeout(BODY_SECONDS):
            message = await receive()
            parts: list[bytes] = [message.get("body", b"")]
            while message.get("more_body"):
                message = await receive()
                parts.append(message.get("body", b""))
    except TimeoutError:
        raise Problem(408, "body-too-slow", "The body did not arrive.", headers={"Connection": "close"}) from None
    if message["type"] != "http.request":
        raise Problem(400, "disconnected", "The caller left before the body ended.")
    return b"".join(parts)


def _document(content_type: str | None, raw: bytes) -> Any:
    if content_type != "application/json" and not _is_json(content_type):
        raise Problem(415, "not-json", "The body is to be application/json.")
    return strict.loads(raw)


def _is_json(content_type: str | None) -> bool:
    if content_type is None:
        return False
    headers = Headers()
    headers["content-type"] = content_type
    return headers.get_content_type() == "application/json"


def _answering(endpoint: Callable[..., Awaitable[Any]], status: int) -> Callable[..., Awaitable[Response]]:
    """The endpoint, with whatever it returns made a Response here, so that nothing is validated or copied twice."""

    @functools.wraps(endpoint)
    async def answering(*args: Any, **kwargs: Any) -> Response:
        content = await endpoint(*args, **kwargs)
        return content if isinstance(content, Response) else Response(encode(content), status, None, "application/json")

    return answering


def note_items(routes: Iterable[BaseRoute]) -> None:
    """Note at each route that makes things whether one of them can be read below its path."""
    own = [route for route in routes if isinstance(route, Route)]
    read = [route.path.rpartition("/") for route in own if "GET" in (route.methods or ())]
    readable = {path for path, _, item in read if item.startswith("{")}
    for route in own:
        route.has_items = route.path in readable


class Router(APIRouter):
    """A router of such routes. Service takes it as it is: prefix, tags and dependencies are its own."""

    def __init__(self, **options: Any) -> None:
        super().__init__(route_class=Route, redirect_slashes=False, **options)


def check_roles(routes: Iterable[BaseRoute]) -> None:
    """Raises RoutesWithoutRoles that names every route which is neither open by its path nor declares its roles."""
    bare = [
        f"{' '.join(sorted(route.methods or ()))} {route.path}"
        for route in routes
        if isinstance(route, PlainRoute)
        and not route.path.startswith(_OPEN)
        and (not isinstance(route, Route) or route.roles is None)
    ]
    if bare:
        raise RoutesWithoutRoles(", ".join(bare))
