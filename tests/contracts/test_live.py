"""Whoever publishes says who may know of it."""

from importlib import import_module

import pytest

from libs.chassis.identity.auth import ROLES
from libs.chassis.running.service import Service
from libs.events.contracts.language import published
from libs.services import EVENT_SERVICES


@pytest.mark.parametrize("name", EVENT_SERVICES)
def test_every_published_event_is_told_to_somebody(name: str) -> None:
    service: Service = import_module(f"services.{name}.app").service
    told = {cls.type_name: service.live.roles.get(cls.type_name, frozenset()) for cls in published(name)}
    assert told
    assert {type_name for type_name, roles in told.items() if not roles or not roles <= ROLES} == set()
