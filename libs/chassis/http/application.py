"""An application: routes that declare roles, and problems in place of exceptions."""

from collections.abc import Iterable, Mapping

from fastapi import APIRouter, FastAPI
from fastapi.middleware.asyncexitstack import AsyncExitStackMiddleware
from starlette.types import ASGIApp

from libs.chassis.http.docs import docs
from libs.chassis.http.edge import Edge
from libs.chassis.http.health import ROUTES, Vitals
from libs.chassis.http.openapi import describe
from libs.chassis.http.routing import check_roles, note_items
from libs.chassis.sentences import CHASSIS, NOTHING_OWN, SHARED, Refusals

VERSION = "0.1.0"
NO_TAGS: Mapping[str, str] = {}


class Application(FastAPI):
    """FastAPI with one layer around its router: Edge, which answers every exception as a problem."""

    def build_middleware_stack(self) -> ASGIApp:
        return Edge(AsyncExitStackMiddleware(self.router))


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


def inside(app: FastAPI, title: str, about: str, routers: Iterable[APIRouter] = ()) -> FastAPI:
    """The application of the internal port: health, metrics and these routers, with the state of `app`."""
    internal = _application(f"{title}, internal", about, routers, NOTHING_OWN, NO_TAGS)
    internal.router.routes.extend(ROUTES)
    internal.state = app.state
    return internal


def _application(
    title: str, about: str, routers: Iterable[APIRouter], refusals: Refusals, tags: Mapping[str, str]
) -> FastAPI:
    app = Application(
        title=title,
        version=VERSION,
        description=about,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry={"tracing": False, "metrics": False, "logs": False, "operation_spans": False},
    )
    for router in routers:
        app.router.routes.extend(router.routes)
    check_roles(app.routes)
    describe(app, title.removeprefix("Aftercare ").partition(",")[0], refusals, tags)
    note_items(app.routes)
    known = {**CHASSIS, **SHARED.sentences, **refusals.sentences}
    app.state.refusals = Refusals(known, fields=refusals.fields)
    app.state.vitals, app.state.tokens, app.state.gate, app.state.store = Vitals(), None, None, None
    return app
