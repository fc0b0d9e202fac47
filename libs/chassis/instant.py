"""An instant as HTTP takes it: RFC 3339 with its offset, within the years that make sense."""

import re
from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field

_YEARS = (datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC))


def _in_range(at: datetime) -> datetime:
    try:
        utc = at.astimezone(UTC)
    except OverflowError:
        raise ValueError("out of range") from None
    if not _YEARS[0] <= utc < _YEARS[1]:
        raise ValueError("should be between the years 1970 and 9999")
    return utc


_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", re.ASCII | re.IGNORECASE)


def _rfc_3339(at: object) -> object:
    if isinstance(at, datetime) or (isinstance(at, str) and _RFC_3339.fullmatch(at)):
        return at
    raise ValueError("should be an instant with its offset, such as 2026-03-02T09:00:00+08:00")


Instant = Annotated[
    AwareDatetime,
    BeforeValidator(_rfc_3339),
    AfterValidator(_in_range),
    Field(examples=["2026-03-02T09:00:00+08:00"]),
]
"""A moment in RFC 3339 with its offset."""
