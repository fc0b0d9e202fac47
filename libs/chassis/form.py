"""The base of every form that comes in as a body: JSON's types are meant as they stand."""

from typing import Any

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler
from pydantic_core import CoreSchema

_STRICT = ("int", "float", "bool")
_NO_SCHEMAS = ("default", "metadata", "serialization", "config", "cls")


def _strict(schema: Any) -> Any:
    """The same schema, its numbers and booleans strict. Pydantic's own strictness would refuse texts for ids, too."""
    if isinstance(schema, list):
        return [_strict(item) for item in schema]
    if isinstance(schema, tuple):
        return tuple(_strict(item) for item in schema)
    if not isinstance(schema, dict):
        return schema
    found = {key: value if key in _NO_SCHEMAS else _strict(value) for key, value in schema.items()}
    return found | {"strict": True} if found.get("type") in _STRICT else found


class Form(BaseModel):
    """Unknown fields are refused, and so is what only could be read as a number or a boolean.

    `true`, `"3"` and `1.0` are no integers, `1` and `"true"` no booleans; an integer may stand for a number. What JSON
    has no type for, such as ids, instants and codes, is read from text.
    """

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        schema: CoreSchema = _strict(handler(source))
        return schema
