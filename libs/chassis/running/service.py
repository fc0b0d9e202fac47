"""The one object that a service's app.py builds: a table of contents that can be served and run."""

from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
from fastapi import APIRouter, FastAPI
from fastapi.middleware.asyncexitstack import AsyncExitStackMiddleware
from starlette.types import ASGIApp

from libs.chassis.http import health, internal
from libs.chassis.http import operations as operations_api
from libs.chassis.http.edge import Edge
from libs.chassis.http.gate import PATIENCE_SECONDS, TURNS_A_CONNECTION, Gate
from libs.chassis.http.health import Vitals
from libs.chassis.http.openapi import describe
from libs.chassis.http.routing import check_roles, note_items
from libs.chassis.identity.auth import Tokens
from libs.chassis.identity.oidc import Issuer, Keys
from libs.chassis.identity.pseudonyms import Pseudonyms
from libs.chassis.running.feeds import HttpFeed
from libs.chassis.running.settings import Settings
from libs.chassis.streaming.broadcast import Broadcast
from libs.events import Catalogue, Decider
from libs.events.background import operations, timers
from libs.events.background.operations import Operations
from libs.events.background.timers import FallDue
from libs.events.database.connections import Pool, Source, connect
from libs.events.inbox.chore import Chores
from libs.events.inbox.inbox import Inbox, Reactions
from libs.events.log.store import Store
from libs.events.log.unit import OFFLINE
from libs.events.transport.compacted import Compacted
from libs.events.view import AnyView

Background = Callable[[Store], Coroutine[Any, Any, None]]
"""Work beside requests and events, for ever. It bears with a database out of reach; what it raises is a defect."""


class Application(FastAPI):
    """FastAPI with one layer around its router: Edge, which answers every exception as a problem."""

    def build_middleware_stack(self) -> ASGIApp:
        return Edge(AsyncExitStackMiddleware(self.router))


@dataclass
class Service:
    """A service by its name, with everything that it consists of.

    `streams` are its deciders, `views` its read tables (inline, or fed by what it `hears`), `reactions` what it does
    when something happened elsewhere, `routes` its routers, `fall_due` the story of a timer that is due, `background`
    what its workers do besides, each under its function's name, `chores` the stories of such work that may be parked.
    `prepare` brings its rules up to date before each decision, on the decision's own connection (or the pool). `shows`
    are tables whose rows compacted topics show, `copies` its own copies of other services' ones.
    """

    name: str
    streams: Sequence[Decider[Any, Any, Any]]
    views: Sequence[AnyView] = ()
    hears: Catalogue = field(default_factory=Catalogue)
    reactions: Reactions = field(default_factory=dict)
    routes: Sequence[APIRouter] = ()
    fall_due: FallDue | None = None
    prepare: Callable[[Source], Awaitable[None]] | None = None
    background: Sequence[Background] = ()
    chores: Chores = field(default_factory=dict)
    shows: Sequence[Compacted] = ()
    copies: Sequence[Compacted] = ()
    about: str = ""

    def __post_init__(self) -> None:
        deaf = [event.type_name for event in self.reactions if event.type_name not in self.hears]
        if deaf:
            raise ValueError(f"{self.name} reacts to what it does not hear: {', '.join(deaf)}")

    @property
    def catalogue(self) -> Catalogue:
        """Every event that its own log may hold, with what people did to the service."""
        catalogue = operations.EVENTS
        for decider in self.streams:
            catalogue |= decider.events
        return catalogue

    def store(self, pool: Pool, on_commit: Callable[[], None] = lambda: None, offline: timedelta = OFFLINE) -> Store:
        """Its event store on a pool."""
        inline = [view for view in self.views if not view.hears.sources]
        return Store(pool, self.name, self.catalogue, inline, on_commit, self.prepare, offline)

    def inbox(self, store: Store) -> Inbox | None:
        """Its inbox, if it hears anything."""
        if not self.hears.sources:
            return None
        return Inbox(store, self.hears, self.reactions, [view for view in self.views if view.hears.sources])

    def operations(self, store: Store, inbox: Inbox | None) -> Operations:
        """What people may do to it."""
        due = {timers.KIND: timers.telling(self.name, self.fall_due)} if self.fall_due else {}
        return Operations(store, inbox, {**due, **self.chores})

    def http(self) -> FastAPI:
        """The application of its public port. Raises RoutesWithoutRoles.

        `run` (or the lifespan, under another ASGI server) gives it a database and an issuer.
        """
        routers = [*self.routes, operations_api.router]
        app = _application(f"Aftercare {self.name}", self.about, routers, lifespan=self._lifespan)
        app.state.vitals, app.state.store, app.state.inbox, app.state.tokens = Vitals(), None, None, None
        app.state.broadcast = app.state.operations = app.state.gate = None
        return app

    def internal_http(self, app: FastAPI) -> FastAPI:
        """The application of its internal port, which shares the database, the issuer and the vitals of `app`."""
        inside = _application(f"Aftercare {self.name}, internal", self.about, [internal.router], docs_url=None)
        inside.router.routes.extend(health.ROUTES)
        inside.state = app.state
        return inside

    def attach(self, app: FastAPI, store: Store) -> None:
        """From now on `app` answers from this store and is ready."""
        app.state.store, app.state.inbox, app.state.vitals.pool = store, self.inbox(store), store.pool
        app.state.operations = self.operations(store, app.state.inbox)
        app.state.broadcast = Broadcast(store, app.state.vitals)
        app.state.gate = Gate(TURNS_A_CONNECTION * store.pool.get_max_size())

    @asynccontextmanager
    async def feed(self) -> AsyncIterator[HttpFeed]:
        """The feeds of the services that it hears, as the environment names them."""
        settings = Settings.load(self.name, self.hears.sources)
        async with httpx.AsyncClient(trust_env=False) as http:
            yield HttpFeed.of(self.name, settings, http)

    def run(self, argv: Sequence[str] | None = None) -> None:
        """Be a process, until SIGTERM; `--role http|worker|all`."""
        from libs.chassis.running.process import main

        main(self, argv)

    @asynccontextmanager
    async def _lifespan(self, app: FastAPI) -> AsyncIterator[None]:
        settings = Settings.load(self.name, self.hears.sources)
        async with httpx.AsyncClient(trust_env=False) as http:
            app.state.tokens = token_checks(settings, http)
            pool = await connect(settings.own.database, settings.own.pool_size, patience=PATIENCE_SECONDS)
            self.attach(app, self.store(pool))
            try:
                yield
            finally:
                app.state.vitals.stopping = True
                await pool.close()


def _application(title: str, about: str, routers: Iterable[APIRouter], **options: Any) -> FastAPI:
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
    describe(app, title.removeprefix("Aftercare ").partition(",")[0])
    note_items(app.routes)
    return app


def token_checks(settings: Settings, http: httpx.AsyncClient) -> Tokens:
    """The checks of bearer tokens, as the settings want them; the issuer is asked for its keys at once."""
    issuer = Issuer(settings.common.oidc_issuer, http)
    types = frozenset(type.strip().lower() for type in settings.common.oidc_token_types.split(","))
    keys = Keys(issuer)
    keys.prepare()
    return Tokens(issuer.url, keys, Pseudonyms(settings.common.actor_secret()), types)
