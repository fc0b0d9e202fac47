"""Owners over HTTP: who may claim, assign and release, and which list shows whose tickets."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from tests.caller import Caller, actor_id
from tests.intake.test_api import opened, problem
from tests.intake.test_lists import COUNTS, listed

ANNA, BERT = actor_id("anna"), actor_id("bert")


async def owner(caller: Caller, ticket_id: str, owner_id: str | None, **headers: str) -> Any:
    return await caller.post(f"/v1/tickets/{ticket_id}/owner", {"owner_id": owner_id}, **headers)


@pytest.mark.requirement("R076")
async def test_an_agent_claims_a_ticket_and_everybody_reads_whose_it_is(caller: Caller) -> None:
    caller.tokens.name = "安娜"
    id = (await opened(caller))["id"]
    claimed = await owner(caller, id, "me", **{"If-Match": '"2"'})
    assert (await caller.get(f"/v1/tickets/{id}")).json()["is_mine"]
    assert (claimed.status_code, claimed.headers["etag"]) == (200, '"3"')
    assert claimed.json() == {"id": id, "version": 3, "status": "open", "owner_id": ANNA}
    caller.as_person("eva", "engineer")
    for told in ((await caller.get(f"/v1/tickets/{id}")).json(), (await caller.get("/v1/tickets")).json()["items"][0]):
        assert (told["owner_id"], told["owner_name"], told["is_mine"]) == (ANNA, "安娜", False)
    *_, last = (await caller.get(f"/v1/tickets/{id}/history")).json()["items"]
    assert (last["type"], last["fields"]) == ("intake.TicketOwnerChanged", {"owner_id": ANNA, "late": False})
    assert (last["people"], last["actor_name"]) == ({ANNA: "安娜"}, "安娜")
    assert problem(await owner(caller, id, "me")) == (403, "forbidden")


async def test_of_two_who_claim_at_once_one_is_told_whose_it_is(caller: Caller) -> None:
    for _ in range(5):
        id = (await opened(caller))["id"]
        answers = []
        for person in ("anna", "bert"):
            caller.as_person(person, "agent")
            answers.append(asyncio.create_task(owner(caller, id, "me")))
            await asyncio.sleep(0)
        one, other = sorted(await asyncio.gather(*answers), key=lambda answer: answer.status_code)
        assert (one.status_code, problem(other)) == (200, (409, "ticket-owned"))
        assert other.json()["owner_id"] == one.json()["owner_id"]


async def test_an_agent_releases_only_their_own_and_gives_none_away(caller: Caller) -> None:
    id = (await opened(caller))["id"]
    assert problem(await owner(caller, id, BERT)) == (403, "managers-assign")
    assert (await owner(caller, id, ANNA)).json()["owner_id"] == ANNA
    caller.as_person("bert", "agent")
    assert problem(await owner(caller, id, None)) == (403, "not-your-ticket")
    caller.as_person("anna", "agent")
    assert (await owner(caller, id, None)).json()["owner_id"] is None
    assert problem(await caller.post(f"/v1/tickets/{id}/owner", {})) == (422, "malformed")
    assert problem(await owner(caller, str(uuid4()), "me")) == (404, "not-found")


async def test_a_manager_gives_a_ticket_to_anybody_who_is_known_here(caller: Caller) -> None:
    id = (await opened(caller))["id"]
    caller.tokens.name = "贝特"
    caller.as_person("bert", "agent")
    await opened(caller)
    caller.tokens.name = None
    caller.as_person("mia", "manager")
    assert (await caller.get("/v1/tickets/owners")).json() == {"items": [{"id": BERT, "name": "贝特"}]}
    for wanted in (ANNA, BERT):
        assert (await owner(caller, id, wanted)).json()["owner_id"] == wanted
    assert problem(await owner(caller, id, "me")) == (409, "ticket-owned")
    assert (await owner(caller, id, None)).json()["owner_id"] is None


async def test_lists_and_counts_are_of_an_owner_of_mine_and_of_nobody(caller: Caller) -> None:
    mine, theirs, free = [(await opened(caller))["id"] for _ in range(3)]
    await owner(caller, mine, "me")
    caller.as_person("mia", "manager")
    await owner(caller, theirs, BERT)
    caller.as_person("anna", "agent")
    for filters, expected in (
        ({"owner_id": "me"}, [mine]),
        ({"unclaimed": True}, [free]),
        ({"unclaimed": False}, [theirs, mine]),
        ({"owner_id": BERT}, [theirs]),
        ({"owner_id": [BERT, "me"]}, [theirs, mine]),
        ({"owner_id": "me", "unclaimed": True}, []),
    ):
        assert await listed(caller, **filters) == expected
        assert (await caller.get(COUNTS, group_by="status", **filters)).json()["total"] == len(expected)
