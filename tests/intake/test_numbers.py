"""Tickets are numbered without gaps by what is repeated or refused."""

from typing import Any
from uuid import uuid4

import pytest

from deploy.devstack.databases import Database
from libs.events.database.connections import connect, render
from services.intake.tickets.view.tickets import OPENING
from tests.caller import Caller
from tests.intake.test_api import FORM, opened, problem

OLD = {key: value for key, value in FORM.items() if key != "customer"}
REFUSED: dict[str, tuple[dict[str, Any], dict[str, str], tuple[int, str]]] = {
    "an unknown customer": (OLD | {"customer_id": str(uuid4())}, {}, (422, "unknown-customer")),
    "the future": (FORM | {"occurred_at": "2099-01-01T00:00:00Z"}, {}, (422, "future-instant")),
    "another version": (FORM, {"If-Match": '"3"'}, (412, "stale-version")),
    "a weak tag": (FORM, {"If-Match": 'W/"0"'}, (412, "stale-version")),
    "a malformed tag": (FORM, {"If-Match": "3"}, (400, "if-match-malformed")),
    "a half-filled form": (OLD, {}, (422, "malformed")),
    "the key of another command": (
        FORM | {"summary": "另一件事"},
        {"Idempotency-Key": "used"},
        (422, "idempotency-key-reused"),
    ),
}


async def serial(caller: Caller, **fields: Any) -> int:
    """That of one more ticket."""
    return int((await opened(caller, **fields))["number"].partition("-")[2])


@pytest.mark.parametrize("name", REFUSED)
async def test_what_is_refused_uses_up_no_number(name: str, caller: Caller) -> None:
    body, headers, expected = REFUSED[name]
    assert (await caller.post("/v1/tickets", FORM, key="used")).status_code == 201
    before = await serial(caller)
    for _ in range(3):
        assert problem(await caller.post("/v1/tickets", body, **headers)) == expected
    assert await serial(caller) == before + 1


async def test_what_is_repeated_uses_up_no_number(caller: Caller) -> None:
    first = await caller.post("/v1/tickets", FORM, key="once")
    for headers in ({}, {"If-Match": '"3"'}):
        again = await caller.post("/v1/tickets", FORM, key="once", **headers)
        assert (again.status_code, again.content, again.headers["etag"]) == (201, first.content, first.headers["etag"])
        assert again.headers["idempotency-replayed"] == "true"
    assert await serial(caller) == int(first.json()["number"].partition("-")[2]) + 1


async def test_what_happened_before_is_numbered_like_the_rest(caller: Caller) -> None:
    before = await serial(caller)
    assert await serial(caller, occurred_at="2026-01-02T03:04:05+08:00") == before + 1


async def test_a_question_of_many_reads_no_whole_table_while_statistics_are_young(database: Database) -> None:
    """100 questions over 20,000 keys that nobody has analysed, planned as a pool's sessions plan it in the long run."""
    text, _, _ = render(OPENING)
    pool = await connect(database.url, 1)
    await pool.execute(
        "INSERT INTO idempotency (scope, key, request_hash, status, body) "
        "SELECT 's', n::text, '', 200, '' FROM generate_series(1, 20000) AS n"
    )
    await pool.execute("SET plan_cache_mode = force_generic_plan")
    await pool.execute(f"PREPARE opening AS {text}")
    plan = "\n".join(row[0] for row in await pool.fetch("EXPLAIN EXECUTE opening ('[]')"))
    await pool.close()
    assert "Seq Scan" not in plan
    assert "Index" in plan
