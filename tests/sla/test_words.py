"""The texts of policies and calendars, of the drafts that are only tried too, show and have an end."""

from typing import Any

import msgspec
import pytest

from libs.chassis.http import Problem
from services.sla.policies.api.words import MOST_FLAWS, unreadable, word_flaws
from services.sla.policies.domain.preset import PRESETS
from services.sla.policies.domain.shipped import DEMO
from services.sla.replays.api.replays import EXAMPLE, NewReplay
from tests.sla.publishing import written

SHIPPED = {"demo": msgspec.to_builtins(DEMO), **{name: preset.policy for name, preset in PRESETS.items()}}


@pytest.mark.parametrize("name", SHIPPED)
def test_of_what_ships_everything_is_to_be_read(name: str) -> None:
    assert list(word_flaws(SHIPPED[name])) == []


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"title": {"en": "\u2060"}}, "title.en"),
        ({"title": {"zh-CN": "响应\u202e限"}}, "title.zh-CN"),
        ({"title": {"\u200b": "响应"}}, "title"),
        ({"note": "\u200b\n"}, "note"),
        ({"note": "x" * 4001}, "note"),
        ({"applies_when": {"region": ["华东", "\u3164"]}}, "applies_when.region[1]"),
        ({"applies_when": {"contract": {"not": ["H" * 61]}}}, "applies_when.contract.not[0]"),
        ({"targets": [{"sources": ["R020", "\ufeff"]}]}, "targets[0].sources[1]"),
        ({"targets": [{"title": {"en": "R" * 201}}]}, "targets[0].title.en"),
    ],
)
def test_what_nobody_sees_or_reads_to_the_end_is_named_with_its_place(changes: dict[str, Any], place: str) -> None:
    assert [where for where, _ in word_flaws(written() | changes)] == [place]


def test_a_note_may_be_left_empty() -> None:
    assert list(word_flaws({"note": ""})) == []


def test_a_draft_that_is_only_tried_is_read_by_people_too() -> None:
    asked = {"from": "2026-03-01T00:00:00+08:00", "to": "2026-04-01T00:00:00+08:00"}
    assert NewReplay.model_validate(asked | {"policy": EXAMPLE}).command("r1").policy == EXAMPLE
    with pytest.raises(Problem) as refused:
        NewReplay.model_validate(asked | {"policy": EXAMPLE | {"note": "\u200b"}}).command("r1")
    assert [error.field for error in refused.value.errors] == ["body.policy.note"]


def test_a_draft_that_is_nested_without_end_is_refused_by_its_field() -> None:
    nested: Any = "x"
    for _ in range(600):
        nested = {"a": nested}
    asked = {"from": "2026-03-01T00:00:00+08:00", "to": "2026-04-01T00:00:00+08:00", "calendars": {"office": nested}}
    with pytest.raises(Problem) as refused:
        NewReplay.model_validate(asked).command("r1")
    assert [(error.field, error.detail) for error in refused.value.errors] == [
        ("body.calendars", "it is nested too deeply")
    ]


def test_no_more_flaws_are_looked_for_than_an_answer_names() -> None:
    assert len(unreadable({"sources": ["\u200b"] * 9 * MOST_FLAWS})) == MOST_FLAWS
