"""`python -m tools.clients`: the console's TypeScript types, one module for each service's OpenAPI document.

Written: what a caller sends and gets. Left out: sentences and examples, which change more often than shapes; problems,
which the client throws (web/src/lib/clients.ts); and Idempotency-Key, which it sends by itself.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from deploy.front import WEB, packages
from libs.services import EVENT_SERVICES

FOLDER = WEB / "src" / "api"
SENTENCES = {"description", "summary", "title", "example", "examples"}
OPTIONS = ["--default-non-nullable", "false", "--alphabetize"]


def main() -> None:
    """Write all modules."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in modules().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


def modules() -> dict[str, str]:
    """The text of every generated file, by its name in `web/src/api`."""
    documents = {name: import_module(f"services.{name}.app").service.http().openapi() for name in EVENT_SERVICES}
    types = {f"{name}.gen.d.ts": types_of(document) for name, document in documents.items()}
    limits = {name: limits_of(document) for name, document in documents.items()}
    return {**types, "limits.gen.json": json.dumps(limits, indent=2, sort_keys=True) + "\n"}


def types_of(document: Mapping[str, Any]) -> str:
    """The document's paths and schemas as TypeScript."""
    command: list[str | Path] = [
        Path(sys.executable).with_name("node"),
        packages() / ".bin" / "openapi-typescript",
        *OPTIONS,
    ]
    text = json.dumps(shapes(document))
    return subprocess.run(command, input=text, capture_output=True, encoding="utf-8", check=True).stdout


def shapes(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document without sentences, problems and Idempotency-Key."""
    plain: dict[str, Any] = _without_sentences(document)
    for operations in plain["paths"].values():
        for operation in operations.values():
            answers = operation["responses"]
            operation["responses"] = {code: answer for code, answer in answers.items() if code.startswith("2")}
            sent = [one for one in operation.get("parameters", ()) if one["name"] != "Idempotency-Key"]
            operation["parameters"] = sent
    return plain


def limits_of(document: Mapping[str, Any]) -> dict[str, dict[str, dict[str, Any]]]:
    """Of every form: which fields are required, and their greatest length, by form and field."""
    return {
        name: {field: found for field, what in schema["properties"].items() if (found := _limits(field, what, schema))}
        for name, schema in document["components"]["schemas"].items()
        if schema.get("additionalProperties") is False and "properties" in schema
    }


def _limits(field: str, what: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    lengths = [one["maxLength"] for one in (what, *what.get("anyOf", ()), what.get("items", {})) if "maxLength" in one]
    required = {"required": True} if field in schema.get("required", ()) else {}
    return required | ({"max": max(lengths)} if lengths else {})


def _without_sentences(value: Any) -> Any:
    if isinstance(value, Mapping):
        # A property may be called `title`: then a schema stands there, and no sentence.
        return {
            key: _without_sentences(inner)
            for key, inner in value.items()
            if key not in SENTENCES or (isinstance(inner, Mapping) and key != "example")
        }
    if isinstance(value, list):
        return [_without_sentences(inner) for inner in value]
    return value


if __name__ == "__main__":
    main()
