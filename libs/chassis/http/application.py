"""An application: routes that declare roles, and problems in place of exceptions."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.middleware.asyncexitstack import AsyncExitStackMiddleware
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from libs.chassis.http.directory import Directory
from libs.chassis.http.document.docs import docs
from libs.chassis.http.document.openapi import describe
from libs.chassis.http.health import ROUTES, Vitals
from libs.chassis.http.routing import check_roles, note_items
from libs.chassis.http.server.connection import HEADERS
from libs.chassis.http.server.edge import Edge, Headers
from libs.chassis.sentences import CHASSIS, NOTHING_OWN, SHARED, Refusals

Guard = Callable[[ASGIApp], ASGIApp]

VERSION = "0.1.0"
NO_TAGS: Mapping[str, str] = {}


class Application(FastAPI):
    """FastAPI with two layers around its router: Edge, which answers every exception as a problem, and a Directory.

    A `guard` stands between them.
    """

    headers: Headers = HEADERS
    guard: Guard | None = None

    def build_middleware_stack(self) -> ASGIApp:
        inner = Directory(self.router.routes, AsyncExitStackMiddleware(self.router))
        return Edge(self.guard(inner) if self.guard else inner, self.headers, self.state.vitals)


def application(
    title: str,
    about: str,
    routers: Iterable[APIRouter],
    refusals: Refusals = NOTHING_OWN,
    tags: Mapping[str, str] = NO_TAGS,
) -> FastAPI:
    """The application of a public port, with /docs; its state has no database yet. Raises RoutesWithoutRoles."""
    app = _application(title, about, routers, refusals, tags)
    app.router.routes.extend(docs(title))
    return app


def site(title: str, routes: Iterable[BaseRoute], refusals: Refusals, headers: Headers, guard: Guard) -> FastAPI:
    """The application of a public port that browsers ask for pages and files: no roles, and no document."""
    app = _bare(title, "", openapi_url=None)
    app.headers, app.guard = headers, guard
    app.router.routes.extend(routes)
    _prepare(app, refusals)
    return app


def inside(app: FastAPI, title: str, about: str, routers: Iterable[APIRouter] = ()) -> FastAPI:
    """The application of the internal port: health, metrics and these routers, with the state of `app`."""
    internal = _application(f"{title}, internal", about, routers, NOTHING_OWN, NO_TAGS)
    internal.router.routes.extend(ROUTES)
    internal.state = app.state
    return internal


def _application(
    title: str, about: str, routers: Iterable[APIRouter], refusals: Refusals, tags: Mapping[str, str]
) -> FastAPI:
    app = _bare(title, about)
    for router in routers:
        app.router.routes.extend(router.routes)
    check_roles(app.routes)
    describe(app, title.removeprefix("Aftercare ").partition(",")[0], refusals, tags)
    note_items(app.routes)
    _prepare(app, refusals)
    return app


def _bare(title: str, about: str, **options: Any) -> Application:
    return Application(
        title=title,
        version=VERSION,
        description=about,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry={"tracing": False, "metrics": False, "logs": False, "operation_spans": False},
        **options,
    )


def _prepare(app: FastAPI, refusals: Refusals) -> None:
    """Its state before the process is open."""
    known = {**CHASSIS, **SHARED.sentences, **refusals.sentences}
    app.state.refusals = Refusals(known, fields=refusals.fields)
    app.state.vitals, app.state.tokens, app.state.gate, app.state.store = Vitals(), None, None, None
