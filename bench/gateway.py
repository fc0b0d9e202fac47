"""Reads through the gateway's proxy, against the same straight from the service, and through an httpx proxy.

The service answers at once, as much as a ticket is, so that what a proxy adds is what is measured.
"""

from collections.abc import AsyncIterator
from contextlib import ExitStack
from functools import partial

from bench.comparison import Comparison, Measured, Row
from bench.load import get
from bench.tickets import running
from bench.world import World
from deploy.devstack.process import free_port
from deploy.devstack.supervisor import Programme

REQUESTS = 960
CONNECTIONS = 32
HEADERS = {"Accept": "application/json", "Accept-Language": "zh-CN", "Cookie": "sid=1", "User-Agent": "bench"}


async def gateway(world: World) -> AsyncIterator[Row]:
    """The two rows of the proxy."""
    service, ours, peer = (
        Programme(name, world.stack, free_port(), "/health/live", [f"bench.{module}"])
        for name, module in (("service", "answering"), ("proxy", "proxy"), ("peer", "peer_proxy"))
    )
    with ExitStack() as stack:
        for programme in (service, ours, peer):
            ports = {"BENCH_PORT": str(programme.port), "INTAKE_URL": service.url}
            stack.enter_context(running(programme, ports))
        passed = partial(_side, f"{ours.url}/api/intake")
        direct = Comparison("gateway, 32 connections", "straight to the service", 0.15, 0.3)
        yield await direct.run(passed, partial(_side, service.url))
        httpx = Comparison("gateway, 32 connections", "httpx proxy", 3, 5)
        yield await httpx.run(passed, partial(_side, f"{peer.url}/api/intake"))


async def _side(base: str) -> Measured:
    return await get(f"{base}/v1/tickets/7", REQUESTS, CONNECTIONS, HEADERS)
