"""The explanation: whole, without gaps, in agreement with the arithmetic, and in words that say why."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.sla.calendars.domain.calendar import Calendar
from services.sla.calendars.domain.opening_hours import OpeningHours
from services.sla.calendars.domain.trace import Passage
from tests.sla.brute import open_slots
from tests.sla.test_domain_calendar import DAYS, HOUR, around_the_clock, at, cases, office
from tests.sla.test_domain_holidays import SHANGHAI, chinese


def said(calendar: Calendar, start: datetime, end: datetime) -> list[tuple[str, bool, str, str]]:
    zone = calendar.hours.zone
    passages = calendar.trace(start, end)
    return [(f"{one.start.astimezone(zone):%d %H:%M}", one.open, one.rule, one.detail) for one in passages]


def test_a_weekend_is_told_by_its_rules() -> None:
    assert said(office(), at("2026-02-27T10:00"), at("2026-03-02T10:00")) == [
        ("27 10:00", True, "weekly_hours", ""),
        ("27 17:00", False, "outside_hours", ""),
        ("28 00:00", False, "no_hours", ""),
        ("02 00:00", False, "outside_hours", ""),
        ("02 09:00", True, "weekly_hours", ""),
    ]


def test_the_spring_festival_is_told_by_name_with_its_make_up_saturday() -> None:
    told = said(chinese(), at("2026-02-13T16:00", SHANGHAI), at("2026-02-24T10:00", SHANGHAI))
    assert told == [
        ("13 16:00", True, "weekly_hours", ""),
        ("13 17:00", False, "outside_hours", ""),
        ("14 09:00", True, "makeup_day", "春节 Spring Festival"),
        ("14 17:00", False, "outside_hours", ""),
        ("15 00:00", False, "holiday", "春节 Spring Festival"),
        ("24 00:00", False, "outside_hours", ""),
        ("24 09:00", True, "weekly_hours", ""),
    ]


def test_closures_special_openings_and_written_holidays_are_told() -> None:
    own = office(
        holidays=["2026-03-03", ["2026-03-02T11:00:00Z", "2026-03-02T12:00:00Z"]],
        extra_working=[{"date": "2026-03-04", "hours": [["10:00", "11:00"]]}, {"date": "2026-03-05", "hours": []}],
    )
    assert said(own, at("2026-03-02T10:00"), at("2026-03-06T00:00")) == [
        ("02 10:00", True, "weekly_hours", ""),
        ("02 11:00", False, "closure", ""),
        ("02 12:00", True, "weekly_hours", ""),
        ("02 17:00", False, "outside_hours", ""),
        ("03 00:00", False, "holiday", "2026-03-03"),
        ("04 00:00", False, "outside_hours", ""),
        ("04 10:00", True, "special_opening", "2026-03-04"),
        ("04 11:00", False, "outside_hours", ""),
        ("05 00:00", False, "special_opening", "2026-03-05"),
    ]


def test_a_night_shift_s_tail_is_told_by_the_evening_it_began_on() -> None:
    night = office(weekly_hours={"fri": [["22:00", "06:00"]]})
    assert said(night, at("2026-03-06T21:00"), at("2026-03-07T07:00")) == [
        ("06 21:00", False, "outside_hours", ""),
        ("06 22:00", True, "weekly_hours", ""),
        ("07 06:00", False, "no_hours", ""),
    ]


def test_round_the_clock_is_one_passage() -> None:
    start, end = at("2026-01-01T00:00"), at("2027-01-01T00:00")
    assert around_the_clock("Europe/Berlin").trace(start, end) == [Passage(start, end, True, "weekly_hours")]


def test_an_empty_span_has_no_passages_and_a_reversed_one_is_refused() -> None:
    assert office().trace(at("2026-03-02T10:00"), at("2026-03-02T10:00")) == []
    with pytest.raises(ValueError, match="forward"):
        office().trace(at("2026-03-02T10:00"), at("2026-03-02T09:00"))


@settings(max_examples=150, deadline=None)
@given(cases(), st.data())
def test_passages_cover_the_span_and_add_up(
    case: tuple[OpeningHours, date, list[datetime]], data: st.DataObject
) -> None:
    hours, first, slots = case
    calendar, opened = Calendar(hours), open_slots(hours, first, DAYS)
    start, end = sorted([data.draw(st.sampled_from(slots)), data.draw(st.sampled_from(slots))])
    passages = calendar.trace(start, end)
    edges = [edge for one in passages for edge in (one.start, one.end)]
    assert edges == sorted(edges)
    assert edges[1:-1:2] == edges[2::2]
    assert [*edges[:1], *edges[-1:]] == ([start, end] if start < end else [])
    assert sum((one.end - one.start for one in passages if one.open), timedelta()) == calendar.elapsed(start, end)
    for one in passages:
        inside = [slot for slot in slots if one.start <= slot < one.end]
        assert {slot in opened for slot in inside} <= {one.open}
    for one, other in pairwise(passages):
        assert (one.rule, one.detail, one.open) != (other.rule, other.detail, other.open)


def test_a_trace_over_a_skipped_day_and_a_repeated_hour_adds_up() -> None:
    for zone, start in (("Pacific/Apia", datetime(2011, 12, 29, tzinfo=UTC)), ("America/St_Johns", at("2006-10-28"))):
        whole = around_the_clock(zone).trace(start, start + timedelta(days=4))
        assert [one.end - one.start for one in whole] == [96 * HOUR]
