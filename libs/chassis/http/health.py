"""Whether this process lives and whether it should get requests; and its metrics. Open to all, telling nothing else."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from libs.chassis.http.routing import encode
from libs.chassis.telemetry import READY
from libs.events.database.connections import UNREACHABLE, Pool
from libs.events.database.pool import Crowded


@dataclass
class Vitals:
    """What the process knows of itself. `stalled` names the task that has work and makes no progress."""

    pool: Pool | None = None
    outdated: Callable[[], object] = lambda: None
    """Whether a newer release writes to what this one reads."""
    needs: dict[str, Callable[[], Awaitable[bool]]] = field(default_factory=dict)
    """What else it cannot work without, by name, and whether that is at hand."""
    offset: timedelta = timedelta()
    """By how much this machine's clock is ahead of the database's, which judges deadlines; nothing while both agree."""
    stalled: str | None = None
    stopping: bool = False


def _told(good: bool, status: str) -> Response:
    return Response(encode({"status": status}), 200 if good else 503, media_type="application/json")


async def live(request: Request) -> Response:
    """200 unless a task is stuck. Neither Kafka nor PostgreSQL out of reach is a reason to be started again."""
    vitals: Vitals = request.app.state.vitals
    return _told(vitals.stalled is None, f"{vitals.stalled} makes no progress" if vitals.stalled else "alive")


async def ready(request: Request) -> Response:
    """200 when the database answers, its schema and log are ours, and the issuer's keys are known; for a worker also
    when Kafka answers: without one, commands are taken all the same. A log that a newer release writes to beside this
    one is no longer ours.
    """
    lacking = await _lacking(request.app.state.vitals)
    READY.set(lacking is None)
    return _told(lacking is None, lacking or "ready")


async def _lacking(vitals: Vitals) -> str | None:
    """Why it is not ready."""
    if vitals.stopping:
        return "stopping"
    if vitals.pool is None:
        return "waiting for the database"
    try:
        await vitals.pool.fetchval("SELECT 1", timeout=2)
    except Crowded:
        pass  # every connection is at work: that is no reason to send the others' requests elsewhere, too
    except UNREACHABLE:
        return "the database is out of reach"
    if vitals.outdated():
        return "the log is newer than this release"
    for name, at_hand in vitals.needs.items():
        if not await at_hand():
            return f"waiting for {name}"
    return None


async def metrics(_request: Request) -> Response:
    """Prometheus text format."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


ROUTES = [Route("/health/live", live), Route("/health/ready", ready), Route("/metrics", metrics)]
