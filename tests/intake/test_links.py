"""Links over HTTP: the token is said once and stored nowhere, and whatever does not open says the same."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from libs.chassis.department import department
from libs.chassis.identity.auth import LinkClaims
from services.intake.links.api.links import hash_of
from tests.caller import Caller
from tests.intake.story import DISPATCH
from tests.intake.test_api import about, opened, problem

LIST, OPEN = "/v1/links", "/v1/links/open"
CALLBACK = str(uuid4())


async def issued(caller: Caller, ticket_id: str, purpose: str = "progress", **more: Any) -> dict[str, Any]:
    """A link that an agent made."""
    caller.as_role("agent")
    about = {"object_id": CALLBACK} if purpose != "progress" else {}
    answer = await caller.post(LIST, {"ticket_id": ticket_id, "purpose": purpose, **about, **more})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def open_by(caller: Caller, token: str, answer_id: str | None = None) -> Any:
    """What the gateway is told of a token."""
    caller.as_role("service")
    return await caller.post(OPEN, {"token": token, "answer_id": answer_id})


async def test_a_token_is_said_once_and_stored_as_its_hash(caller: Caller) -> None:
    ticket = (await opened(caller))["id"]
    body, key = {"ticket_id": ticket, "purpose": "progress"}, uuid4().hex
    first, again = [(await caller.post(LIST, body, key=key)).json() for _ in range(2)]
    assert (len(first["token"]), again) == (43, first | {"token": None})
    told = (await open_by(caller, first["token"])).json()
    assert (told["ticket_id"], told["timezone"]) == (ticket, department().timezone)
    assert told.keys() == {"id", "ticket_id", "purpose", "object_id", "expires_at", "timezone"}
    stored = await caller.inbox.store.pool.fetch("SELECT to_jsonb(e)::text AS row FROM event e")
    stored += await caller.inbox.store.pool.fetch("SELECT to_jsonb(l)::text AS row FROM link l")
    stored += await caller.inbox.store.pool.fetch("SELECT to_jsonb(i)::text AS row FROM idempotency i")
    everything = "".join(record["row"] for record in stored)
    assert first["token"] not in everything
    assert hash_of(first["token"]) in everything


async def test_a_link_lasts_its_days_from_now_whatever_day_it_is_said_to_be_of(caller: Caller) -> None:
    ticket = (await opened(caller))["id"]
    before = (datetime.now(UTC) - timedelta(days=9)).isoformat()
    await issued(caller, ticket, days=1, occurred_at=before)
    (row,) = (await caller.get(LIST, ticket_id=ticket)).json()["items"]
    assert row["status"] == "open"


async def test_agents_list_and_revoke(caller: Caller) -> None:
    ticket, other = (await opened(caller))["id"], (await opened(caller))["id"]
    rating, progress = await issued(caller, ticket, "rating", days=1), await issued(caller, ticket)
    assert problem(await caller.post(f"{LIST}/{uuid4()}/revocation"))[0] == 404
    assert (await caller.post(f"{LIST}/{progress['id']}/revocation")).json()["status"] == "revoked"
    shown = (await caller.get(LIST, ticket_id=ticket)).json()["items"]
    assert [(row["id"], row["purpose"], row["status"]) for row in shown] == [
        (progress["id"], "progress", "revoked"),
        (rating["id"], "rating", "open"),
    ]
    assert not {"token", "token_hash", "answers"} & shown[0].keys()
    assert (await caller.get(LIST, ticket_id=other)).json()["items"] == []


@pytest.mark.parametrize(
    "body",
    [
        {"purpose": "rating"},
        {"purpose": "acceptance"},
        {"purpose": "appointment"},
        {"purpose": "progress", "object_id": CALLBACK},
        {"purpose": "everything"},
        {"purpose": "progress", "days": 0},
        {"purpose": "progress", "days": 91},
        {"purpose": "progress", "ticket_id": str(uuid4())},
    ],
)
async def test_what_is_no_link_is_refused(caller: Caller, body: dict[str, Any]) -> None:
    ticket = (await opened(caller))["id"]
    assert problem(await caller.post(LIST, {"ticket_id": ticket, **body}))[0] == 422
    assert (await caller.get(LIST)).json()["items"] == []


async def test_wrong_used_revoked_and_expired_say_the_same(caller: Caller) -> None:
    ticket = (await opened(caller))["id"]
    revoked, used, expired = [await issued(caller, ticket, "rating") for _ in range(3)]
    await caller.post(f"{LIST}/{revoked['id']}/revocation")
    caller.as_role("service")
    assert (await caller.post(f"{LIST}/{used['id']}/uses", {"answer_id": str(uuid4())})).status_code == 200
    pool = caller.inbox.store.pool
    await pool.execute("UPDATE link SET expires_at = now() WHERE id = $1", expired["id"])
    answers = [
        await open_by(caller, token) for token in ("x" * 43, *(link["token"] for link in (revoked, used, expired)))
    ]
    said = [answer.json() | {"trace_id": ""} for answer in answers]
    assert [answer.status_code for answer in answers] == [404] * 4
    assert said == [said[0]] * 4


async def test_of_two_answers_at_once_one_counts_and_that_one_may_come_again(caller: Caller) -> None:
    ticket = (await opened(caller))["id"]
    link = await issued(caller, ticket, "rating")
    caller.as_role("service")
    ids = [str(uuid4()) for _ in range(5)]
    answers = await asyncio.gather(*(caller.post(f"{LIST}/{link['id']}/uses", {"answer_id": id}) for id in ids))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 4
    (taken,) = [id for id, answer in zip(ids, answers, strict=True) if answer.status_code == 200]
    for id in ids:
        assert (await open_by(caller, link["token"], id)).status_code == (200 if id == taken else 404)
        again = await caller.post(f"{LIST}/{link['id']}/uses", {"answer_id": id})
        assert again.status_code == (200 if id == taken else 409)


async def test_who_may_do_what_with_links(caller: Caller) -> None:
    link = await issued(caller, (await opened(caller))["id"])
    for role, paths in {
        "service": (LIST, f"{LIST}/{link['id']}/revocation"),
        "manager": (OPEN, f"{LIST}/{link['id']}/uses"),
        "engineer": (LIST, f"{LIST}/{link['id']}/revocation", OPEN, f"{LIST}/{link['id']}/uses"),
    }.items():
        caller.as_role(role)
        for path in paths:
            assert problem(await caller.post(path, {})) == (403, "forbidden"), (role, path)


async def test_a_customer_sees_how_far_their_own_ticket_is(caller: Caller) -> None:
    ticket, other = (await opened(caller))["id"], (await opened(caller))["id"]
    caller.as_role("customer")
    for claims, id, status in (
        (LinkClaims(ticket, "progress"), ticket, 200),
        (LinkClaims(ticket, "progress"), other, 404),
        (LinkClaims(ticket, "rating", CALLBACK), ticket, 403),
        (None, ticket, 403),
    ):
        caller.tokens.link = claims
        answer = await caller.get(f"/v1/tickets/{id}/progress")
        assert answer.status_code == status, (claims, id)


async def test_a_progress_says_nothing_of_the_customer(caller: Caller) -> None:
    ticket = (await opened(caller))["id"]
    caller.as_role("customer")
    caller.tokens.link = LinkClaims(ticket, "progress")
    shown = (await caller.get(f"/v1/tickets/{ticket}/progress")).json()
    assert shown.keys() == {
        *("number", "kind", "status", "opened_at", "timezone", "visit"),
        *("merged", "merged_into", "others", "parted", "hotline"),
    }
    assert (shown["status"], shown["visit"], shown["timezone"]) == ("open", None, department().timezone)


async def test_a_progress_says_when_somebody_comes(caller: Caller) -> None:
    ticket = (await opened(caller))["id"]
    await caller.hears(*about(ticket, *DISPATCH[:4]))
    caller.as_role("customer")
    caller.tokens.link = LinkClaims(ticket, "progress")
    shown = (await caller.get(f"/v1/tickets/{ticket}/progress")).json()
    assert (shown["status"], shown["visit"]["confirmed"]) == ("scheduled", True)
    assert shown["visit"]["start"] == "2026-03-02T09:00:00Z"


async def progress(caller: Caller, ticket_id: str) -> dict[str, Any]:
    """What the customer of the ticket reads of it by a link."""
    caller.as_role("customer")
    caller.tokens.link = LinkClaims(ticket_id, "progress")
    told: dict[str, Any] = (await caller.get(f"/v1/tickets/{ticket_id}/progress")).json()
    caller.tokens.link = None
    caller.as_person("anna", "agent")
    return told


async def test_both_customers_read_that_their_tickets_were_merged_and_that_they_were_parted_again(
    caller: Caller,
) -> None:
    first, second = await opened(caller), await opened(caller)
    await caller.hears(*about(first["id"], *DISPATCH[:4]))
    merge = {"of": first["id"], "reason": "同一台电梯，两位住户报修"}
    assert (await caller.post(f"/v1/tickets/{second['id']}/duplicate", merge)).status_code == 200
    merged, goes_on = await progress(caller, second["id"]), await progress(caller, first["id"])
    assert (merged["number"], merged["merged"], merged["merged_into"]) == (second["number"], True, None)
    assert (merged["status"], merged["visit"]) == (goes_on["status"], goes_on["visit"])
    assert (goes_on["status"], goes_on["merged"], goes_on["others"]) == ("scheduled", False, 1)


async def test_a_customer_reads_the_number_of_their_own_ticket_that_goes_on_until_a_merge_is_taken_back(
    caller: Caller,
) -> None:
    first = await opened(caller)
    again = {"channel": "phone", "kind": "repair", "summary": "还是不制冷", "customer_id": first["customer_id"]}
    second = (await caller.post("/v1/tickets", again)).json()
    path = f"/v1/tickets/{second['id']}/duplicate"
    assert (await caller.post(path, {"of": first["id"]})).status_code == 200
    assert (await progress(caller, second["id"]))["merged_into"] == first["number"]
    assert (await caller.post(f"{path}/withdrawal", {"reason": "是另一台设备"})).status_code == 200
    for told in (await progress(caller, first["id"]), await progress(caller, second["id"])):
        assert (told["merged"], told["merged_into"], told["others"], told["parted"]) == (False, None, 0, True)
        assert told["status"] == "open"
