"""The one object that a service's app.py builds: a table of contents that can be served and run."""

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from fastapi import APIRouter, FastAPI

from libs.chassis import tracing
from libs.chassis.http import internal
from libs.chassis.http import operations as operations_api
from libs.chassis.http.application import application, inside
from libs.chassis.http.gate import TURNS_A_CONNECTION, Gate
from libs.chassis.running.feeds import HttpFeed
from libs.chassis.running.retention import Retention
from libs.chassis.running.settings import Common, Settings
from libs.chassis.sentences import Refusals
from libs.chassis.streaming import live as live_api
from libs.chassis.streaming.broadcast import Broadcast
from libs.chassis.streaming.live import NOBODY, Live
from libs.events import Catalogue, Decider
from libs.events.background import operations, timers
from libs.events.background.job_kind import AnyKind
from libs.events.background.operations import Operations
from libs.events.background.timers import FallDue
from libs.events.database.connections import Pool, Source
from libs.events.inbox.chore import Telling
from libs.events.inbox.inbox import Inbox, Reactions
from libs.events.log.store import Store
from libs.events.log.unit import OFFLINE
from libs.events.spans import Tracer
from libs.events.transport.compacted import Compacted
from libs.events.view import AnyView, Count, View

Background = Callable[[Store], Coroutine[Any, Any, None]]
"""Work beside requests and events, for ever. It bears with a database out of reach; what it raises is a defect."""


@dataclass
class Service:
    """A service by its name, with everything that it consists of.

    `streams` are its deciders, `views` its read tables (inline, or fed by what it `hears`), `reactions` what it
    does when something happened elsewhere, `routes` its routers, `refusals` what they refuse, `tags` what their
    tags are about, `fall_due` the story of a timer that is due, `background` what its workers do besides, each
    under its function's name, `jobs` the kinds of jobs that they carry out, whose streams and views are the
    service's too. `prepare` brings its rules up to date before each decision, on the decision's own connection (or
    the pool). `shows` are tables whose rows compacted topics show, `copies` its own copies of other services' ones.
    `live` says who may know of what it publishes. `keys_kept` is how long answers of commands are kept at least, where
    its callers may be without a network for longer than the settings say.
    """

    name: str
    streams: Sequence[Decider[Any, Any, Any]]
    views: Sequence[AnyView] = ()
    hears: Catalogue = field(default_factory=Catalogue)
    reactions: Reactions = field(default_factory=dict)
    routes: Sequence[APIRouter] = ()
    refusals: Refusals = field(default_factory=Refusals)
    tags: Mapping[str, str] = field(default_factory=dict)
    fall_due: FallDue | None = None
    prepare: Callable[[Source], Awaitable[None]] | None = None
    background: Sequence[Background] = ()
    jobs: Sequence[AnyKind] = ()
    shows: Sequence[Compacted] = ()
    copies: Sequence[Compacted] = ()
    live: Live = NOBODY
    keys_kept: timedelta = timedelta()
    about: str = ""

    def __post_init__(self) -> None:
        self.streams = [*self.streams, *(kind.decider for kind in self.jobs)]
        self.views = [*self.views, *(kind.view for kind in self.jobs)]
        self._check_views()
        deaf = [event.type_name for event in self.reactions if event.type_name not in self.hears]
        if deaf:
            raise ValueError(f"{self.name} reacts to what it does not hear: {', '.join(deaf)}")

    def _check_views(self) -> None:
        known = {decider.name for decider in self.streams}
        for view in self.views:
            if isinstance(view, View) and view.decider not in (None, *known):
                raise ValueError(f"{view.table.name} is a view of {view.decider}, and {self.name} has no such streams")
            if isinstance(view, Count) and view.view is not None and view.view not in self.views:
                raise ValueError(f"{view.table.name} counts rows of {view.view.table.name}, no view of {self.name}")
        tables = Counter(view.table.name for view in self.views)
        if twice := [name for name, times in tables.items() if times > 1]:
            raise ValueError(f"{self.name} has two views of one table: {', '.join(twice)}")

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

    def inbox(self, store: Store, tracer: Tracer | None = None) -> Inbox | None:
        """Its inbox, if it hears anything."""
        if not self.hears.sources:
            return None
        views = [view for view in self.views if view.hears.sources]
        return Inbox(store, self.hears, self.reactions, views, tracer)

    def retention(self, pool: Pool, common: Common) -> Retention:
        """What its workers delete, and when."""
        keys = max(common.keys_kept, self.keys_kept)
        return Retention(pool, keys=keys, looks=timedelta(days=common.viewed_days))

    def operations(self, store: Store, inbox: Inbox | None) -> Operations:
        """What people may do to it."""
        told: dict[str, Telling | None] = {kind.name: kind.telling(self.name) for kind in self.jobs}
        if self.fall_due is not None:
            told[timers.KIND] = timers.telling(self.name, self.fall_due)
        return Operations(store, inbox, {kind: telling for kind, telling in told.items() if telling is not None})

    def http(self) -> FastAPI:
        """The application of its public port. It waits for `attach`. Raises RoutesWithoutRoles."""
        routers = [*self.routes, operations_api.router]
        app = application(f"Aftercare {self.name}", self.about, routers, self.refusals, self.tags)
        app.state.inbox = app.state.broadcast = app.state.operations = None
        app.state.live = self.live
        return app

    def internal_http(self, app: FastAPI) -> FastAPI:
        """The application of its internal port, which shares the database, the issuer and the vitals of `app`."""
        return inside(app, f"Aftercare {self.name}", self.about, [internal.router, live_api.router])

    def attach(self, app: FastAPI, store: Store) -> None:
        """From now on `app` answers from this store and is ready."""
        app.state.store, app.state.inbox, app.state.vitals.pool = store, self.inbox(store, tracing.tracer), store.pool
        app.state.vitals.outdated = lambda: store.outdated
        app.state.operations = self.operations(store, app.state.inbox)
        app.state.broadcast = Broadcast(store, app.state.vitals)
        app.state.gate = Gate(TURNS_A_CONNECTION * store.pool.get_max_size())

    @asynccontextmanager
    async def feed(self) -> AsyncIterator[HttpFeed]:
        """The feeds of the services that it hears, as the environment names them."""
        settings = Settings.load(self.name, self.hears.sources)
        async with settings.common.http() as http:
            yield HttpFeed.of(self.name, settings, http)
