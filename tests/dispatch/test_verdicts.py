"""A customer's verdict by a link: what they see, a typed name or reasons, once, and of their own visit alone."""

from typing import Any
from uuid import uuid4

import pytest

from libs.chassis.identity.auth import LinkClaims
from tests.caller import Caller
from tests.dispatch.story import W1, W2, T
from tests.dispatch.test_http import completed, said

OWN = LinkClaims(T, "acceptance", W1)
FOREIGN = [
    LinkClaims(str(uuid4()), "acceptance", W1),
    LinkClaims(T, "acceptance", W2),
    LinkClaims(T, "acceptance"),
    LinkClaims(T, "rating", W1),
    None,
]
NAME: tuple[str, Any] = ("link-acceptance", {"signed_by": "王芳"})
REASONS: tuple[str, Any] = ("link-rejection", {"reasons": "仍有异响"})


async def linked(caller: Caller, claims: LinkClaims | None = OWN) -> str:
    """The path of a completed visit, of whose customer's link the caller is the holder."""
    path = await completed(caller)
    caller.as_role("customer")
    caller.tokens.link = claims
    return path


async def test_a_customer_sees_what_was_done_and_nothing_of_themselves(caller: Caller) -> None:
    shown = (await caller.get(f"{await linked(caller)}/repair")).json()
    assert shown.keys() == {"visit", "job_type", "status", "result", "completed_at"}
    assert (shown["status"], shown["result"]) == ("completed", "换电容")


@pytest.mark.requirement("R065")
async def test_a_typed_name_accepts_the_repair_once(caller: Caller) -> None:
    path = await linked(caller)
    (answer,) = await said(caller, path, NAME)
    assert answer["status"] == "accepted"
    again = await caller.post(f"{path}/link-acceptance", NAME[1])
    assert (again.status_code, again.json()["code"]) == (409, "already-accepted")
    caller.as_person("anna", "dispatcher")
    assert (await caller.get(path)).json()["signed_by"] == "王芳"
    signed = (await caller.get(f"{path}/signature")).json()
    assert (signed["signature"], signed["by_link"], signed["signed_by"]) == (None, True, "王芳")


async def test_reasons_reject_it_and_order_rework(caller: Caller) -> None:
    path = await linked(caller)
    (answer,) = await said(caller, path, REASONS)
    assert answer["status"] == "rejected"
    caller.as_person("anna", "dispatcher")
    sheet = (await caller.get(path)).json()
    assert (sheet["rejection_reasons"], sheet["rework_work_order_id"]) == (["仍有异响"], W2)


@pytest.mark.parametrize("claims", FOREIGN)
async def test_a_link_of_another_ticket_purpose_or_visit_gives_nothing(
    caller: Caller, claims: LinkClaims | None
) -> None:
    path = await linked(caller, claims)
    assert (await caller.get(f"{path}/repair")).status_code in (403, 404)
    for step, body in (NAME, REASONS):
        assert (await caller.post(f"{path}/{step}", body)).status_code == 403
    caller.as_person("anna", "dispatcher")
    assert (await caller.get(path)).json()["status"] == "completed"


async def test_the_department_gives_no_verdict_by_link(caller: Caller) -> None:
    path = await linked(caller)
    for role in ("manager", "engineer", "agent", "service"):
        caller.as_role(role)
        for step, body in (NAME, REASONS):
            assert (await caller.post(f"{path}/{step}", body)).status_code == 403, role
