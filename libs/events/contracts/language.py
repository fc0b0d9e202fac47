"""The published language as data: who publishes what."""

from importlib import import_module
from types import ModuleType

from libs.events.catalogue import Casters, Catalogue
from libs.events.event import AboutTicket, Published
from libs.services import EVENT_SERVICES

PUBLISHERS: dict[str, ModuleType] = {
    name: import_module(f"libs.events.contracts.{name}") for name in sorted(EVENT_SERVICES)
}
"""The contracts package of each."""


def published(service: str) -> list[type[Published]]:
    """The events that `service` publishes, each in its newest version, in the order of its concepts."""
    return [cls for concept in PUBLISHERS[service].CONCEPTS for cls in events_of(concept)]


def events_of(concept: ModuleType) -> list[type[Published]]:
    """Those that one module of the contracts has, in its order."""
    classes = [cls for cls in vars(concept).values() if isinstance(cls, type) and cls.__module__ == concept.__name__]
    return [cls for cls in classes if issubclass(cls, Published) and "type_name" in vars(cls)]


def upcasters(service: str) -> Casters:
    """The `UPCASTERS` of the service's concepts; none while every event is in its first version."""
    return _ways(service, "UPCASTERS")


def downcasters(service: str) -> Casters:
    """The `DOWNCASTERS` of the service's concepts: of versions that only the next release writes."""
    return _ways(service, "DOWNCASTERS")


def _ways(service: str, name: str) -> Casters:
    return {way: cast for concept in PUBLISHERS[service].CONCEPTS for way, cast in getattr(concept, name, {}).items()}


def catalogue(service: str) -> Catalogue:
    """All that `service` publishes, with the ways from older and newer versions."""
    return Catalogue(*published(service), upcasters=upcasters(service), downcasters=downcasters(service))


def about_tickets(*but: str) -> list[type[AboutTicket]]:
    """Every event about a ticket that a service other than these publishes, in the order of a ticket's way."""
    others = [name for name in EVENT_SERVICES if name not in but]
    return [cls for name in others for cls in published(name) if issubclass(cls, AboutTicket)]
