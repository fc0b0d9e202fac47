"""The published language as data: who publishes what, and the JSON Schema of each event."""

from collections.abc import Mapping
from types import ModuleType
from typing import Any

import msgspec

from libs.events.catalogue import Casters, Catalogue
from libs.events.contracts import dispatch, intake, sla, survey, triage
from libs.events.event import Published
from libs.events.transport.wire import dataschema

JsonSchema = dict[str, Any]

PUBLISHERS: dict[str, ModuleType] = {
    "dispatch": dispatch,
    "intake": intake,
    "sla": sla,
    "survey": survey,
    "triage": triage,
}


def published(service: str) -> list[type[Published]]:
    """The events that `service` publishes, each in its newest version, in the order of its contracts module."""
    classes = [cls for cls in vars(PUBLISHERS[service]).values() if isinstance(cls, type)]
    return [cls for cls in classes if issubclass(cls, Published) and "type_name" in vars(cls)]


def upcasters(service: str) -> Casters:
    """The `UPCASTERS` of the service's contracts module; none while every event is in its first version."""
    return getattr(PUBLISHERS[service], "UPCASTERS", {})


def downcasters(service: str) -> Casters:
    """The `DOWNCASTERS` of the service's contracts module: of versions that only the next release writes."""
    return getattr(PUBLISHERS[service], "DOWNCASTERS", {})


def catalogue(service: str) -> Catalogue:
    """All that `service` publishes, with the ways from older and newer versions."""
    return Catalogue(*published(service), upcasters=upcasters(service), downcasters=downcasters(service))


def schema(cls: type[Published]) -> JsonSchema:
    """The JSON Schema (2020-12) of an event's data, complete in itself: what it refers to stands where it is used."""
    ((reference,), parts) = msgspec.json.schema_components([cls])
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": dataschema(cls.type_name, cls.version),
        **_inline(reference, parts),
        "title": cls.type_name,
    }


def _inline(node: Any, parts: Mapping[str, Any]) -> Any:
    """`node` with every reference replaced by what it refers to. Events are trees, so this ends."""
    if isinstance(node, list):
        return [_inline(item, parts) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return _inline(parts[node["$ref"].rpartition("/")[2]], parts)
    return {name: _inline(value, parts) for name, value in node.items()}
