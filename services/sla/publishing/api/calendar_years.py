"""HTTP of a calendar's year: which dates are worked, from when to when, and which rule says so."""

from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal

from fastapi import Query
from pydantic import BaseModel, Field

from libs.chassis.http import ANYONE, Instant, Reads, Router, missing
from services.sla.calendars.domain.opening_hours import OpeningHours, Shift
from services.sla.clocks.api.verdicts import begin
from services.sla.policies.domain.policy import SiteHours
from services.sla.policies.domain.shipped import LIBRARY

router = Router(prefix="/v1/calendar-years", tags=["calendars"])

Name = Annotated[
    str,
    Query(
        max_length=92,
        pattern="^[a-z][a-z0-9-]*/[1-9][0-9]*(#[a-z][a-z0-9-]*)?$",
        description="日历 / A published calendar as clocks name it: a shared one, or one of a policy's own",
        examples=["demo/1#office"],
    ),
]
Year = Annotated[int, Query(ge=1970, le=2199, description="年份 / Year", examples=[2026])]
DAY = 86_400


class Hours(BaseModel):
    """时段 / Wall time that counts; what ends no later than it starts runs into the next date."""

    start: str = Field(description="起 / From", examples=["09:00"])
    end: str = Field(description="止 / Until", examples=["18:00"])


class DayItem(BaseModel):
    """日期 / A local date of the calendar."""

    date: date
    rule: Literal["special_opening", "makeup_day", "holiday", "weekly_hours"] = Field(
        description="日历规则 / The rule that holds for it"
    )
    detail: str = Field(description="规则所指 / The holiday's name, or the special opening's date", examples=["元旦"])
    hours: list[Hours] = Field(description="工作时间 / Its hours; none on a holiday")


class Closure(BaseModel):
    """停业 / Closed from one instant to another, whatever the dates say."""

    start: Instant
    end: Instant


class CalendarYear(BaseModel):
    """日历年 / Every date of a year, in the calendar's zone."""

    calendar: str = Field(description="日历 / The calendar", examples=["demo/1#office"])
    timezone: str = Field(description="时区 / Its zone", examples=["Asia/Shanghai"])
    provisional: bool = Field(description="暂定 / The year's public holidays are not known yet")
    days: list[DayItem]
    closures: list[Closure]


@router.get("", operation_id="get_calendar_year", dependencies=[ANYONE], response_model=CalendarYear)
async def get_calendar_year(reads: Reads, calendar: Name, year: Year) -> Any:
    """日历年 / A year of a published calendar: workdays, holidays and make-up days (调休)."""
    await begin(reads)
    hours = _hours(calendar)
    if hours is None:
        raise missing("calendar")
    public = hours.public
    known = public is None or public.known_from.year <= year <= public.known_until.year
    return {
        "calendar": calendar,
        "timezone": hours.timezone,
        "provisional": not known,
        "days": [_day(hours, day) for day in _dates(year)],
        "closures": [{"start": start, "end": end} for start, end in _closures(hours, year)],
    }


def _hours(name: str) -> SiteHours | None:
    """The published opening hours of this name."""
    policy, _, own = name.partition("#")
    if not own:
        return LIBRARY.calendars.get(name)
    found = LIBRARY.policies[policy].calendars.get(own) if policy in LIBRARY.policies else None
    return found if isinstance(found, SiteHours) else None


def _dates(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]


def _day(hours: OpeningHours, day: date) -> dict[str, Any]:
    plan = hours.plan(day)
    shifts = [] if plan.rule == "holiday" else plan.shifts
    return {"date": day, "rule": plan.rule, "detail": plan.detail, "hours": [_wall(shift) for shift in shifts]}


def _wall(shift: Shift) -> dict[str, str]:
    return {"start": _clock(shift[0]), "end": _clock(shift[1] if shift[1] <= DAY else shift[1] - DAY)}


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds % 3600 // 60:02}"


def _closures(hours: OpeningHours, year: int) -> list[tuple[datetime, datetime]]:
    """Those that touch the year where the calendar is, wherever the offset that they are written with."""
    first, after = (datetime(number, 1, 1, tzinfo=hours.zone) for number in (year, year + 1))
    closures = [written for written in hours.holidays if isinstance(written, tuple)]
    return [(start, end) for start, end in closures if start < after and end > first]
