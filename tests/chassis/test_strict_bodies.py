"""Numbers and booleans in bodies are what JSON says they are: in every field of every form of the five services."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import Any, Literal
from uuid import UUID

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError, create_model

from libs.chassis.http.routing import Route
from libs.chassis.input.form import Form
from libs.chassis.input.instant import Instant
from tests.chassis.conftest import Caller
from tests.chassis.routes import ROUTES

BODIES = {name: route for name, route in ROUTES.items() if route.dependant.body_params}
LAX: dict[str, list[Any]] = {
    "integer": [True, False, "3", "1", 1.0, 1.5],
    "number": [True, False, "3.5", "1"],
    "boolean": [0, 1, 1.0, "true", "yes", "0"],
}
MEANT: dict[str, Any] = {"integer": 3, "number": 3, "boolean": True}
Path = tuple[str | int, ...]


def _form(route: Route) -> TypeAdapter[Any]:
    (body,) = route.dependant.body_params
    annotation: Any = body.field_info.annotation
    return TypeAdapter(annotation)


def _fields(schema: dict[str, Any], whole: dict[str, Any], path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Where this schema, part of the whole, has numbers and booleans, and of which type."""
    if "$ref" in schema:
        yield from _fields(whole["$defs"][schema["$ref"].rpartition("/")[2]], whole, path)
    elif schema.get("type") in LAX:
        yield path, schema["type"]
    for other in schema.get("anyOf", ()):
        yield from _fields(other, whole, path)
    for name, below in schema.get("properties", {}).items():
        yield from _fields(below, whole, (*path, name))
    if isinstance(items := schema.get("items"), dict):
        yield from _fields(items, whole, (*path, 0))


def _document(path: Path, value: Any) -> Any:
    for step in reversed(path):
        value = [value] if step == 0 else {step: value}
    return value


def _wrong(form: TypeAdapter[Any], path: Path, value: Any) -> bool:
    """Whether the form refuses the value because of that very field."""
    try:
        form.validate_python(_document(path, value))
    except ValidationError as error:
        return any(tuple(step for step in e["loc"] if step in path)[: len(path)] == path for e in error.errors())
    return False


FIELDS = [
    (name, path, kind)
    for name, route in BODIES.items()
    for schema in [_form(route).json_schema()]
    for path, kind in _fields(schema, schema)
]


def test_the_forms_have_such_fields() -> None:
    assert {("triage POST /v1/cases/{ticket_id}/classification", ("level",), "integer")} <= set(FIELDS)
    assert {kind for _, _, kind in FIELDS} == LAX.keys()
    assert any(len(path) > 1 for _, path, _ in FIELDS)


def test_the_errors_of_every_body_are_counted_before_they_are_listed() -> None:
    """FastAPI's own solver, which serves routes without a binding, lists them however many there are."""
    assert [name for name, route in BODIES.items() if route.binding is None] == []


@pytest.mark.parametrize(("name", "path", "kind"), FIELDS)
def test_what_only_could_be_read_as_one_is_refused(name: str, path: Path, kind: str) -> None:
    form = _form(BODIES[name])
    assert [value for value in LAX[kind] if not _wrong(form, path, value)] == []
    assert not _wrong(form, path, MEANT[kind])


@pytest.mark.parametrize("name", BODIES)
def test_every_form_and_what_is_in_it_is_a_form(name: str) -> None:
    """A model of another base would read its numbers as it likes, and take fields that nobody knows."""
    assert [model for model in _models(_form(BODIES[name]).core_schema) if not issubclass(model, Form)] == []


def _models(schema: Any) -> Iterator[type[BaseModel]]:
    if isinstance(schema, dict):
        if schema.get("type") == "model":
            yield schema["cls"]
        for key, value in schema.items():
            if key not in ("default", "metadata"):
                yield from _models(value)
    elif isinstance(schema, (list, tuple)):
        for item in schema:
            yield from _models(item)


class Level(IntEnum):
    LOW = 1


class Colour(StrEnum):
    RED = "red"


@pytest.mark.parametrize(
    "lax",
    [
        Literal[1, 2],
        Literal["a", True],
        Level,
        timedelta,
        date,
        clock_time,
        datetime,
        Decimal,
        bytes,
        list[date],
        Level | None,
    ],
)
def test_a_form_with_a_field_that_cannot_be_strict_is_no_class(lax: Any) -> None:
    with pytest.raises(TypeError, match="takes more than it says"):
        create_model("Lax", __base__=Form, field=(lax, ...))


@pytest.mark.parametrize("meant", [Literal["a", "b"], Colour, Instant, UUID, int, list[Instant] | None])
def test_what_is_read_from_text_or_before_pydantic_may_stand_in_a_form(meant: Any) -> None:
    assert create_model("Meant", __base__=Form, field=(meant, ...)).model_fields


@pytest.mark.parametrize(
    ("field", "value"), [("count", True), ("count", "3"), ("count", 1.0), ("size", True), ("size", "2.5")]
)
async def test_over_http_it_is_a_problem_that_names_the_field(field: str, value: Any, anna: Caller) -> None:
    answer = await anna.post("/v1/jobs", {"note": "x", field: value})
    assert (answer.status_code, [error["field"] for error in answer.json()["errors"]]) == (422, [f"body.{field}"])


async def test_what_json_has_no_type_for_is_read_from_text(anna: Caller) -> None:
    answer = await anna.post("/v1/jobs", {"note": "x", "size": 2, "count": 3, "occurred_at": "2026-01-02T03:04:05Z"})
    assert answer.status_code == 201
