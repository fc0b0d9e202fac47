"""Routes of the proxy: what a service has under /v1 stands here under /api/<service>/v1, and nothing else of it."""

from collections.abc import Mapping

from starlette.routing import Match, Route
from starlette.types import Scope

from services.gateway.proxy.client import Client
from services.gateway.proxy.upstream import TokenOf, Upstream


class Passage(Route):
    """Says which route it is: in FastAPI's router only FastAPI's own do, and metrics and traces are told by it."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Starlette's answer, and itself."""
        match, found = super().matches(scope)
        return match, {**found, "route": self}


def routes(upstreams: Mapping[str, str], token_of: TokenOf, client: Client | None = None) -> list[Route]:
    """One route a service, for all methods, by its name and the URL of its public port.

    `token_of` answers the access token of who is signed in; it raises a problem for anybody else. Who gives a `client`
    closes it.
    """
    shared = client or Client()
    return [
        Passage(f"/api/{service}/v1/{{path:path}}", Upstream(service, url, token_of, shared))
        for service, url in upstreams.items()
    ]
