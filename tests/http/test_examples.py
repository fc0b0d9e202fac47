"""Every answer in JSON that a document describes has an example, and the example is of the answer's schema."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # the package has no types

from libs.chassis.http.document.examples import NoExample, example
from libs.services import EVENT_SERVICES


def _answers(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in document["paths"].values():
        for operation in path.values():
            for status, answer in operation["responses"].items():
                if status.startswith("2") and "application/json" in answer.get("content", ()):
                    yield operation["operationId"], answer["content"]["application/json"]


@pytest.mark.parametrize("name", EVENT_SERVICES)
def test_every_answer_has_an_example_of_its_schema(name: str) -> None:
    document = import_module(f"services.{name}.app").service.http().openapi()
    answers = dict(_answers(document))
    assert [operation for operation, content in answers.items() if "example" not in content] == []
    for operation, content in answers.items():
        schema = {**content["schema"], "components": document["components"]}
        assert Draft202012Validator(schema).is_valid(content["example"]), operation


def test_a_text_that_lacks_an_example_is_named() -> None:
    schema = {"type": "object", "properties": {"notes": {"type": "array", "items": {"type": "string"}}}}
    with pytest.raises(NoExample, match=r"notes\.items"):
        example(schema, {})
