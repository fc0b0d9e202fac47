"""What grows stands in the guide: every table of every service, and every topic, once."""

import re
from collections import Counter
from importlib import import_module
from pathlib import Path

import pytest

from libs.events.database import schema
from libs.events.transport.kafka import topic
from libs.services import EVENT_SERVICES, PROCESSES

ROOT = Path(__file__).resolve().parents[2]
GUIDES = {"docs/operate.md": "## What grows", "docs/zh-CN/operate.md": "## 哪些表会增长"}
ROW = re.compile(r"^\| (`[^|]+) \| [^|]+ \| [^|]+ \| [^|]+ \|$", re.MULTILINE)


def there() -> set[str]:
    names = {*schema.metadata.tables, *map(topic, EVENT_SERVICES)}
    for service in EVENT_SERVICES:
        app = import_module(f"services.{service}.app").service
        names |= {*import_module(f"services.{service}.tables").metadata.tables, *(shown.topic for shown in app.shows)}
    for process in PROCESSES:
        names |= {*import_module(f"services.{process}.tables").metadata.tables}
    return names


@pytest.mark.parametrize("guide", GUIDES)
def test_every_table_and_topic_has_its_retention_in_the_guide(guide: str) -> None:
    part = (ROOT / guide).read_text(encoding="utf-8").split(GUIDES[guide])[1].split("\n## ")[0]
    told = Counter(name for row in ROW.findall(part) for name in re.findall(r"`([\w.]+)`", row))
    assert set(told) == there()
    assert max(told.values()) == 1
