"""Laws of the warranty, whatever the days: longer is never less, order is nothing, months end by the calendar."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from hypothesis import example, given
from hypothesis import strategies as st

from services.intake.warranty.domain.flaw import flaw
from services.intake.warranty.domain.months import plus
from services.intake.warranty.domain.question import Ask, Given
from services.intake.warranty.domain.verdict import Verdict, assess

COVERED = ("in_warranty", "latent_defect_cover")
NOW = datetime(2100, 1, 1, tzinfo=UTC)
ZONES = ("Asia/Shanghai", "Europe/Paris", "Asia/Kathmandu", "America/St_Johns", "Pacific/Kiritimati")
DAYS = st.dates(date(2018, 1, 1), date(2030, 12, 31))
EDGES = st.sampled_from([date(2024, 2, 29), date(2023, 1, 31), date(2023, 12, 31), date(2023, 2, 28)]) | DAYS
MONTHS = st.integers(1, 600)
INSTANTS = st.datetimes(datetime(2018, 1, 1), datetime(2034, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
RULES = st.sampled_from(["card", "completion", "acceptance", "day_after_acceptance"])
CLASSES = st.sampled_from(["pump", "*", "piping"])
TERMS = st.builds(
    lambda name, months, rule, latent: {
        "component_class": name,
        "months": months,
        "start_rule": rule,
        "latent_defect_months": latent,
    },
    CLASSES,
    st.integers(1, 60),
    RULES,
    st.sampled_from([0, 24]),
)
CAUSES = st.sampled_from([None, "misuse", "material_defect", "normal_wear"])


@st.composite
def contracts(draw: st.DrawFn, id: str) -> dict[str, Any]:
    terms = draw(st.lists(TERMS, min_size=1, max_size=3, unique_by=lambda term: term["component_class"]))
    names = [term["component_class"] for term in terms]
    changes = draw(st.lists(st.tuples(INSTANTS, INSTANTS, st.sampled_from(names), st.integers(1, 60)), max_size=4))
    return {
        "id": id,
        "signed_at": draw(INSTANTS),
        "kind": draw(st.sampled_from(["own", "maker"])),
        "terms": terms,
        "amendments": [
            {"at": at, "recorded_at": later, "change": {"op": "set", "component_class": name, "months": months}}
            for at, later, name, months in changes
        ],
    }


@st.composite
def files(draw: st.DrawFn) -> dict[str, Any]:
    parts = [{"id": "c1", "class": "pump"}, {"id": "c2", "class": "piping", "parent": "c1"}]
    moves = draw(st.lists(st.tuples(INSTANTS, st.sampled_from(ZONES)), max_size=3))
    card = draw(st.none() | st.builds(lambda day: {"number": "W", "start_date": day}, EDGES))
    asset = {
        "components": parts,
        "acceptance_date": draw(st.none() | EDGES),
        "completion_date": draw(st.none() | EDGES),
        "card": card,
        "moves": [{"at": at, "site_timezone": zone} for at, zone in moves],
        "site_timezone": draw(st.sampled_from(ZONES)),
    }
    return {"asset": asset, "contracts": [draw(contracts(id)) for id in ("K1", "K2")]}


asks = st.builds(
    lambda component, on, cause, known_at: {"component": component, "on": on, "cause": cause, "known_at": known_at},
    st.sampled_from(["c1", "c2"]),
    INSTANTS,
    CAUSES,
    st.none() | INSTANTS,
)


def verdict(file: dict[str, Any], ask: dict[str, Any]) -> Verdict:
    given, asked = msgspec.convert(file, Given), msgspec.convert(ask, Ask)
    assert flaw(given, asked, NOW) is None
    return assess(given, asked)


@given(files(), asks, st.integers(1, 100), st.data())
def test_cover_never_shrinks_when_a_term_is_lengthened(
    file: dict[str, Any], ask: dict[str, Any], more: int, data: st.DataObject
) -> None:
    ask = ask | {"cause": None}
    before = verdict(file, ask)
    terms = data.draw(st.sampled_from(file["contracts"]))["terms"]
    data.draw(st.sampled_from(terms))["months"] += more
    if before.verdict == "in_warranty":
        after = verdict(file, ask)
        assert after.verdict == "in_warranty"
        assert after.until
        assert before.until
        assert after.until >= before.until


@given(files(), asks, st.randoms(use_true_random=False))
def test_no_verdict_changes_with_the_order_in_which_facts_were_recorded(
    file: dict[str, Any], ask: dict[str, Any], shuffled: Any
) -> None:
    before = verdict(file, ask)
    asset, promised = file["asset"], file["contracts"]
    for facts in (asset["components"], asset["moves"], promised, *(each["amendments"] for each in promised)):
        shuffled.shuffle(facts)
    for contract in promised:
        shuffled.shuffle(contract["terms"])
    assert verdict(file, ask) == before


@given(files(), asks, MONTHS)
def test_what_is_agreed_after_the_day_reaches_back_to_nothing(
    file: dict[str, Any], ask: dict[str, Any], months: int
) -> None:
    before = verdict(file, ask)
    contract = file["contracts"][0]
    change = {"op": "set", "component_class": contract["terms"][0]["component_class"], "months": months}
    contract["amendments"].append({"at": ask["on"] + timedelta(days=2), "change": change})
    assert verdict(file, ask) == before


@given(EDGES, MONTHS)
@example(date(2024, 2, 29), 12)
@example(date(2023, 1, 31), 1)
@example(date(2023, 12, 31), 2)
def test_months_end_on_the_same_day_number_or_on_the_last_day(day: date, months: int) -> None:
    ended = plus(day, months)
    assert (ended.year - day.year) * 12 + ended.month - day.month == months
    assert ended.day == min(day.day, monthrange(ended.year, ended.month)[1])


@given(EDGES, st.integers(1, 120), st.sampled_from(ZONES))
def test_the_first_and_the_last_day_are_covered_whole_and_no_other(start: date, months: int, zone: str) -> None:
    term = {"component_class": "*", "months": months, "start_rule": "acceptance"}
    signed = datetime(2010, 1, 1, tzinfo=UTC)
    file = {
        "asset": {"components": [{"id": "c1", "class": "x"}], "acceptance_date": start, "site_timezone": zone},
        "contracts": [{"id": "K1", "signed_at": signed, "kind": "own", "terms": [term]}],
    }
    a_day, last = timedelta(days=1), time(23, 59, 59)
    moments = [
        (start - a_day, last),
        (start, time()),
        (plus(start, months), last),
        (plus(start, months) + a_day, time()),
    ]
    said = [verdict(file, ask_at(datetime.combine(*moment, tzinfo=ZoneInfo(zone)))).verdict for moment in moments]
    assert said == ["not_covered", "in_warranty", "in_warranty", "expired"]


def ask_at(on: datetime) -> dict[str, Any]:
    return {"component": "c1", "on": on}
