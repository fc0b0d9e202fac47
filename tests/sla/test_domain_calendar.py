"""Calendar arithmetic: examples that people complained of elsewhere, and properties against a brute force."""

from datetime import UTC, date, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.sla.calendars.domain.calendar import Calendar, OutOfReach
from services.sla.calendars.domain.opening_hours import WEEKDAYS, OpeningHours, SpecialOpening, Weekday
from tests.sla.brute import SLOT, open_slots

HOUR = timedelta(hours=1)
NINE_TO_FIVE = (("09:00", "17:00"),)
WORKDAYS: tuple[Weekday, ...] = WEEKDAYS[:5]


def office(zone: str = "UTC", **changes: object) -> Calendar:
    plan = {"timezone": zone, "weekly_hours": dict.fromkeys(WORKDAYS, NINE_TO_FIVE)} | changes
    return Calendar(msgspec.convert(plan, OpeningHours, from_attributes=True))


def around_the_clock(zone: str) -> Calendar:
    return Calendar(OpeningHours(timezone=zone, weekly_hours=dict.fromkeys(WEEKDAYS, (("00:00", "24:00"),))))


def at(text: str, zone: str = "UTC") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def test_an_exact_fit_ends_at_closing_time() -> None:
    assert office().add(at("2026-03-02T09:00"), 8 * HOUR) == at("2026-03-02T17:00")


def test_one_second_more_ends_the_next_morning() -> None:
    due = office().add(at("2026-03-02T09:00"), 8 * HOUR + timedelta(seconds=1))
    assert due == at("2026-03-03T09:00:01")


def test_adding_nothing_is_the_start_even_outside_hours() -> None:
    assert office().add(at("2026-03-01T03:00"), timedelta()) == at("2026-03-01T03:00")


def test_time_that_starts_outside_hours_counts_from_the_next_opening() -> None:
    assert office().add(at("2026-02-27T17:00"), HOUR) == at("2026-03-02T10:00")


def test_going_back_finds_the_latest_instant_that_fits() -> None:
    assert office().add(at("2026-03-02T10:00"), -HOUR) == at("2026-03-02T09:00")
    assert office().add(at("2026-03-02T10:00"), -2 * HOUR) == at("2026-02-27T16:00")


def test_closing_time_is_closed_and_opening_time_open() -> None:
    assert [office().is_open(at(f"2026-03-02T{time}")) for time in ("09:00", "16:59:59", "17:00")] == [
        True,
        True,
        False,
    ]


def test_the_next_opening_after_closing_time_skips_the_weekend() -> None:
    assert office().opening(at("2026-02-27T17:00")) == at("2026-03-02T09:00")
    assert office().opening(at("2026-03-02T12:00")) == at("2026-03-02T12:00")


def test_a_reversed_span_is_negative() -> None:
    assert office().elapsed(at("2026-03-02T12:00"), at("2026-03-02T10:00")) == -2 * HOUR


def test_lunch_is_not_counted() -> None:
    hours = {"mon": [["09:00", "12:00"], ["13:30", "18:00"]]}
    assert office(weekly_hours=hours).elapsed(at("2026-03-02T11:00"), at("2026-03-02T14:00")) == 1.5 * HOUR


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", "2026-03-29", 23),
        ("Europe/Berlin", "2026-10-25", 25),
        ("Australia/Lord_Howe", "2026-10-04", 23.5),
        ("America/Sao_Paulo", "2018-11-04", 23),
        ("America/Havana", "2026-11-01", 25),
        ("Pacific/Apia", "2011-12-30", 0),
    ],
)
def test_a_day_has_as_many_hours_as_its_clock_change_leaves(zone: str, day: str, hours: float) -> None:
    midnight = date.fromisoformat(day)
    start = datetime.combine(midnight, datetime.min.time(), ZoneInfo(zone))
    end = datetime.combine(midnight + timedelta(days=1), datetime.min.time(), ZoneInfo(zone))
    assert around_the_clock(zone).elapsed(start, end) == hours * HOUR


def test_an_opening_inside_the_gap_moves_forward_and_one_inside_the_overlap_is_the_first() -> None:
    night = office("Europe/Berlin", weekly_hours={"sun": [["02:30", "05:00"]]})
    assert night.opening(at("2026-03-29T00:00", "UTC")) == at("2026-03-29T01:30", "UTC")
    assert night.opening(at("2026-10-24T23:00", "UTC")) == at("2026-10-25T00:30", "UTC")


def test_a_make_up_saturday_works_and_a_holiday_does_not() -> None:
    spring = office(
        "Asia/Shanghai",
        holidays=["2026-02-16", "2026-02-17"],
        extra_working=[{"date": "2026-02-14", "hours": [["09:00", "17:00"]]}],
    )
    assert spring.add(at("2026-02-13T16:00", "Asia/Shanghai"), 2 * HOUR) == at("2026-02-14T10:00", "Asia/Shanghai")
    assert spring.elapsed(at("2026-02-16T00:00", "Asia/Shanghai"), at("2026-02-18T00:00", "Asia/Shanghai")) == 0 * HOUR


def test_a_closure_goes_before_a_special_opening_and_that_before_a_holiday() -> None:
    day = {"date": "2026-03-02", "hours": [["10:00", "14:00"]]}
    closure = ["2026-03-02T12:00:00Z", "2026-03-02T13:00:00Z"]
    both = office(holidays=["2026-03-02", closure], extra_working=[day])
    assert both.elapsed(at("2026-03-02T00:00"), at("2026-03-03T00:00")) == 3 * HOUR


def test_the_tail_of_a_night_is_not_counted_on_a_holiday() -> None:
    night = {"mon": [["22:00", "06:00"]]}
    assert office(weekly_hours=night).elapsed(at("2026-03-02T00:00"), at("2026-03-04T00:00")) == 8 * HOUR
    closed = office(weekly_hours=night, holidays=["2026-03-03"])
    assert closed.elapsed(at("2026-03-02T00:00"), at("2026-03-04T00:00")) == 2 * HOUR


def test_a_holiday_closes_its_own_date_s_part_of_a_night_and_no_other() -> None:
    night = office(weekly_hours={"mon": [["22:00", "06:00"]]}, holidays=["2026-03-02"])
    assert night.elapsed(at("2026-03-02T00:00"), at("2026-03-03T00:00")) == 0 * HOUR
    assert night.elapsed(at("2026-03-03T00:00"), at("2026-03-04T00:00")) == 6 * HOUR


def test_a_pause_outside_hours_has_no_effect_and_overlapping_pauses_count_once() -> None:
    start = at("2026-03-02T09:00")
    night = (at("2026-03-02T17:00"), at("2026-03-03T09:00"))
    assert office().add(start, 9 * HOUR, [night]) == office().add(start, 9 * HOUR)
    lunch = [(at("2026-03-02T11:00"), at("2026-03-02T13:00")), (at("2026-03-02T12:00"), at("2026-03-02T14:00"))]
    assert office().elapsed(start, at("2026-03-02T17:00"), lunch) == 5 * HOUR


def test_a_calendar_that_never_opens_again_says_so() -> None:
    with pytest.raises(OutOfReach):
        office(weekly_hours={}).add(at("2026-03-02T09:00"), HOUR)
    with pytest.raises(OutOfReach):
        office().add(at("2026-03-02T09:00"), timedelta(days=200_000))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"zone": "Europe/Atlantis"}, "IANA"),
        ({"zone": "../etc/passwd"}, "IANA"),
        ({"weekly_hours": {"mon": [["24:00", "06:00"]]}}, "24:00"),
        ({"weekly_hours": {"mon": [["25:00", "26:00"]]}}, "weekly_hours"),
        ({"weekly_hours": {"monday": []}}, "weekly_hours"),
        ({"holidays": [["2026-03-02T12:00:00Z", "2026-03-02T11:00:00Z"]]}, "ends before it begins"),
        ({"holidays": [["2026-03-02T12:00:00", "2026-03-02T13:00:00"]]}, "timezone"),
    ],
)
def test_what_cannot_be_a_calendar_is_refused(changes: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        office(**changes)  # type: ignore[arg-type]  # one of the cases is a zone


ZONES = ["UTC", "Asia/Shanghai", "Europe/Stockholm", "America/New_York", "Australia/Lord_Howe", "America/Havana"]
CHANGES = [
    date(2026, 3, 6),
    date(2026, 3, 27),
    date(2026, 10, 2),
    date(2026, 10, 30),
    date(2026, 10, 23),
    date(2025, 12, 29),
]
ODD = [
    ("Pacific/Apia", date(2011, 12, 28)),
    ("America/Sao_Paulo", date(2018, 11, 2)),
    ("Antarctica/Troll", date(2026, 3, 27)),
]
"""A skipped date, a change at midnight, a change by two hours."""
DAYS = 6


def clock(slots: int) -> str:
    return f"{slots // 12:02}:{slots % 12 * 5:02}"


intervals = st.tuples(st.integers(0, 287), st.integers(0, 288)).map(lambda pair: (clock(pair[0]), clock(pair[1])))
shifts = st.lists(intervals, max_size=3).map(tuple)


@st.composite
def cases(draw: st.DrawFn) -> tuple[OpeningHours, date, list[datetime]]:
    """Opening hours around a clock change or new year, the first of some local dates there, and all their slots."""
    zone, first = draw(st.sampled_from([*product(ZONES, CHANGES), *ODD, *ODD]))
    days = st.integers(0, DAYS - 1).map(lambda n: first + timedelta(days=n))
    begin, end = (
        datetime.combine(day, datetime.min.time(), ZoneInfo(zone)).astimezone(UTC)
        for day in (first, first + timedelta(days=DAYS))
    )
    slots = [begin + n * SLOT for n in range((end - begin) // SLOT)]
    closures = st.tuples(st.sampled_from(slots), st.sampled_from(slots)).map(lambda pair: (min(pair), max(pair)))
    hours = OpeningHours(
        timezone=zone,
        weekly_hours=draw(st.dictionaries(st.sampled_from(WEEKDAYS), shifts)),
        holidays=tuple(draw(st.lists(days | closures, max_size=3))),
        extra_working=tuple(
            SpecialOpening(date=day, hours=draw(shifts)) for day in draw(st.lists(days, max_size=2, unique=True))
        ),
    )
    return hours, first, slots


@settings(max_examples=150, deadline=None)
@given(cases(), st.data())
def test_working_time_is_what_counting_slots_says(
    case: tuple[OpeningHours, date, list[datetime]], data: st.DataObject
) -> None:
    hours, first, slots = case
    calendar, opened = Calendar(hours), open_slots(hours, first, DAYS)
    moments = st.sampled_from(slots)
    pauses = [(min(pair), max(pair)) for pair in data.draw(st.lists(st.tuples(moments, moments), max_size=3))]
    counting = {slot for slot in opened if not any(begin <= slot < end for begin, end in pauses)}
    start, end = sorted([data.draw(moments), data.draw(moments)])
    span = sorted(slot for slot in counting if start <= slot < end)

    assert calendar.elapsed(start, end, pauses) == len(span) * SLOT
    assert calendar.elapsed(end, start, pauses) == -len(span) * SLOT
    assert calendar.is_open(start) == (start in opened)
    late, later = (data.draw(st.timedeltas(timedelta(), SLOT)) for _ in range(2))
    exact = _seconds(counting, end + later) - _seconds(counting, start + late)
    assert calendar.elapsed(start + late, end + later, pauses) == exact
    if span:
        wanted = data.draw(st.integers(1, len(span)))
        assert calendar.add(start, wanted * SLOT, pauses) == span[wanted - 1] + SLOT
        assert calendar.add(end, -wanted * SLOT, pauses) == span[-wanted]


def _seconds(counting: set[datetime], until: datetime) -> timedelta:
    """What the slots count before an instant that may lie within one."""
    return sum((min(SLOT, until - slot) for slot in counting if slot < until), timedelta())


amounts = st.timedeltas(timedelta(), timedelta(days=40))
moments = st.datetimes(datetime(2024, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone
pauses = st.lists(st.tuples(moments, amounts).map(lambda pair: (pair[0], pair[0] + pair[1])), max_size=4)
STOCKHOLM = office("Europe/Stockholm")


@given(moments, amounts, pauses)
def test_what_is_added_is_what_elapses(
    start: datetime, amount: timedelta, paused: list[tuple[datetime, datetime]]
) -> None:
    due = STOCKHOLM.add(start, amount, paused)
    assert STOCKHOLM.elapsed(start, due, paused) == amount
    since = STOCKHOLM.add(start, -amount, paused)
    assert STOCKHOLM.elapsed(since, start, paused) == amount
    if amount:
        assert STOCKHOLM.elapsed(since + datetime.resolution, start, paused) < amount
        assert STOCKHOLM.elapsed(start, due - timedelta(microseconds=1), paused) < amount


@given(moments, amounts, pauses, st.tuples(moments, amounts))
def test_a_pause_never_brings_a_deadline_nearer(
    start: datetime, amount: timedelta, paused: list[tuple[datetime, datetime]], one: tuple[datetime, timedelta]
) -> None:
    more = [*paused, (one[0], one[0] + one[1])]
    assert STOCKHOLM.add(start, amount, more) >= STOCKHOLM.add(start, amount, paused)


@given(moments, moments, moments, pauses)
def test_spans_add_up(a: datetime, b: datetime, c: datetime, paused: list[tuple[datetime, datetime]]) -> None:
    elapsed = STOCKHOLM.elapsed
    assert elapsed(a, b, paused) + elapsed(b, c, paused) == elapsed(a, c, paused)


def test_an_absurd_question_spoils_no_ordinary_one() -> None:
    warm, monday = office(), at("2026-03-02T09:00")
    for absurd in ("1500-01-01T00:00", "9000-01-01T00:00"):
        assert not warm.is_open(at(absurd))
        assert warm.add(monday, 8 * HOUR) == at("2026-03-02T17:00")
        with pytest.raises(OutOfReach):
            warm.elapsed(at(absurd), monday)
        with pytest.raises(OutOfReach):
            warm.add(monday, timedelta(days=200_000))
        assert warm.elapsed(monday, at("2026-03-03T09:00")) == 8 * HOUR


def test_a_pause_that_begins_after_the_deadline_or_never_ends_is_no_matter_before_it() -> None:
    monday, never = at("2026-03-02T09:00"), at("9999-12-31T00:00")
    assert office().add(monday, 8 * HOUR, [(at("2900-01-01T00:00"), never)]) == at("2026-03-02T17:00")
    assert office().add(monday, -8 * HOUR, [(at("0002-01-01T00:00"), at("1000-01-01T00:00"))]) == at("2026-02-27T09:00")
    assert office().elapsed(monday, at("2026-03-03T17:00"), [(at("2026-03-03T09:00"), never)]) == 8 * HOUR
    with pytest.raises(OutOfReach):
        office().add(monday, 9 * HOUR, [(at("2026-03-02T17:00"), never)])


@settings(max_examples=30, deadline=None)
@given(st.lists(moments, min_size=2, max_size=6))
def test_answers_do_not_depend_on_what_was_compiled_before(asked: list[datetime]) -> None:
    warm = office("Europe/Stockholm")
    for moment in asked:
        assert warm.add(moment, 9 * HOUR) == office("Europe/Stockholm").add(moment, 9 * HOUR)
