"""The warranty's verdict, to the day: a table of named cases, and what would change a verdict does change it."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from services.intake.warranty.domain.asset import Move
from services.intake.warranty.domain.contract import Amendment, SetTerm
from services.intake.warranty.domain.flaw import flaw
from services.intake.warranty.domain.question import Ask, Given
from services.intake.warranty.domain.verdict import Verdict, assess
from tests.intake.warranty import Row, named_cases, question

CASES = list(named_cases())
NOW = datetime(2026, 12, 1, tzinfo=UTC)
by_name = pytest.mark.parametrize("row", CASES, ids=lambda row: row["case"])


def dates(verdict: Verdict) -> tuple[str, str]:
    return str(verdict.begin or ""), str(verdict.until or "")


def test_every_case_has_a_name_of_its_own() -> None:
    assert len({row["case"] for row in CASES}) == len(CASES) > 50


@pytest.mark.requirement("R001", "R032", "R098", "R100", "R104", "R416", "R417")
@by_name
def test_a_named_case_comes_out_as_its_row_says(row: Row) -> None:
    given, ask = question(row)
    assert flaw(given, ask, NOW) is None
    verdict = assess(given, ask)
    clause = verdict.clause.contract.partition(":")[0] if verdict.clause else ""
    assert (verdict.verdict, *dates(verdict), clause) == tuple(
        row[name] for name in ("verdict", "from", "until", "clause")
    )


@by_name
def test_a_verdict_names_its_rule_and_its_reason_first(row: Row) -> None:
    verdict = assess(*question(row))
    assert verdict.why == verdict.reasons[0].sentence
    assert all(reason.sentence.endswith(".") for reason in verdict.reasons)
    assert {reason.rule for reason in verdict.reasons} <= {f"W{number}" for number in range(1, 16)}


@by_name
def test_what_would_change_a_verdict_does(row: Row) -> None:
    given, ask = question(row)
    verdict = assess(given, ask)
    for turn in verdict.would_change:
        for value in turn.to:
            turned = assess(*with_fact(given, ask, turn.fact, value))
            assert turned.verdict == turn.verdict != verdict.verdict


def with_fact(given: Given, ask: Ask, fact: str, value: Any) -> tuple[Given, Ask]:
    replace = msgspec.structs.replace
    if fact != "supplied_by":
        return given, replace(ask, **{fact: value})
    parts = tuple(replace(part, supplied_by=value) for part in given.asset.components)
    return replace(given, asset=replace(given.asset, components=parts)), ask


def test_a_verdict_without_a_start_names_the_days_that_are_missing() -> None:
    row = {"facts": "", "terms": "own * 12 card", "on": "2024-06-01 12:00:00", "cause": ""}
    turns = assess(*question(row)).would_change
    assert [turn.fact for turn in turns] == ["card", "completion_date", "acceptance_date"]


def test_of_two_amendments_and_two_moves_at_one_instant_the_place_in_the_list_decides_nothing() -> None:
    row = {"facts": "accepted=2024-03-14", "terms": "own * 12 acceptance", "on": "2025-03-15 06:59:59", "cause": ""}
    given, ask = question(row)
    at = datetime(2024, 4, 1, tzinfo=UTC)
    amendments = [Amendment(at=at, change=SetTerm(component_class="*", months=months)) for months in (6, 24)]
    moves = [Move(at=at, site_timezone=zone) for zone in ("Europe/Paris", "Asia/Shanghai")]
    replace = msgspec.structs.replace
    verdicts = [
        assess(Given(replace(given.asset, moves=m), (replace(given.contracts[0], amendments=a),)), ask)
        for a in (tuple(amendments), tuple(amendments[::-1]))
        for m in (tuple(moves), tuple(moves[::-1]))
    ]
    assert verdicts == [verdicts[0]] * 4
