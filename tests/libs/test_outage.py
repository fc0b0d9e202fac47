"""What works for ever goes on after an outage, and says so once."""

import asyncpg
import pytest
from structlog.testing import capture_logs

from libs.events.database import outage
from libs.events.database.outage import Outage


async def test_an_outage_is_sat_out_and_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outage, "PAUSE_SECONDS", 0)
    away = Outage("away", service="post")
    with capture_logs() as said:
        for error in (ConnectionError("no"), ConnectionError("no"), asyncpg.DeadlockDetectedError("a"), LookupError()):
            async with away.ridden_out(LookupError):
                raise error
    assert [line["reason"] for line in said] == [
        "ConnectionError: no",
        "DeadlockDetectedError: sqlstate 40P01",
        "LookupError",
    ]


async def test_a_defect_is_none() -> None:
    with pytest.raises(KeyError):
        async with Outage("away").ridden_out():
            raise KeyError("ours")
