"""The texts of a policy or a calendar: they show, hide nothing, and are no longer than people read, or compare."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from pydantic import TypeAdapter, ValidationError

from libs.chassis.http.refusals import sentence_of
from libs.chassis.input.fields import Label, Name, Words
from services.sla.policies.domain.when import Flaw

LABEL, TITLE, NOTE = TypeAdapter(Label), TypeAdapter(Name), TypeAdapter(Words)
"""Of ids, types, values and whatever else programs compare; of what a rule is called; of what is said beside it."""
MOST_FLAWS = 50
"""As many as an answer names."""


def unreadable(document: Any, place: str = "") -> list[Flaw]:
    """The first texts of a document that nobody can read: places and reasons."""
    try:
        return list(islice(word_flaws(document, place), MOST_FLAWS))
    except RecursionError:
        return [(place or "document", "it is nested too deeply")]


def word_flaws(part: Any, place: str = "", of: TypeAdapter[str] = LABEL) -> Iterator[Flaw]:
    """All of them, in a part of a document. Raises RecursionError for one that is nested too deeply."""
    if isinstance(part, str):
        yield from _flaw(part, place, of)
    elif isinstance(part, list):
        for number, item in enumerate(part):
            yield from word_flaws(item, f"{place}[{number}]", of)
    elif isinstance(part, dict):
        for key, value in part.items():
            yield from _field(key, value, place, of)


def _field(key: str, value: Any, place: str, of: TypeAdapter[str]) -> Iterator[Flaw]:
    if flaws := [*_flaw(key, place or "document", LABEL)]:
        yield from flaws
    elif (key, value) != ("note", ""):
        kind = {"title": TITLE, "note": NOTE}.get(key, of)
        yield from word_flaws(value, f"{place}.{key}" if place else key, kind)


def _flaw(written: str, place: str, of: TypeAdapter[str]) -> Iterator[Flaw]:
    try:
        of.validate_python(written)
    except ValidationError as error:
        yield place, sentence_of(error.errors()[0])
