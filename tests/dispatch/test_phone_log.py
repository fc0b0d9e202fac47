"""What a phone's log may hold that it should not: each is refused by its own id, and nothing of it is left."""

import base64
from typing import Any
from uuid import uuid4

import pytest

from tests.caller import Caller
from tests.dispatch.story import CANCELLED, W1
from tests.dispatch.test_crew import assigned
from tests.dispatch.test_http import DOT, POSITION, SIGNED, completed, said

LAST_YEAR = "2020-03-04T09:00:00Z"
TEN_MIB = base64.b64encode(bytes(10 * 1024 * 1024)).decode()


async def left(caller: Caller) -> tuple[int, int, int]:
    """How many events and texts there are, and kept answers."""
    counts = [
        await caller.inbox.store.pool.fetchval(f"SELECT count(*) FROM {name}")
        for name in ("event", "text", "idempotency")
    ]
    return counts[0], counts[1], counts[2]


async def refused(caller: Caller, path: str, body: Any, key: str | None = None) -> tuple[int, str]:
    """How a step is refused: by its own id, with nothing left of it."""
    id, before = key or str(uuid4()), await left(caller)
    answer = await caller.post(path, body, id)
    assert answer.headers["idempotency-key"] == id
    assert answer.json()["detail"]
    assert await left(caller) == before
    return answer.status_code, answer.json()["code"]


@pytest.mark.parametrize(
    ("picture", "status", "code"),
    [
        (DOT, 422, "signature-empty"),
        (TEN_MIB, 413, "body-too-large"),
        (base64.b64encode(bytes(700_000)).decode(), 422, "malformed"),
    ],
    ids=["without strokes", "of 10 MiB", "larger than a picture may be"],
)
async def test_a_signature_that_is_none(caller: Caller, picture: str, status: int, code: str) -> None:
    path = await completed(caller)
    unsigned = {"signed_by": "王芳", "signature": picture}
    assert await refused(caller, f"{path}/acceptance", unsigned) == (status, code)
    await said(caller, path, ("acceptance", SIGNED))


async def test_a_signature_of_another_visit(caller: Caller) -> None:
    path, key = await completed(caller), str(uuid4())
    answer = await caller.post(f"{path}/rejection", {"reasons": ["仍有异响"]}, key)
    rework = answer.json()["rework_work_order_id"]
    assert await refused(caller, f"{path}/acceptance", SIGNED) == (409, "already-rejected")
    for id in (None, key):
        assert await refused(caller, f"/v1/work-orders/{rework}/acceptance", SIGNED, id) == (409, "not-completed")
    assert await refused(caller, f"/v1/work-orders/{uuid4()}/acceptance", SIGNED, key) == (404, "not-found")


async def test_a_log_of_last_year(caller: Caller) -> None:
    path = await assigned(caller)
    await said(caller, path, ("arrival", POSITION))
    for step, body in (("pause", {"reason": "waiting_parts"}), ("completion", {"result": "换电容"})):
        late = {**body, "occurred_at": LAST_YEAR}
        assert await refused(caller, f"{path}/{step}", late) == (409, "before-previous-step")


async def test_a_step_twice_is_answered_again_or_refused_but_never_done_again(caller: Caller) -> None:
    path, key = await assigned(caller), str(uuid4())
    first = await caller.post(f"{path}/arrival", POSITION, key)
    before = await left(caller)
    again = await caller.post(f"{path}/arrival", POSITION, key)
    assert (again.status_code, again.content, await left(caller)) == (200, first.content, before)
    assert "idempotency-key" not in again.headers
    assert await refused(caller, f"{path}/arrival", POSITION) == (409, "already-on-site")


async def test_a_step_of_another_engineer(caller: Caller) -> None:
    path = await assigned(caller)
    caller.as_person("max", "engineer")
    assert await refused(caller, f"{path}/arrival", POSITION) == (403, "not-your-visit")


async def test_a_step_of_a_visit_that_was_withdrawn_meanwhile(caller: Caller) -> None:
    path = await assigned(caller)
    await caller.hears(CANCELLED)
    assert path.endswith(W1)
    assert await refused(caller, f"{path}/arrival", POSITION) == (409, "work-order-cancelled")
