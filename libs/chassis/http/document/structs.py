"""JSON objects whose form a Struct knows: the OpenAPI document shows that Struct's own JSON Schema."""

from typing import Any

import msgspec
from pydantic import GetJsonSchemaHandler

MARK = "x-struct"
_PLACE = "#/components/schemas/{name}"
_structs: dict[str, type[msgspec.Struct]] = {}


class Formed:
    """Says of what form an object is: `Annotated[dict[str, Any], Formed(Policy)]`. It checks nothing."""

    def __init__(self, struct: type[msgspec.Struct]) -> None:
        self.name = struct.__name__
        _structs[self.name] = struct

    def __get_pydantic_json_schema__(self, core_schema: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """An object with the mark that `put_in` replaces."""
        return {"type": "object", MARK: self.name}


def put_in(schemas: dict[str, Any]) -> None:
    """Put the schemas of all that is marked into a document's components, and references in place of the marks."""
    named: set[str] = set()
    for schema in schemas.values():
        _refer(schema, named)
    _, found = msgspec.json.schema_components([_structs[name] for name in sorted(named)], ref_template=_PLACE)
    if taken := found.keys() & schemas.keys():
        raise ValueError(f"two schemas of one name: {', '.join(sorted(taken))}")
    _loosen(found)
    schemas.update(found)


def _loosen(schema: Any) -> None:
    """Leave out `items: false` of pairs, which generators of clients cannot read: `maxItems` says the same."""
    if isinstance(schema, dict) and schema.get("items") is False and "maxItems" in schema:
        del schema["items"]
    for item in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        _loosen(item)


def _refer(schema: Any, named: set[str]) -> None:
    if isinstance(schema, list):
        for item in schema:
            _refer(item, named)
    elif isinstance(schema, dict):
        if (name := schema.pop(MARK, None)) is not None:
            named.add(name)
            schema.pop("type")
            schema["$ref"] = _PLACE.format(name=name)
        for item in list(schema.values()):
            _refer(item, named)
