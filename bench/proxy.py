"""The gateway's proxy as the gateway runs it, with one token in place of sessions."""

import os

import uvicorn
from starlette.requests import Request
from starlette.routing import Route
from starlette.types import ASGIApp

from libs.chassis.http.application import application
from libs.chassis.http.health import live
from libs.chassis.http.server.connection import HttpConnection
from services.gateway.proxy.api import routes

LIVE = Route("/health/live", live)


async def token_of(_request: Request) -> str:
    """The same for all, as long as a real one."""
    return "x" * 700


def serve(app: ASGIApp) -> None:
    """As a service's public port does."""
    uvicorn.run(
        app,
        port=int(os.environ["BENCH_PORT"]),
        http=HttpConnection,
        ws="none",
        lifespan="off",
        access_log=False,
        server_header=False,
        log_level="warning",
    )


if __name__ == "__main__":
    app = application("Gateway", "The proxy.", [])
    app.router.routes.extend([LIVE, *routes({"intake": os.environ["INTAKE_URL"]}, token_of)])
    serve(app)
