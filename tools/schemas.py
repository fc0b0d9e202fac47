"""The JSON Schema of each published event."""

from collections.abc import Mapping
from inspect import cleandoc
from typing import Any

import msgspec

from libs.events.event import Published
from libs.events.transport.wire import dataschema

JsonSchema = dict[str, Any]


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
    return {name: _told(name, value, parts) for name, value in node.items()}


def _told(name: str, value: Any, parts: Mapping[str, Any]) -> Any:
    """A value of a schema; a docstring without its place in the code, as Python itself has it from 3.13 on."""
    return cleandoc(value) if name == "description" and isinstance(value, str) else _inline(value, parts)
