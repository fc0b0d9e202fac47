"""Peer: a proxy as one would write it by hand: Starlette, an httpx client, both bodies streamed."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

DROPPED = {"host", "cookie", "authorization", "connection", "transfer-encoding"}
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    """One client."""
    async with httpx.AsyncClient(base_url=os.environ["INTAKE_URL"], timeout=60) as http:
        app.state.http = http
        yield


async def live(_request: Request) -> Response:
    return Response()


async def passed(request: Request) -> Response:
    """The service's answer, as it comes."""
    http: httpx.AsyncClient = request.app.state.http
    url = httpx.URL(path=f"/v1/{request.path_params['path']}", query=request.url.query.encode())
    headers = {name: value for name, value in request.headers.items() if name not in DROPPED}
    headers["authorization"] = f"Bearer {'x' * 700}"
    content = request.stream() if request.method != "GET" else None
    asked = http.build_request(request.method, url, headers=headers, content=content)
    answer = await http.send(asked, stream=True)
    kept = {name: value for name, value in answer.headers.items() if name not in DROPPED}
    return StreamingResponse(answer.aiter_raw(), answer.status_code, kept, background=BackgroundTask(answer.aclose))


app = Starlette(
    routes=[Route("/health/live", live), Route("/api/intake/v1/{path:path}", passed, methods=METHODS)],
    lifespan=lifespan,
)

if __name__ == "__main__":
    uvicorn.run(app, port=int(os.environ["BENCH_PORT"]), access_log=False, log_level="warning")
