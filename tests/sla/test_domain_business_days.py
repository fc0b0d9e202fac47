"""Business days: whole local dates, never hours; against a count of slots, date by date."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from services.sla.calendars.domain.calendar import Calendar, OutOfReach
from services.sla.calendars.domain.interval import microseconds
from services.sla.calendars.domain.opening_hours import OpeningHours
from tests.sla.brute import SLOT, by_date, instant_of, open_slots
from tests.sla.test_domain_calendar import DAYS, STOCKHOLM, around_the_clock, at, cases, moments, office


def test_so_many_days_on_is_the_same_clock_time() -> None:
    assert office().add_days(at("2026-03-02T11:30"), 3) == at("2026-03-05T11:30")
    assert office().add_days(at("2026-03-06T11:30"), 1) == at("2026-03-09T11:30")
    assert office().add_days(at("2026-03-09T11:30"), -1) == at("2026-03-06T11:30")


def test_the_end_of_a_day_is_its_last_closing() -> None:
    lunch = office(weekly_hours={"mon": [["09:00", "12:00"], ["13:30", "18:00"]], "tue": [["09:00", "12:00"]]})
    assert lunch.add_days(at("2026-03-02T10:00"), 0, end_of_day=True) == at("2026-03-02T18:00")
    assert lunch.add_days(at("2026-03-02T10:00"), 1, end_of_day=True) == at("2026-03-03T12:00")
    assert lunch.add_days(at("2026-03-02T10:00"), -1, end_of_day=True) == at("2026-02-24T12:00")


def test_no_days_are_the_start_itself() -> None:
    assert office().add_days(at("2026-03-01T03:00"), 0) == at("2026-03-01T03:00")


def test_a_start_outside_hours_counts_from_its_next_opening() -> None:
    assert office().add_days(at("2026-03-06T17:00"), 1) == at("2026-03-10T09:00")
    assert office().add_days(at("2026-03-07T12:00"), 0, end_of_day=True) == at("2026-03-09T17:00")
    assert office().add_days(at("2026-03-07T12:00"), -1) == at("2026-03-06T09:00")


def test_a_clock_time_at_which_the_day_is_closed_is_its_last_closing_before_it_or_its_first_opening() -> None:
    hours = {"mon": [["08:00", "20:00"]], "tue": [["09:00", "12:00"], ["14:00", "17:00"]]}
    week = office(weekly_hours=hours)
    assert week.add_days(at("2026-03-02T08:30"), 1) == at("2026-03-03T09:00")
    assert week.add_days(at("2026-03-02T12:00"), 1) == at("2026-03-03T12:00")
    assert week.add_days(at("2026-03-02T13:00"), 1) == at("2026-03-03T12:00")
    assert week.add_days(at("2026-03-02T19:00"), 1) == at("2026-03-03T17:00")


def test_a_day_that_a_zone_skipped_is_no_business_day() -> None:
    start = datetime(2011, 12, 29, 10, tzinfo=ZoneInfo("Pacific/Apia"))
    assert around_the_clock("Pacific/Apia").add_days(start, 1) == start.replace(day=31)


def test_a_closure_of_the_whole_day_makes_it_none() -> None:
    closed = office(holidays=[["2026-03-03T09:00:00Z", "2026-03-03T17:00:00Z"]])
    assert closed.add_days(at("2026-03-02T10:00"), 1) == at("2026-03-04T10:00")
    assert closed.elapsed_days(at("2026-03-02T10:00"), at("2026-03-04T10:00")) == 1


def test_elapsed_days_count_those_that_have_come() -> None:
    start = at("2026-03-02T11:30")
    assert office().elapsed_days(start, at("2026-03-03T11:29")) == 0
    assert office().elapsed_days(start, at("2026-03-03T11:30")) == 1
    assert office().elapsed_days(start, at("2026-03-08T00:00")) == 4
    assert office().elapsed_days(at("2026-03-08T00:00"), start) == -4


def test_days_that_never_come_are_out_of_reach() -> None:
    once = office(weekly_hours={}, extra_working=[{"date": "2026-03-03", "hours": [["09:00", "10:00"]]}])
    assert once.add_days(at("2026-03-02T10:00"), 0, end_of_day=True) == at("2026-03-03T10:00")
    assert once.elapsed_days(at("2026-03-02T10:00"), at("2026-04-02T10:00")) == 0
    for start, days in (("2026-03-02T10:00", 1), ("2026-03-02T10:00", -1), ("2026-03-04T10:00", 1)):
        with pytest.raises(OutOfReach):
            once.add_days(at(start), days)
    with pytest.raises(OutOfReach):
        office().add_days(at("2026-03-02T10:00"), 10**12)


@settings(max_examples=150, deadline=None)
@given(cases(), st.data())
def test_business_days_are_what_counting_slots_date_by_date_says(
    case: tuple[OpeningHours, date, list[datetime]], data: st.DataObject
) -> None:
    hours, first, slots = case
    calendar, zone = Calendar(hours), ZoneInfo(hours.timezone)
    working = by_date(open_slots(hours, first, DAYS), hours, first, DAYS)
    start = data.draw(st.sampled_from(slots))
    ahead = [(slot, day) for day, opened in working.items() for slot in opened if slot >= start]
    assume(ahead)
    origin, today = min(ahead)
    days = list(working)
    aim = data.draw(st.sampled_from(days))
    count = days.index(aim) - days.index(today)
    assert calendar.add_days(start, count, end_of_day=True) == working[aim][-1] + SLOT

    wall = instant_of(datetime.combine(aim, origin.astimezone(zone).time()), zone)
    before = [slot for slot in working[aim] if slot <= wall]
    due = min(wall, before[-1] + SLOT) if before else working[aim][0]
    if count:
        assert calendar.add_days(start, count) == due
    if count > 0:
        assert calendar.elapsed_days(start, due) == count
        assert calendar.elapsed_days(start, due - SLOT / 2) == count - 1


@settings(max_examples=150, deadline=None)
@given(cases(), st.data())
def test_from_the_day_of_receipt_they_are_the_open_dates_after_or_before_it(
    case: tuple[OpeningHours, date, list[datetime]], data: st.DataObject
) -> None:
    hours, first, slots = case
    calendar, zone = Calendar(hours), ZoneInfo(hours.timezone)
    working = by_date(open_slots(hours, first, DAYS), hours, first, DAYS)
    start = data.draw(st.sampled_from(slots))
    today = calendar.hours.date_of(microseconds(start))
    later, earlier = [day for day in working if day > today], [day for day in working if day < today]
    assume(later or earlier)
    aim = data.draw(st.sampled_from(later + earlier))
    count = later.index(aim) + 1 if aim > today else earlier.index(aim) - len(earlier)
    assert calendar.add_days(start, count, True, "day_of_receipt") == working[aim][-1] + SLOT

    wall = instant_of(datetime.combine(aim, start.astimezone(zone).time()), zone)
    before = [slot for slot in working[aim] if slot <= wall]
    due = min(wall, before[-1] + SLOT) if before else working[aim][0]
    assert calendar.add_days(start, count, False, "day_of_receipt") == due
    if count > 0:
        assert calendar.elapsed_days(start, due, "day_of_receipt") == count
        assert calendar.elapsed_days(start, due - SLOT / 2, "day_of_receipt") == count - 1


@given(moments, moments, st.integers(1, 30))
def test_who_comes_later_on_another_day_is_never_due_sooner(one: datetime, other: datetime, days: int) -> None:
    for end_of_day in (False, True):
        due = [STOCKHOLM.add_days(start, days, end_of_day, "day_of_receipt") for start in sorted((one, other))]
        assert due == sorted(due)
        assert due[0] <= STOCKHOLM.add_days(min(one, other), days, end_of_day)


@given(moments, st.integers(-30, 30))
def test_more_days_never_end_sooner(start: datetime, days: int) -> None:
    assert STOCKHOLM.add_days(start, days, end_of_day=True) < STOCKHOLM.add_days(start, days + 1, end_of_day=True)
    assert STOCKHOLM.add_days(start, days - 1, end_of_day=True) <= STOCKHOLM.add_days(start, days, end_of_day=True)
    due = STOCKHOLM.add_days(start, 30 + days)
    assert STOCKHOLM.elapsed_days(start, due) == 30 + days or due == start


def test_a_year_of_days_goes_there_and_back() -> None:
    start = at("2026-03-02T11:30", "Europe/Stockholm")
    for days in range(1, 260):
        assert STOCKHOLM.add_days(STOCKHOLM.add_days(start, days), -days) == start
    assert STOCKHOLM.add_days(start, 260) - start > timedelta(days=363)
