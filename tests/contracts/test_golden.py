"""Golden files only ever grow: every release reads what every earlier one published."""

import json
from pathlib import Path

import msgspec
import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # the package has no types

from libs.events import Published
from libs.events.contracts.language import PUBLISHERS, catalogue, published
from tools.golden import GOLDEN, ROOT, SCHEMAS, broken, documents, golden, standing
from tools.samples import example
from tools.schemas import schema

FILES = sorted((ROOT / GOLDEN).glob("*/*.json"))
EVENTS = [cls for service in PUBLISHERS for cls in published(service)]


def named(path: Path) -> tuple[str, int]:
    """The type name and version that a golden file's path says."""
    return path.parent.name, int(path.name.split(".")[0])


def validator(type_name: str, version: int) -> Draft202012Validator:
    """The schema on file of that version, formats checked."""
    stands = json.loads((ROOT / SCHEMAS / type_name / f"{version}.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(stands)
    return Draft202012Validator(stands, format_checker=Draft202012Validator.FORMAT_CHECKER)


def type_name(cls: type[Published]) -> str:
    return cls.type_name


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_golden_file_fits_its_schema_and_what_is_read_of_it_fits_todays(path: Path) -> None:
    name, version = named(path)
    validator(name, version).validate(json.loads(path.read_bytes()))
    event = catalogue(name.split(".")[0]).decode(name, version, path.read_bytes())
    validator(name, event.version).validate(json.loads(msgspec.json.encode(event)))


@pytest.mark.parametrize("cls", EVENTS, ids=type_name)
def test_the_golden_file_of_todays_version_is_the_event_it_was_made_from(cls: type[Published]) -> None:
    known = catalogue(cls.type_name.split(".")[0])
    event = msgspec.convert(example(schema(cls)), cls)
    files = [path for path in FILES if named(path) == (cls.type_name, cls.version)]
    assert event in [known.decode(cls.type_name, cls.version, path.read_bytes()) for path in files]
    assert known.decode(cls.type_name, cls.version, msgspec.json.encode(event)) == event


def test_every_published_version_has_its_golden_file_and_its_schema() -> None:
    on_file = set(standing(ROOT))
    assert {(cls.type_name, cls.version) for cls in EVENTS} <= on_file
    assert {named(path) for path in FILES} == on_file
    assert golden(ROOT) == {}, "make golden adds what is missing"


def test_no_promise_to_readers_is_broken() -> None:
    assert broken(ROOT) == []


def test_schemas_and_documents_are_fresh() -> None:
    stale = [path for path, text in documents(ROOT).items() if (ROOT / path).read_text(encoding="utf-8") != text]
    assert stale == [], "make golden writes them anew"


def test_type_names_begin_with_their_publisher_and_end_with_their_class() -> None:
    for service in PUBLISHERS:
        assert {cls.type_name for cls in published(service)} == {f"{service}.{c.__name__}" for c in published(service)}


def test_every_field_of_an_event_that_names_a_person_or_their_words_is_an_id() -> None:
    personal = {"name", "phone", "phones", "address", "email", "summary", "note", "comment", "signature", "signed_by"}
    assert [(cls.type_name, field) for cls in EVENTS for field in cls.__struct_fields__ if field in personal] == []
