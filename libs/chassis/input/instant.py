"""An instant as HTTP takes it: RFC 3339 with its offset, within the years that make sense."""

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field

_FIRST, _END = datetime(1970, 1, 1, tzinfo=UTC), datetime(2101, 1, 1, tzinfo=UTC)
_WIDEST = timedelta(hours=14)
"""No place on earth is further from UTC."""


def _in_range(at: datetime) -> datetime:
    if abs(at.utcoffset() or timedelta()) > _WIDEST:
        raise ValueError("should have an offset between -14:00 and +14:00")
    try:
        utc = at.astimezone(UTC)
    except OverflowError:
        raise ValueError("out of range") from None
    if not _FIRST <= utc < _END:
        raise ValueError("should be between the years 1970 and 2100")
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
