"""Public holidays that ship: whole, as decreed, and loud when a year is missing."""

from datetime import date, timedelta

import holidays
import msgspec
import structlog.testing
from chinese_calendar import constants

from deploy.holidays import CHINA as FILE
from deploy.holidays import china, notice, written
from services.sla.calendars.alarm import YEARS_MISSING, look
from services.sla.calendars.domain.calendar import Calendar
from services.sla.calendars.domain.opening_hours import OpeningHours
from services.sla.calendars.domain.public_holidays import CHINA
from tests.sla.test_domain_calendar import HOUR, NINE_TO_FIVE, WORKDAYS, at

SHANGHAI = "Asia/Shanghai"


def chinese(**changes: object) -> Calendar:
    plan = {"timezone": SHANGHAI, "weekly_hours": dict.fromkeys(WORKDAYS, NINE_TO_FIVE), "public_holidays": "CN"}
    return Calendar(msgspec.convert(plan | changes, OpeningHours, from_attributes=True))


def open_hours(calendar: Calendar, day: str, days: int = 1) -> float:
    start = at(f"{day}T00:00", SHANGHAI)
    return calendar.elapsed(start, start + timedelta(days=days)) / HOUR


def test_the_file_is_what_the_importer_writes() -> None:
    assert FILE.read_text(encoding="utf-8") == written(china(constants.holidays, constants.workdays))
    assert [day.date for day in CHINA.days] == sorted({day.date for day in CHINA.days})
    assert all(day.notice == notice(day.date) for day in CHINA.days)


def test_every_day_works_or_rests_as_another_package_says() -> None:
    other = holidays.country_holidays("CN", years=range(2004, 2027))
    ours, day = chinese(), date(2004, 1, 1)
    while day < date(2027, 1, 1):
        assert (open_hours(ours, day.isoformat()) > 0) == other.is_working_day(day), day
        day += timedelta(days=1)


def test_every_named_day_of_recent_years_has_its_notice() -> None:
    assert {day.notice is None for day in CHINA.days if day.date >= date(2005, 12, 31)} == {False}
    assert {day.notice for day in CHINA.days if day.date < date(2005, 12, 31)} == {None}
    assert notice(date(2018, 12, 31)) == "国办发明电〔2018〕15号"
    assert notice(date(2020, 2, 1)) == "国办发明电〔2020〕1号"


def test_a_make_up_saturday_works_friday_s_hours_or_its_own_or_not_at_all() -> None:
    short = {**dict.fromkeys(WORKDAYS, NINE_TO_FIVE), "fri": [["09:00", "12:00"]]}
    assert open_hours(chinese(weekly_hours=short), "2026-02-14") == 3
    assert open_hours(chinese(weekly_hours=short, makeup_hours=[["10:00", "14:00"]]), "2026-02-14") == 4
    assert open_hours(chinese(makeup_days=False), "2026-02-14") == 0
    assert open_hours(chinese(public_holidays=None), "2026-02-14") == 0


def test_shipped_days_take_their_place_in_the_precedence() -> None:
    spring, makeup = "2026-02-17", "2026-02-14"
    assert open_hours(chinese(), spring) == 0
    assert open_hours(chinese(extra_working=[{"date": spring, "hours": [["10:00", "11:00"]]}]), spring) == 1
    assert open_hours(chinese(extra_working=[{"date": makeup, "hours": []}]), makeup) == 0
    assert open_hours(chinese(holidays=[makeup]), makeup) == 8
    closure = [f"{makeup}T09:00:00+08:00", f"{makeup}T12:00:00+08:00"]
    assert open_hours(chinese(holidays=[closure]), makeup) == 5


def test_an_unknown_year_counts_weekly_hours_and_is_marked() -> None:
    calendar = chinese()
    assert calendar.known_until == date(2026, 12, 31)
    assert calendar.provisional(at("2027-01-01T00:00:01", SHANGHAI))
    assert not calendar.provisional(at("2027-01-01T00:00", SHANGHAI))
    assert calendar.provisional(at("2003-12-31T23:59", SHANGHAI))
    assert open_hours(calendar, "2027-01-01") == 8
    assert not chinese(public_holidays=None).provisional(at("2031-01-01T00:00", SHANGHAI))
    assert chinese(public_holidays=None).known_until is None


def test_the_next_year_is_missing_from_december_on() -> None:
    assert list(CHINA.missing_years(date(2026, 11, 30))) == []
    assert list(CHINA.missing_years(date(2026, 12, 1))) == [2027]
    assert list(CHINA.missing_years(date(2028, 1, 1))) == [2027, 2028]


def test_the_alarm_is_a_gauge_and_a_line_of_the_log() -> None:
    with structlog.testing.capture_logs() as told:
        look(date(2026, 12, 1))
    assert told == [
        {"event": "public holidays are missing", "region": "CN", "years": [2027], "log_level": "warning"},
    ]
    assert YEARS_MISSING.labels("CN")._value.get() == 1
    with structlog.testing.capture_logs() as told:
        look(date(2026, 11, 30))
    assert told == []
    assert YEARS_MISSING.labels("CN")._value.get() == 0
