"""An example of every answer, made of the examples that its fields have."""

from collections.abc import Mapping
from typing import Any

BY_FORMAT = {
    "uuid": "01955c1e-7b00-7000-8000-000000000001",
    "date-time": "2026-03-02T09:00:00+08:00",
    "date": "2026-03-02",
}

Schema = dict[str, Any]


class NoExample(Exception):
    """A text without an example: nobody but its author knows one."""


def example(schema: Schema, schemas: Mapping[str, Schema]) -> Any:
    """A value of this schema. Raises NoExample with the way to the field that lacks one."""
    if "examples" in schema:
        return schema["examples"][0]
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    if "$ref" in schema:
        return example(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    if "anyOf" in schema:
        return example(schema["anyOf"][0], schemas)
    return _plain(schema, schemas)


def _plain(schema: Schema, schemas: Mapping[str, Schema]) -> Any:
    match schema.get("type"), schema.get("format"):
        case "object", _:
            return {name: _field(name, inner, schemas) for name, inner in schema.get("properties", {}).items()}
        case "array", _:
            return [_field("items", schema["items"], schemas)]
        case "integer" | "number", _:
            return schema.get("minimum", 1)
        case "boolean", _:
            return False
        case "string", format if format in BY_FORMAT:
            return BY_FORMAT[format]
        case _:
            raise NoExample


def _field(name: str, schema: Schema, schemas: Mapping[str, Schema]) -> Any:
    try:
        return example(schema, schemas)
    except NoExample as lacking:
        raise NoExample(".".join([name, *lacking.args])) from None
