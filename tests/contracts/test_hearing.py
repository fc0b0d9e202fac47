"""Whoever hears a topic bears with every event on it: each golden file goes through every service's own inbox."""

import json
from importlib import import_module
from pathlib import Path
from uuid import uuid4

import pytest

from libs.chassis.running.service import Service
from libs.events.database.connections import connect
from libs.events.inbox import parking
from libs.events.transport.wire import Message, dataschema, message
from libs.services import EVENT_SERVICES
from tests.conftest import NewDatabase

GOLDEN = sorted((Path(__file__).parent / "golden").rglob("*.json"))


def letter(path: Path, seq: int) -> Message:
    """A golden file as a message, each about a ticket or a thing of its own."""
    type_name, version = path.parent.name, int(path.stem.partition(".")[0])
    source = type_name.partition(".")[0]
    headers = {
        "ce_source": f"/aftercare/{source}/1",
        "ce_id": str(uuid4()),
        "ce_type": type_name,
        "ce_time": "2026-03-02T09:00:00+00:00",
        "ce_recordedtime": "2026-03-02T09:00:00+00:00",
        "ce_partitionkey": json.loads(path.read_bytes()).get("ticket_id", type_name),
        "ce_dataschema": dataschema(type_name, version),
        "ce_lane": "0",
        "ce_sequence": f"{seq:020d}",
    }
    return message(headers, path.read_bytes())


@pytest.mark.parametrize("name", EVENT_SERVICES)
async def test_every_published_event_is_applied_or_passed_over_by_who_hears_its_topic(
    name: str, new_database: NewDatabase
) -> None:
    service: Service = import_module(f"services.{name}.app").service
    pool = await connect((await new_database(name)).url, 2)
    inbox = service.inbox(service.store(pool))
    assert inbox is not None
    await inbox.open()
    for source in service.hears.sources:
        paths = [path for path in GOLDEN if path.parent.name.startswith(f"{source}.")]
        assert paths
        for seq, path in enumerate(paths, 1):
            await inbox.take([letter(path, seq)])
    found = [(one.type, one.error) for one in await parking.listed(pool) if one.error]
    stopped = [lane for lane, at in (await inbox.positions()).items() if at.stopped]
    await pool.close()
    assert (found, stopped) == ([], [])
