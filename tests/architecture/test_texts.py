"""Every text that a caller may send has an end, and what people read of it shows: in all five OpenAPI documents."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from libs.services import EVENT_SERVICES
from tests.architecture.test_openapi import DOCUMENTS

CLOSED = {"uuid", "date", "date-time", "binary", "base64-png"}
"""Formats of which nothing is a text that people wrote."""
SHOWN = {"words", "name", "label", "code", "phone", "iana-time-zone"}
"""Formats of `libs/chassis/input/fields.py`: what is blank to the eye is refused, and so is what hides something."""
LISTED = {
    *("Policy.applies_when", "Target.applies_when", "Not.not", "When.where", "When.event", "When.at"),
    *("Zone.event", "Zone.field", "SiteHours.timezone", "SharedCalendar.timezone"),
    *("Target.calendar", "Target.start", "Target.stop", "Target.pause", "Target.resume", "Target.reopen"),
    "Target.cancel",
}
"""Of a policy: names of what there is, and values that are compared. `word_flaws` gives them an end."""
OTHERS = {
    *("Binding.subject", "Opening.token", "NewReplay.calendars{key}"),
    *("Policy.title{key}", "Target.title{key}", "SharedCalendar.title{key}"),
}
"""As an issuer or we ourselves wrote them, to be compared; `word_flaws` looks at the languages of titles."""
ENDLESS = re.compile(r"(?<!\\)[*+]|\{\d+,\}")
"""A repetition that a pattern does not end."""


def texts(document: dict[str, Any], schema: dict[str, Any], place: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The texts that fit a schema and their places, such as NewTicket.summary. Conditions beside fields say no more."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        if not place.startswith(f"{name}."):
            yield from texts(document, document["components"]["schemas"][name], name)
        return
    if schema.get("type") == "string":
        yield place, schema
    kinds = [] if "properties" in schema else [*schema.get("oneOf", ()), *schema.get("anyOf", ())]
    values = [schema[name] for name in ("items", "additionalProperties") if isinstance(schema.get(name), dict)]
    for part in (*kinds, *schema.get("allOf", ()), *values):
        yield from texts(document, part, place)
    if isinstance(schema.get("propertyNames"), dict):
        yield f"{place}{{key}}", schema["propertyNames"]
    for field, part in schema.get("properties", {}).items():
        yield from texts(document, part, f"{place}.{field}")


def sent(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The texts of all bodies."""
    for path in document["paths"].values():
        for operation in path.values():
            for content in operation.get("requestBody", {}).get("content", {}).values():
                yield from texts(document, content["schema"], operation["operationId"])


def asked(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The texts of all addresses."""
    for path in document["paths"].values():
        for operation in path.values():
            for parameter in operation.get("parameters", ()):
                if parameter["in"] != "header":
                    yield from texts(document, parameter["schema"], f"{operation['operationId']} {parameter['name']}")


def ends(schema: dict[str, Any]) -> bool:
    """Whether there is a longest text of it."""
    if schema.keys() & {"enum", "const", "maxLength"} or schema.get("format") in CLOSED:
        return True
    return "pattern" in schema and not ENDLESS.search(schema["pattern"])


def shows(schema: dict[str, Any]) -> bool:
    """Whether nobody can put something into it that is not to be seen."""
    if schema.keys() & {"enum", "const"} or schema.get("format") in CLOSED | SHOWN:
        return True
    pattern = schema.get("pattern", ".")
    return "[^" not in pattern and not re.search(r"(?<!\\)\.", pattern)


@pytest.mark.parametrize("service", EVENT_SERVICES)
def test_every_text_that_a_caller_sends_has_an_end(service: str) -> None:
    document = DOCUMENTS[service]
    found = {place for place, schema in (*sent(document), *asked(document)) if not ends(schema)}
    assert found - LISTED == set()


@pytest.mark.parametrize("service", EVENT_SERVICES)
def test_what_people_read_of_what_a_caller_sends_is_to_be_seen(service: str) -> None:
    found = {place for place, schema in sent(DOCUMENTS[service]) if not shows(schema)}
    assert found - LISTED - OTHERS == set()


def test_a_text_without_an_end_or_that_may_hide_something_is_named() -> None:
    loose = {"type": "object", "properties": {"note": {"anyOf": [{"type": "string"}, {"type": "null"}]}}}
    body = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Loose"}}}}
    document = {
        "paths": {"/": {"post": {"operationId": "loosen", "requestBody": body}}},
        "components": {"schemas": {"Loose": loose}},
    }
    ((place, schema),) = sent(document)
    assert (place, ends(schema), shows(schema)) == ("Loose.note", False, False)
    assert not ends({"type": "string", "pattern": "^a+$"})
    assert not shows({"type": "string", "maxLength": 9, "pattern": "^[^\\x00]{1,9}$"})
