"""The base of every form that comes in as a body: JSON's types are meant as they stand."""

from collections.abc import Iterable
from typing import Any, TypeVar

import msgspec
from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler
from pydantic_core import CoreSchema

S = TypeVar("S", bound=msgspec.Struct)

_STRICT = ("int", "float", "bool")
_LAX = ("timedelta", "date", "time", "datetime", "decimal", "complex", "bytes")
"""Read from numbers, too, or from more than one kind of text, and not to be made strict without refusing all texts."""
_READ_FIRST = ("function-before", "function-wrap", "function-plain")
"""What is in these was looked at before pydantic reads it."""
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


def _check(schema: Any) -> None:
    """Raise TypeError where a number or a boolean would be read as what it only is like."""
    if isinstance(schema, dict):
        kind = schema.get("type")
        if kind in _READ_FIRST:
            return
        if kind in _LAX or (kind in _STRICT and not schema.get("strict")) or not _texts(schema):
            raise TypeError(
                f"{schema.get('cls', kind)} in a form takes more than it says: put a BeforeValidator in front"
            )
    for part in _parts(schema):
        _check(part)


def _parts(schema: Any) -> Iterable[Any]:
    if isinstance(schema, dict):
        return [value for key, value in schema.items() if key not in _NO_SCHEMAS]
    return schema if isinstance(schema, (list, tuple)) else ()


def _texts(schema: dict[str, Any]) -> bool:
    """Whether all that a literal or an enum lists are texts: `true` and 1.0 equal 1."""
    kind = schema.get("type")
    values: list[Any] = schema["expected"] if kind == "literal" else schema["members"] if kind == "enum" else []
    return all(isinstance(getattr(value, "value", value), str) for value in values)


class Form(BaseModel):
    """Unknown fields are refused, and so is what only could be read as a number or a boolean.

    `true`, `"3"` and `1.0` are no integers, `1` and `"true"` no booleans; an integer may stand for a number. What JSON
    has no type for, such as ids, instants and codes, is read from text. A class with a field that
    cannot be held to this is a TypeError.
    """

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        schema: CoreSchema = _strict(handler(source))
        return schema

    @classmethod
    def __pydantic_on_complete__(cls) -> None:
        _check(cls.__pydantic_core_schema__)  # here rather than above, where enums and aliases are only referred to

    def meant(self, struct: type[S], /, **more: Any) -> S:
        """The same as a Struct that has these fields, some of them given otherwise."""
        return msgspec.convert(self.model_dump(mode="json") | more, struct)
