"""Sample data of a JSON Schema as our events have them: one of everything, always the same."""

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any
from uuid import NAMESPACE_URL, uuid5

INSTANT = "2026-11-22T09:30:00+08:00"
DAY = "2026-11-22"


def example(schema: Mapping[str, Any], name: str = "") -> Any:
    """The fullest value: every field set, the first of every choice. `name` is the field's, to make it readable."""
    return next(values(schema, name))


def instances(schema: Mapping[str, Any]) -> Iterator[Any]:
    """The example, the example with each field's other values in turn, and the value with no optional field."""
    full = example(schema)
    required = schema.get("required", ())
    yield full
    yield {name: value for name, value in full.items() if name in required}
    for name, field in schema["properties"].items():
        yield from ({**full, name: value} for value in values(field, name))


def values(schema: Mapping[str, Any], name: str = "") -> Iterator[Any]:
    """One value for each choice of a schema: every word of an enum, every type of a union, both ends of a range."""
    if "examples" in schema:
        return iter(schema["examples"])
    if "enum" in schema:
        return iter(schema["enum"])
    if "anyOf" in schema:
        return chain.from_iterable(values(branch, name) for branch in schema["anyOf"])
    return _of_type(schema, name)


def _of_type(schema: Mapping[str, Any], name: str) -> Iterator[Any]:
    match schema["type"]:
        case "null":
            return iter([None])
        case "boolean":
            return iter([True, False])
        case "integer":
            return iter([schema.get("minimum", 1), schema.get("maximum", 86_400)])
        case "number":
            return iter([schema.get("minimum", 1.5), schema.get("maximum", 86_400.25)])
        case "string":
            return iter([_text(schema, name)])
        case "array":
            return iter([list(values(schema["items"], name)), []])
        case "object" if "properties" in schema:
            return iter([{key: example(field, key) for key, field in schema["properties"].items()}])
        case "object":
            return iter([{"a_key": "a_value"}, {}])
        case other:
            raise NotImplementedError(f"a sample of {other}, field {name}: teach tools/samples.py")


def _text(schema: Mapping[str, Any], name: str) -> str:
    if schema.get("format") == "date-time":
        return INSTANT
    if schema.get("format") == "date":
        return DAY
    return str(uuid5(NAMESPACE_URL, name)) if name.endswith("_id") else f"a_{name}"
