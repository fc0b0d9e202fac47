"""An application: routes that declare roles, and problems in place of exceptions."""

from collections.abc import Iterable, Mapping
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.middleware.asyncexitstack import AsyncExitStackMiddleware
from starlette.types import ASGIApp

from libs.chassis.http.edge import Edge
from libs.chassis.http.health import ROUTES, Vitals
from libs.chassis.http.openapi import describe
from libs.chassis.http.routing import check_roles, note_items
from libs.chassis.sentences import CHASSIS, NOTHING_OWN, SHARED, Refusals

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
    **options: Any,
) -> FastAPI:
    """An application of these routers, whose state has no database yet. Raises RoutesWithoutRoles."""
    app = Application(
        title=title,
        version="0.1.0",
        description=about,
        redoc_url=None,
        swagger_ui_oauth2_redirect_url=None,
        redirect_slashes=False,
        telemetry={"tracing": False, "metrics": False, "logs": False, "operation_spans": False},
        **options,
    )
    for router in routers:
        app.router.routes.extend(router.routes)
    check_roles(app.routes)
    describe(app, title.removeprefix("Aftercare ").partition(",")[0], refusals, tags)
    note_items(app.routes)
    app.state.sentences = {**CHASSIS, **SHARED.sentences, **refusals.sentences}
    app.state.vitals, app.state.tokens, app.state.gate, app.state.store = Vitals(), None, None, None
    return app


def inside(app: FastAPI, title: str, about: str, routers: Iterable[APIRouter] = ()) -> FastAPI:
    """The application of the internal port: health, metrics and these routers, with the state of `app`."""
    internal = application(f"{title}, internal", about, routers, docs_url=None)
    internal.router.routes.extend(ROUTES)
    internal.state = app.state
    return internal
