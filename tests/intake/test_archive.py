"""Tickets that ended long ago leave the lists, and are found by whoever names them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from libs.chassis.department import Department
from services.intake.tickets.api import filters as asked_by
from tests.caller import Caller
from tests.intake.test_api import opened
from tests.intake.test_lists import COUNTS, listed

LONG_AGO = (datetime.now(UTC) - timedelta(days=100)).isoformat()


async def ended(caller: Caller, ticket: dict[str, Any], how: str, at: str) -> None:
    said = {"answer": "滤网每季度清洗一次"} if how == "settlement" else {}
    answer = await caller.post(f"/v1/tickets/{ticket['id']}/{how}", said | {"occurred_at": at})
    assert answer.status_code == 200, answer.text


@pytest.fixture
async def years(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """A ticket that goes on, one closed and one cancelled long ago, and one opened then and closed today."""
    monkeypatch.setattr(asked_by, "department", lambda: Department(archive_months=2))
    tickets = [await opened(caller, occurred_at=LONG_AGO) for _ in range(4)]
    _, closed, cancelled, lately = tickets
    await ended(caller, closed, "settlement", LONG_AGO)
    await ended(caller, cancelled, "cancellation", LONG_AGO)
    await ended(caller, lately, "settlement", datetime.now(UTC).isoformat())
    return tickets


async def test_what_ended_long_ago_leaves_lists_and_counts(caller: Caller, years: list[dict[str, Any]]) -> None:
    going_on, closed, cancelled, lately = [ticket["id"] for ticket in years]
    for filters, expected in (
        ({}, {going_on, lately}),
        ({"status": ["closed", "cancelled"]}, {lately}),
        ({"archived": False}, {going_on, lately}),
        ({"archived": True}, {closed, cancelled}),
        ({"archived": True, "status": "closed"}, {closed}),
    ):
        assert set(await listed(caller, **filters)) == expected, filters
        assert (await caller.get(COUNTS, group_by="status", **filters)).json()["total"] == len(expected)


async def test_whoever_names_it_finds_it_as_any_other(caller: Caller, years: list[dict[str, Any]]) -> None:
    closed = years[1]
    for filters in (
        {"id": closed["id"]},
        {"number": closed["number"]},
        {"q": closed["number"].replace("-", " ")},
        {"customer_id": closed["customer_id"]},
    ):
        assert await listed(caller, **filters) == [closed["id"]], filters
        assert await listed(caller, **filters, archived=False) == []
    assert len(await listed(caller, opened_from=LONG_AGO)) == len(years)
