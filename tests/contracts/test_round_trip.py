"""Any event that a schema allows is read, written and read again as the same event."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # the package has no types

from libs.events import Catalogue, Published, event
from libs.events.contracts.language import PUBLISHERS, catalogue, published
from tests.contracts.strategies import data
from tools.golden import ROOT, standing
from tools.schemas import schema

EVENTS = [cls for service in PUBLISHERS for cls in published(service)]
KNOWN = {service: catalogue(service) for service in PUBLISHERS}
DATA = {cls: data(schema(cls)) for cls in EVENTS}
OLDER = {kind: data(stands) for kind, stands in standing(ROOT).items()}

patient = settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow])
"""A loaded machine is no failure."""


@pytest.mark.parametrize("cls", EVENTS, ids=lambda cls: cls.type_name)
@patient
@given(st.data())
def test_what_the_schema_allows_is_an_event_and_comes_back_as_it_was(cls: type[Published], draw: st.DataObject) -> None:
    known = KNOWN[cls.type_name.split(".")[0]]
    sent = draw.draw(DATA[cls])
    event = known.decode(cls.type_name, cls.version, json.dumps(sent))
    wire = msgspec.json.encode(event)
    assert known.decode(cls.type_name, cls.version, wire) == event
    Draft202012Validator(schema(cls)).validate(json.loads(wire))


@patient
@given(st.sampled_from(sorted(OLDER)), st.data())
def test_every_event_of_every_published_version_is_still_an_event(kind: tuple[str, int], draw: st.DataObject) -> None:
    name, version = kind
    known = KNOWN[name.split(".")[0]]
    today = known.decode(name, version, json.dumps(draw.draw(OLDER[kind])))
    Draft202012Validator(schema(_published(name))).validate(json.loads(msgspec.json.encode(today)))


def _published(name: str) -> type[Published]:
    return next(cls for cls in EVENTS if cls.type_name == name)


@patient
@given(st.data())
def test_an_unknown_field_of_a_newer_writer_is_read_past(draw: st.DataObject) -> None:
    cls = draw.draw(st.sampled_from(EVENTS))
    sent = draw.draw(DATA[cls])
    known = KNOWN[cls.type_name.split(".")[0]]
    wider = json.dumps(sent | {"added_later": [1, {"deep": None}]})
    assert known.decode(cls.type_name, cls.version, wider) == known.decode(cls.type_name, cls.version, json.dumps(sent))


@event("notes.Counted")
class First(Published, frozen=True, kw_only=True):
    """Version 1: minutes, perhaps."""

    minutes: int | None = None


@event("notes.Counted", version=2)
class Second(Published, frozen=True, kw_only=True):
    """Version 2: seconds, always."""

    seconds: int


def in_seconds(fields: dict[str, Any]) -> dict[str, Any]:
    """Version 1 to 2."""
    return {"seconds": 60 * (fields.get("minutes") or 0)}


@patient
@given(data(schema(First)))
def test_whatever_fits_the_older_schema_fits_the_newer_one_once_upcast(old: dict[str, Any]) -> None:
    Draft202012Validator(schema(First)).validate(old)
    Draft202012Validator(schema(Second)).validate(in_seconds(old))
    reader = Catalogue(Second, upcasters={("notes.Counted", 1): in_seconds})
    assert reader.decode("notes.Counted", 1, json.dumps(old)) == Second(seconds=60 * (old.get("minutes") or 0))
