"""The compatibility check itself: what it lets pass, and every way to break a promise that it must name."""

from typing import Any

import pytest

from libs.events import Catalogue, Published, event
from tools.compatibility import breaks, unreadable
from tools.samples import instances
from tools.schemas import schema

STRING, INTEGER, NULL = {"type": "string"}, {"type": "integer"}, {"type": "null"}
OPTIONAL: dict[str, Any] = {"anyOf": [STRING, NULL], "default": None}
COLOURS: dict[str, Any] = {"enum": ["blue", "red"]}
LEVEL: dict[str, Any] = {"type": "integer", "minimum": 1, "maximum": 4}


def fields(required: tuple[str, ...] = (), **properties: Any) -> dict[str, Any]:
    """The schema of an object with these fields."""
    return {"type": "object", "properties": properties, "required": list(required)}


def old() -> dict[str, Any]:
    """What was published."""
    return fields(("id", "colour", "level"), id=STRING, colour=COLOURS, level=LEVEL, note=OPTIONAL, tags=_list(STRING))


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def changed(required: tuple[str, ...] = ("id", "colour", "level"), **properties: Any) -> list[str]:
    """How what was published breaks with these fields changed; None takes one away."""
    merged = {**old()["properties"], **properties}
    new = fields(required, **{name: value for name, value in merged.items() if value is not None})
    return list(breaks(old(), new))


def test_the_same_schema_is_no_break() -> None:
    assert changed() == []


def test_an_optional_field_may_be_added() -> None:
    assert changed(place=OPTIONAL) == []


def test_prose_may_change() -> None:
    assert changed(id={**STRING, "description": "who", "examples": ["7"]}) == []
    assert list(breaks({**old(), "description": "a"}, {**old(), "description": "b"})) == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"note": None}, "note was removed"),
        ({"required": ("id", "colour", "level", "note")}, "note was optional and is not any more"),
        ({"required": ("id", "colour")}, "level was required and is not any more"),
        ({"required": ("id", "colour", "level", "place"), "place": STRING}, "place was added and is required"),
        ({"colour": {"enum": ["blue"]}}, 'colour may no longer be "red"'),
        ({"colour": {"enum": ["blue", "red", "green"]}}, 'colour may now be "green", which older readers refuse'),
        ({"id": INTEGER}, 'type of id changed from "string" to "integer"'),
        ({"colour": STRING}, "enum of colour changed"),
        ({"note": STRING}, 'note may no longer be {"type":"null"}'),
        ({"id": {"anyOf": [STRING, NULL]}}, 'id may now be {"type":"null"}, which older readers refuse'),
        ({"note": {"anyOf": [COLOURS, NULL], "default": None}}, "note may no longer be"),
        ({"note": {"anyOf": [STRING, NULL], "default": "none"}}, "default of note changed"),
        ({"level": {"type": "integer", "minimum": 1, "maximum": 3}}, "maximum of level changed from 4 to 3"),
        ({"level": INTEGER}, "maximum of level changed from 4 to null"),
        ({"id": {**STRING, "format": "date-time"}}, "format of id changed"),
        ({"tags": _list(INTEGER)}, 'type of an item of tags changed from "string" to "integer"'),
        ({"tags": fields()}, 'type of tags changed from "array" to "object"'),
    ],
)
def test_anything_else_is_a_break(change: dict[str, Any], says: str) -> None:
    assert any(says in sentence for sentence in changed(**change)), changed(**change)


def test_a_break_within_a_part_names_the_way_there() -> None:
    place = fields(("city",), city=STRING)
    before, after = fields(place=place), fields(place=fields(("city",), city=INTEGER))
    assert list(breaks(before, after)) == ['type of place.city changed from "string" to "integer"']


def test_an_optional_field_may_be_added_to_a_part_that_may_be_absent() -> None:
    place, wider = fields(("city",), city=STRING), fields(("city",), city=STRING, street=OPTIONAL)
    assert list(breaks(fields(a={"anyOf": [place, NULL]}), fields(a={"anyOf": [wider, NULL]}))) == []
    assert list(breaks(fields(a={"anyOf": [wider, NULL]}), fields(a={"anyOf": [place, NULL]}))) != []


@event("notes.Taken")
class First(Published, frozen=True, kw_only=True):
    """Version 1."""

    level: int
    words: list[str]
    note_id: str | None = None


@event("notes.Taken", version=3)
class Third(Published, frozen=True, kw_only=True):
    """Version 3: `level` became a word, `note_id` is always there."""

    level: str
    note_id: str


STEPS = {
    ("notes.Taken", 1): lambda old: {"level": old["level"], "note_id": old.get("note_id") or ""},
    ("notes.Taken", 2): lambda old: {**old, "level": str(old["level"])},
}


def test_upcasters_make_every_older_event_readable() -> None:
    assert list(unreadable(Catalogue(Third, upcasters=STEPS), "notes.Taken", {1: schema(First)})) == []


@pytest.mark.parametrize(
    ("steps", "says"),
    [
        ({}, "an upcaster is missing"),
        ({("notes.Taken", 1): STEPS["notes.Taken", 1]}, "an upcaster is missing"),
        (STEPS | {("notes.Taken", 2): dict}, "Expected `str`, got `int` - at `$.level`"),
        (STEPS | {("notes.Taken", 1): lambda old: {"level": 1, "note_id": old.get("note_id")}}, "$.note_id"),
        (STEPS | {("notes.Taken", 1): lambda old: {"level": 1, "note_id": old["note_id"]}}, "misses a field"),
    ],
)
def test_an_upcaster_that_is_missing_or_wrong_for_some_events_is_named(steps: dict[Any, Any], says: str) -> None:
    (sentence,) = unreadable(Catalogue(Third, upcasters=steps), "notes.Taken", {1: schema(First)})
    assert sentence.startswith("version 1: ")
    assert says in sentence


def test_a_version_that_went_backwards_is_named() -> None:
    (sentence,) = unreadable(Catalogue(First), "notes.Taken", {3: schema(Third)})
    assert "this release knows up to 1" in sentence


def test_samples_reach_every_choice_and_the_absence_of_every_optional_field() -> None:
    samples = list(instances(old()))
    assert {sample["colour"] for sample in samples if "colour" in sample} == {"blue", "red"}
    assert {sample["level"] for sample in samples if "level" in sample} == {1, 4}
    assert {"id", "colour", "level"} in [set(sample) for sample in samples]
    assert [] in [sample.get("tags") for sample in samples]
