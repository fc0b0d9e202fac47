"""The route of a request by the segments of its path: one look, where a router tries each route's pattern in turn."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Optional

from starlette.routing import BaseRoute
from starlette.routing import Route as PlainRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from libs.chassis.http.routing import Route

PLAIN = re.compile(r"(/[^{}/]*|/\{\w+\})+")
"""Paths of which each segment is a word, or a parameter and nothing beside it."""


@dataclass(frozen=True, slots=True)
class Found:
    """A route, and what its parameters are on this path."""

    route: Route
    parameters: dict[str, str]


@dataclass(slots=True)
class _Node:
    """What goes on below a beginning of paths: by a word, or by any, and the routes that end here, by method.

    A route that does not serve the short way is None: it keeps its place.
    """

    words: dict[str, "_Node"] = field(default_factory=dict)
    any: Optional["_Node"] = None
    routes: dict[str, tuple[Route | None, tuple[str, ...]]] = field(default_factory=dict)


class Directory:
    """Leads a request to its route if that serves the short way; `others` gets whatever it does not know."""

    def __init__(self, routes: Iterable[BaseRoute], others: ASGIApp) -> None:
        self._others, self._root = others, _Node()
        for route in routes:
            if isinstance(route, PlainRoute) and PLAIN.fullmatch(route.path):
                self._enter(route)

    def _enter(self, route: PlainRoute) -> None:
        node, names = self._root, list[str]()
        for segment in route.path.split("/"):
            if segment.startswith("{"):
                names.append(segment[1:-1])
                node.any = node.any or _Node()
                node = node.any
            else:
                node = node.words.setdefault(segment, _Node())
        short = route if isinstance(route, Route) and route.binding is not None else None
        for method in route.methods or ():
            node.routes.setdefault(method, (short, tuple(names)))

    def find(self, method: str, path: str) -> Found | None:
        """The route of this method and path; a word goes before a parameter."""
        node, values = self._root, []
        for segment in path.split("/"):
            if (next := node.words.get(segment)) is None:
                if not segment or (next := node.any) is None:
                    return None
                values.append(segment)
            node = next
        route, names = node.routes.get(method, (None, ()))
        return Found(route, dict(zip(names, values, strict=True))) if route is not None else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope.get("root_path"):
            await self._others(scope, receive, send)
            return
        found = self.find(scope["method"], scope["path"])
        if found is None:
            await self._others(scope, receive, send)
            return
        route = found.route
        scope["route"], scope["endpoint"], scope["path_params"] = route, route.endpoint, found.parameters
        await route.app(scope, receive, send)
