"""The consumer that the documents show runs, and stands in the guide as it was run."""

import asyncio
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from libs.events.transport import wire
from libs.events.transport.kafka import Producer, topic
from services.intake.tickets.api.forms import NewTicket
from tests.conftest import Topics
from tests.servers import Servers
from tools.golden import GOLDEN, ROOT

EXAMPLE = ROOT / "docs/examples/follow.py"


def test_the_guide_shows_the_example_as_it_stands() -> None:
    code = EXAMPLE.read_text(encoding="utf-8").partition("\n\n")[2].strip()
    assert code in (ROOT / "docs/read-the-events.md").read_text(encoding="utf-8")


async def test_the_example_prints_every_event_from_the_first(stack: Servers, topics: Topics) -> None:
    service = f"example{uuid4().hex[:8]}"
    await topics(service)
    producer = Producer(stack.kafka, topic(service))
    await producer.start()
    await producer.send(0, [(b"a-ticket", golden_value(), wire.headers(service, row(service)))])
    await producer.stop()
    assert await first_line(service, stack.kafka_bootstrap) == (
        f"2026-03-02T09:00:00+00:00 {service}.OnSiteArrived a-ticket {golden_value().decode()}"
    )


def golden_value() -> bytes:
    """An event's data, on one line."""
    return b"".join(Path(ROOT / GOLDEN / "dispatch.OnSiteArrived/1.json").read_bytes().split())


def row(service: str) -> dict[str, object]:
    """The columns of a published event."""
    nine = datetime(2026, 3, 2, 9, tzinfo=UTC)
    causes = dict.fromkeys(("correlation_id", "causation_id", "traceparent"))
    place = {"epoch": 1, "lane": 0, "seq": 1, "key": "a-ticket"}
    what = {"id": str(uuid4()), "type": f"{service}.OnSiteArrived", "schema_version": 1}
    return {**causes, **place, **what, "occurred_at": nine, "recorded_at": nine}


async def first_line(service: str, kafka: str) -> str:
    """What the example prints first about a service's topic."""
    environment = os.environ | {"KAFKA_BOOTSTRAP_SERVERS": kafka}
    run = await asyncio.create_subprocess_exec(
        sys.executable, str(EXAMPLE), topic(service), env=environment, stdout=asyncio.subprocess.PIPE
    )
    assert run.stdout is not None
    try:
        return (await asyncio.wait_for(run.stdout.readline(), 30)).decode().strip()
    finally:
        run.kill()
        await run.wait()


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_ticket_that_the_readme_opens_is_one_that_intake_takes(name: str) -> None:
    body = (ROOT / name).read_text(encoding="utf-8").partition("-d '")[2].partition("'")[0]
    ticket = NewTicket.model_validate_json(body)
    assert ticket.customer.name == "王芳"
