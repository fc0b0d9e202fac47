"""The number of a ticket: what is said on the phone, such as WX20261122-0001."""

from datetime import datetime
from zoneinfo import ZoneInfo


def ticket_number(at: datetime, zone: str, serial: int) -> str:
    """WX, the department's date at `at` (aware) by its IANA `zone`, and `serial` in at least four digits."""
    day = at.astimezone(ZoneInfo(zone))
    return f"WX{day.year:04}{day.month:02}{day.day:02}-{serial:04}"
