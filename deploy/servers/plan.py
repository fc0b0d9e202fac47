"""`python -m deploy.servers.plan` writes access.json: who may write and read what at Kafka, from the services' code."""

import json
from importlib import import_module
from pathlib import Path
from typing import Any

from libs.chassis.running.service import Service
from libs.events.transport.kafka import COMPACTED, KEPT, topic
from libs.services import EVENT_SERVICES

PLAN = Path(__file__).with_name("access.json")


def plan() -> dict[str, Any]:
    """Each service's topics and group, and how each topic is to be."""
    services: list[Service] = [import_module(f"services.{name}.app").service for name in EVENT_SERVICES]
    return {
        "services": {each.name: _access(each) for each in services},
        "topics": {
            **{topic(each.name): KEPT for each in services},
            **{shown.topic: COMPACTED for each in services for shown in each.shows},
        },
    }


def _access(service: Service) -> dict[str, list[str]]:
    return {
        "writes": [topic(service.name), *(shown.topic for shown in service.shows)],
        "reads": [*(topic(name) for name in sorted(service.hears.sources)), *(copy.topic for copy in service.copies)],
        "groups": [f"aftercare.{service.name}"] if service.hears.sources else [],
    }


def text() -> str:
    """The file as it should be."""
    return json.dumps(plan(), indent=1) + "\n"


if __name__ == "__main__":
    PLAN.write_text(text())
