"""Streams end with their sessions, and with the process."""

import asyncio

import structlog

from libs.chassis.http.health import Vitals
from libs.chassis.running.clock import own_now
from libs.events.database.connections import TRANSIENT, UNREACHABLE
from services.gateway.live.hub import Hub
from services.gateway.sessions.store import Sessions

log = structlog.get_logger(__name__)

LOOK_SECONDS = 1.0


async def watch(hub: Hub, sessions: Sessions, vitals: Vitals) -> None:
    """For ever. While the database is out of reach nobody is taken for signed out."""
    while True:
        try:
            if vitals.stopping:
                hub.end()
            elif followed := hub.sessions:
                hub.end(followed - await sessions.standing(followed, own_now()))
        except (*UNREACHABLE, *TRANSIENT) as error:
            log.warning("sessions out of reach", error=type(error).__name__)
        await asyncio.sleep(LOOK_SECONDS)
