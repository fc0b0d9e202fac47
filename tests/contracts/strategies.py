"""Data that fits a JSON Schema, for hypothesis: only the keywords that our events use."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

ANY_INSTANT = st.integers(0, 7_258_118_400_000).map(lambda ms: datetime.fromtimestamp(ms / 1000, UTC).isoformat())

TEXTS: Mapping[str | None, st.SearchStrategy[str]] = {"date-time": ANY_INSTANT, "date": st.dates().map(str)}


def data(schema: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    """Any value that `schema` allows."""
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "anyOf" in schema:
        return st.one_of([data(branch) for branch in schema["anyOf"]])
    match schema["type"]:
        case "null":
            return st.none()
        case "boolean":
            return st.booleans()
        case "integer":
            return st.integers(schema.get("minimum", -(2**53)), schema.get("maximum", 2**53))
        case "number":
            return st.floats(schema.get("minimum"), schema.get("maximum"), allow_nan=False, allow_infinity=False)
        case "string":
            return TEXTS.get(schema.get("format"), st.text())
        case "array":
            return st.lists(data(schema["items"]), max_size=5)
        case other:
            assert other == "object"
            return _fields(schema)


def _fields(schema: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    if "properties" not in schema:
        return st.dictionaries(st.text(), st.one_of(st.text(), st.booleans(), st.integers(-(2**53), 2**53)))
    fields = {name: data(field) for name, field in schema["properties"].items()}
    required = set(schema.get("required", ()))
    return st.fixed_dictionaries(
        {name: field for name, field in fields.items() if name in required},
        optional={name: field for name, field in fields.items() if name not in required},
    )
