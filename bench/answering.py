"""A service that answers at once, behind the same server and edge as a real one."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bench.proxy import LIVE, serve
from libs.chassis.http.application import application

TICKET = b'{"id":"0198c0de-0000-7000-8000-000000000001","summary":"' + b"x" * 900 + b'"}'


async def read_ticket(_request: Request) -> Response:
    """The same for all ids."""
    return Response(TICKET, media_type="application/json", headers={"ETag": '"7"'})


app = application("Intake", "It answers.", [])
app.router.routes.extend([LIVE, Route("/v1/tickets/{id}", read_ticket)])

if __name__ == "__main__":
    serve(app)
