"""Answers of commands in dispatch: an engineer's phone may send them again after weeks without a network."""

import pytest

from libs.chassis.running.settings import Common
from services.dispatch.app import service
from tests.caller import Caller

ENGINEER = {"name": "李强", "skills": ["hvac"], "region": "north"}


@pytest.mark.parametrize(("days", "is_known"), [(29, True), (31, False)])
async def test_a_command_is_known_by_its_key_for_thirty_days(
    caller: Caller, monkeypatch: pytest.MonkeyPatch, days: int, is_known: bool
) -> None:
    monkeypatch.setenv("OIDC_ISSUER", "http://127.0.0.1")
    pool, key = caller.inbox.store.pool, "of-a-phone"
    first = await caller.post("/v1/engineers", ENGINEER, key)
    await pool.execute("UPDATE idempotency SET created_at = now() - make_interval(days => $1)", days)
    await service.retention(pool, Common()).forget_keys()  # type: ignore[call-arg]  # the environment gives the fields
    again = await caller.post("/v1/engineers", ENGINEER, key)
    assert (again.json()["id"] == first.json()["id"]) == is_known
    assert ("idempotency-replayed" in again.headers) == is_known
