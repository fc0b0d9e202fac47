"""Ticket numbers as they are said on the phone."""

from datetime import UTC, datetime

import pytest

from services.intake.tickets.domain.ticket_number import ticket_number


@pytest.mark.parametrize(
    ("at", "zone", "serial", "number"),
    [
        (datetime(2026, 11, 22, 15, 59, 59, tzinfo=UTC), "Asia/Shanghai", 1, "WX20261122-0001"),
        (datetime(2026, 11, 22, 16, 0, tzinfo=UTC), "Asia/Shanghai", 42, "WX20261123-0042"),
        (datetime(2026, 1, 1, tzinfo=UTC), "Asia/Shanghai", 123456, "WX20260101-123456"),
        (datetime(2026, 11, 22, 16, 0, tzinfo=UTC), "Europe/Stockholm", 7, "WX20261122-0007"),
    ],
)
def test_the_date_is_the_departments_and_the_serial_has_four_digits_or_more(
    at: datetime, zone: str, serial: int, number: str
) -> None:
    assert ticket_number(at, zone, serial) == number
