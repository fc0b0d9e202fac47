"""One way of naming in the five OpenAPI documents: ids, statuses and operations."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest

from libs.services import SERVICES

DOCUMENTS: dict[str, dict[str, Any]] = {
    name: import_module(f"services.{name}.app").service.http().openapi() for name in SERVICES
}
NAMED = {
    "OperationAnswer.id",  # a lane, or a number of the list
    "OrderAnswer.id",
    "ParkedRow.id",
    "ParkedRow.event_id",  # what could not be read may have any id
    "PresetItem.id",
    "PresetSummary.id",
    "Problem.trace_id",
    "PublishedAnswer.id",
    "RuleItem.id",
    "RuleSheet.id",
    "calendar_id",
    "policy_id",
}
"""Ids that somebody chose, and numbers."""


def _fields(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, schema in document["components"]["schemas"].items():
        for field, what in schema.get("properties", {}).items():
            yield f"{name}.{field}", what


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield method, path, operation


def _parameters(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for _, path, operation in _operations(document):
        for parameter in operation.get("parameters", ()):
            yield path, parameter["name"], parameter["schema"]


def _is_uuid(schema: dict[str, Any]) -> bool:
    kinds = [kind for kind in schema.get("anyOf", [schema]) if kind.get("type") != "null"]
    return all(kind.get("items", kind).get("format") == "uuid" for kind in kinds)


def _names_one(field: str) -> bool:
    return field == "id" or field.endswith(("_id", "_ids"))


@pytest.mark.parametrize("service", SERVICES)
def test_an_id_is_a_uuid_unless_somebody_chose_it(service: str) -> None:
    fields = [(name, schema) for name, schema in _fields(DOCUMENTS[service]) if _names_one(name.rpartition(".")[2])]
    assert [name for name, schema in fields if name not in NAMED and not _is_uuid(schema)] == []
    given = [found for found in _parameters(DOCUMENTS[service]) if _names_one(found[1]) and found[1] not in NAMED]
    others = {path for path, _, schema in given if not _is_uuid(schema)}
    assert {path for path in others if not path.startswith(("/v1/operations/parked", "/v1/presets"))} == set()


@pytest.mark.parametrize("service", SERVICES)
def test_how_far_something_is_is_its_status(service: str) -> None:
    fields = [name for name, _ in _fields(DOCUMENTS[service])]
    assert [name for name in fields if name.rpartition(".")[2].startswith("state")] == []
    assert [(path, name) for path, name, _ in _parameters(DOCUMENTS[service]) if name == "state"] == []


@pytest.mark.parametrize("service", SERVICES)
def test_what_only_reads_gets_lists_or_streams(service: str) -> None:
    reading = [o["operationId"] for method, _, o in _operations(DOCUMENTS[service]) if method == "get"]
    verbs = {name.removeprefix(f"{service}_").partition("_")[0] for name in reading}
    assert verbs <= {"get", "list", "stream"}


@pytest.mark.parametrize("service", SERVICES)
def test_an_answer_says_its_own_id_once(service: str) -> None:
    schemas = DOCUMENTS[service]["components"]["schemas"]
    made = {
        schema["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        for _, _, operation in _operations(DOCUMENTS[service])
        for status, schema in operation["responses"].items()
        if status in ("201", "202")
    }
    for name in made:
        assert not any("the same as id" in str(field) for field in schemas[name]["properties"].values())
        assert "id" in schemas[name]["properties"]
