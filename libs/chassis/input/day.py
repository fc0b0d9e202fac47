"""A day as HTTP takes it: a calendar date of ISO 8601, within the years that make sense."""

import re
from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, Field

YEARS = range(1900, 2200)
_ISO_8601 = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _day(day: object) -> object:
    if isinstance(day, str) and _ISO_8601.fullmatch(day) and int(day[:4]) in YEARS:
        return day
    raise ValueError("should be a day between the years 1900 and 2199, such as 2026-03-02")


Day = Annotated[date, BeforeValidator(_day), Field(examples=["2026-03-02"])]
"""A day without a time; which instants it holds, a place's time zone says."""
