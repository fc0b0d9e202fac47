"""A calendar's year over HTTP: workdays, holidays, and the Saturdays that are worked in lieu."""

from typing import Any

from tests.caller import Caller
from tests.sla.publishing import published, shared

YEARS = "/v1/calendar-years"


async def year(caller: Caller, calendar: str, number: int = 2026) -> Any:
    answer = await caller.get(YEARS, calendar=calendar, year=number)
    assert answer.status_code == 200, answer.text
    return answer.json()


def day(found: Any, date: str) -> Any:
    (item,) = [item for item in found["days"] if item["date"] == date]
    return item


async def test_a_policys_own_calendar_has_its_week_all_year(caller: Caller) -> None:
    found = await year(caller, "demo/1#office")
    assert (len(found["days"]), found["provisional"], found["closures"]) == (365, False, [])
    assert day(found, "2026-03-02")["hours"] == [{"start": "08:00", "end": "18:00"}]
    assert day(found, "2026-03-01") == {"date": "2026-03-01", "rule": "weekly_hours", "detail": "", "hours": []}


async def test_a_shared_calendar_shows_holidays_and_the_saturdays_worked_in_lieu(caller: Caller) -> None:
    await published(caller, shared("office", public_holidays="CN"), "calendars")
    found = await year(caller, "office/1")
    holiday, makeup = day(found, "2026-02-17"), day(found, "2026-02-14")
    assert (holiday["rule"], holiday["hours"]) == ("holiday", [])
    assert "春节" in holiday["detail"]
    assert makeup["rule"] == "makeup_day"
    assert makeup["hours"] == day(found, "2026-02-13")["hours"]
    assert (await year(caller, "office/1", 2099))["provisional"]


async def test_a_closure_is_of_the_year_that_it_is_in_where_the_calendar_is(caller: Caller) -> None:
    night = ["2026-12-31T17:00:00Z", "2026-12-31T20:00:00Z"]  # 1 January in Shanghai
    until_midnight = ["2026-12-31T10:00:00Z", "2026-12-31T16:00:00Z"]
    await published(caller, shared("office", holidays=[night, until_midnight]), "calendars")
    shown = {number: (await year(caller, "office/1", number))["closures"] for number in (2026, 2027)}
    starts = {number: [closure["start"] for closure in found] for number, found in shown.items()}
    assert [(number, len(found)) for number, found in starts.items()] == [(2026, 1), (2027, 1)]
    assert starts[2026][0].startswith("2026-12-31T10:00:00")
    assert starts[2027][0].startswith("2026-12-31T17:00:00")


async def test_nobody_published_such_a_calendar(caller: Caller) -> None:
    for name in ("office/9", "demo/9#office", "demo/1#depot"):
        assert (await caller.get(YEARS, calendar=name, year=2026)).status_code == 404
    assert (await caller.get(YEARS, calendar="Office", year=2026)).status_code == 422
