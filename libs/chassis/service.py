"""The one object that a service's app.py builds: a table of contents that can be served and run."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match

from libs.chassis import health, internal
from libs.chassis.auth import Tokens
from libs.chassis.edge import Edge
from libs.chassis.health import Vitals
from libs.chassis.oidc import Issuer, Keys
from libs.chassis.openapi import describe
from libs.chassis.problems import FieldError, Problem
from libs.chassis.routing import check_roles
from libs.chassis.settings import Settings
from libs.events import Catalogue, Decider, Refused
from libs.events.database import Pool, connect
from libs.events.inbox import Inbox, Reactions
from libs.events.store import Conflict, EventTooLarge, KeyInFlight, KeyReused, Store
from libs.events.timers import FallDue
from libs.events.unit import FutureInstant, StaleVersion
from libs.events.view import AnyView


@dataclass
class Service:
    """A service by its name, with everything that it consists of.

    `streams` are its deciders, `views` its read tables (inline, or fed by what it `hears`), `reactions` what it does
    when something happened elsewhere, `routes` its routers, `fall_due` the story of a timer that is due.
    """

    name: str
    streams: Sequence[Decider[Any, Any, Any]]
    views: Sequence[AnyView] = ()
    hears: Catalogue = field(default_factory=Catalogue)
    reactions: Reactions = field(default_factory=dict)
    routes: Sequence[APIRouter] = ()
    fall_due: FallDue | None = None
    about: str = ""

    def __post_init__(self) -> None:
        deaf = [event.type_name for event in self.reactions if event.type_name not in self.hears]
        if deaf:
            raise ValueError(f"{self.name} reacts to what it does not hear: {', '.join(deaf)}")

    @property
    def catalogue(self) -> Catalogue:
        """Every event that its own log may hold."""
        catalogue = Catalogue()
        for decider in self.streams:
            catalogue |= decider.events
        return catalogue

    def store(self, pool: Pool, on_commit: Callable[[], None] = lambda: None) -> Store:
        """Its event store on a pool."""
        return Store(
            pool, self.name, self.catalogue, [view for view in self.views if not view.hears.sources], on_commit
        )

    def inbox(self, store: Store) -> Inbox | None:
        """Its inbox, if it hears anything."""
        if not self.hears.sources:
            return None
        return Inbox(store, self.hears, self.reactions, [view for view in self.views if view.hears.sources])

    def http(self) -> FastAPI:
        """Its HTTP application. Raises RoutesWithoutRoles.

        `services.run` (or the lifespan, under another ASGI server) gives it a database and an issuer.
        """
        app = FastAPI(
            title=f"Aftercare {self.name}",
            version="0.1.0",
            description=self.about,
            lifespan=self._lifespan,
            redoc_url=None,
            swagger_ui_oauth2_redirect_url=None,
            redirect_slashes=False,
            telemetry={"tracing": False, "metrics": False, "logs": False, "operation_spans": False},
        )
        for router in (*self.routes, internal.router):
            app.router.routes.extend(router.routes)
        app.router.routes.extend(health.ROUTES)
        check_roles(app.routes)
        app.add_middleware(Edge)
        for error, told in _HANDLERS.items():
            app.add_exception_handler(error, told)
        app.state.vitals, app.state.store, app.state.inbox, app.state.tokens = Vitals(), None, None, None
        describe(app)
        return app

    def attach(self, app: FastAPI, store: Store) -> None:
        """From now on `app` answers from this store and is ready."""
        app.state.store, app.state.inbox, app.state.vitals.pool = store, self.inbox(store), store.pool

    def run(self, argv: Sequence[str] | None = None) -> None:
        """Be a process, until SIGTERM; `--role http|worker|all`."""
        from libs.chassis.process import main

        main(self, argv)

    @asynccontextmanager
    async def _lifespan(self, app: FastAPI) -> AsyncIterator[None]:
        settings = Settings.load(self.name, self.hears.sources)
        async with httpx.AsyncClient(trust_env=False) as http:
            app.state.tokens = token_checks(settings, http)
            pool = await connect(settings.own.database_url, settings.own.pool_size)
            self.attach(app, self.store(pool))
            try:
                yield
            finally:
                app.state.vitals.stopping = True
                await pool.close()


def token_checks(settings: Settings, http: httpx.AsyncClient) -> Tokens:
    """The checks of bearer tokens, as the settings want them."""
    issuer = Issuer(settings.common.oidc_issuer, http)
    types = frozenset(type.strip().lower() for type in settings.common.oidc_token_types.split(","))
    return Tokens(issuer.url, Keys(issuer), types)


def _problem(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return error.answer()


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 405:
        allowed = {"Allow": ", ".join(_methods(request))}
        return Problem(405, "method-not-allowed", "Not with this method.", headers=allowed).answer()
    code = "no-such-route" if error.status_code == 404 else "refused"
    return Problem(error.status_code, code, "There is nothing here.", headers=error.headers).answer()


def _methods(request: Request) -> list[str]:
    """The methods that this path knows, on whichever route."""
    routes = [route for route in request.app.routes if route.matches(request.scope)[0] is not Match.NONE]
    return sorted({method for route in routes for method in route.methods or ()})


def _malformed(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    errors = [FieldError(".".join(map(str, e["loc"])), _sentence(e)) for e in error.errors()[:50]]
    return Problem(422, "malformed", "The request is malformed.", errors).answer()


def _sentence(error: dict[str, Any]) -> str:
    """What is wrong, never what was sent."""
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])
    return str(error["msg"])


def _refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return Problem(409, error.code, error.sentence).answer()


def _says(status: int, code: str, detail: str, seconds: int | None = None, field: str = "") -> Callable[..., Response]:
    headers = {"Retry-After": str(seconds)} if seconds else None
    errors = [FieldError(field, detail)] if field else []
    return lambda _request, _error: Problem(status, code, detail, errors, headers).answer()


_HANDLERS: dict[type[Exception], Callable[..., Response]] = {
    Problem: _problem,
    HTTPException: _http,
    RequestValidationError: _malformed,
    Refused: _refused,
    StaleVersion: _says(412, "stale-version", "Somebody changed it since you read it: read it again."),
    KeyReused: _says(422, "idempotency-key-reused", "This Idempotency-Key was used for another request."),
    KeyInFlight: _says(409, "idempotency-key-in-flight", "The first request with this key is still running.", 1),
    FutureInstant: _says(422, "future-instant", "occurred_at lies in the future.", field="body.occurred_at"),
    EventTooLarge: _says(413, "event-too-large", "What would be recorded is over 256 KiB."),
    Conflict: _says(503, "busy", "Too many at once: try again.", 1),
}
