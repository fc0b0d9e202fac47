"""The number of a ticket: what is said on the phone, such as WX20261122-0001."""

from datetime import datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def ticket_number(at: datetime, serial: int) -> str:
    """WX, the date in Shanghai at `at` (aware), and `serial` in at least four digits."""
    return f"WX{at.astimezone(SHANGHAI):%Y%m%d}-{serial:04d}"
