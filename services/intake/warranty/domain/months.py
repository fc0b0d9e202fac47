"""Months on the calendar, as the Civil Code counts them (201, 202): to the same day number, or the month's last day."""

from calendar import monthrange
from datetime import date, timedelta

A_DAY = timedelta(days=1)


def plus(day: date, months: int) -> date:
    """The day so many months on. Raises ValueError beyond the year 9999."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    if day.day <= 28:
        return date(year, month, day.day)
    return date(year, month, min(day.day, monthrange(year, month)[1]))
