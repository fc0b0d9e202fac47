"""A customer is erased over HTTP: two managers, one transaction, and nothing that comes later is kept."""

from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from libs.events.log import erasure
from libs.events.texts import Text
from tests.caller import Caller, actor_id
from tests.intake.test_api import CONTACT, FORM, opened, problem

WHY = {"reason": "customer_request"}


async def ask(caller: Caller, customer_id: str, step: str = "", body: Any = None, who: str = "anna") -> Any:
    caller.as_person(who, "manager")
    answer = await caller.post(f"/v1/customers/{customer_id}/erasure{step}", body)
    caller.as_person("lea", "agent")
    return answer


async def erased(caller: Caller, customer_id: str) -> None:
    assert (await ask(caller, customer_id, body=WHY)).status_code == 200
    answer = await ask(caller, customer_id, "/confirmation", who="bert")
    assert (answer.status_code, answer.json()["status"]) == (200, "erased")


async def everything(caller: Caller) -> str:
    """All rows of all tables, as text."""
    pool = caller.inbox.store.pool
    tables = [row["tablename"] for row in await pool.fetch("SELECT tablename FROM pg_tables WHERE schemaname='public'")]
    return "".join([str(await pool.fetchval(f"SELECT string_agg(t::text, ' ') FROM {name} AS t")) for name in tables])


async def test_an_erased_customer_leaves_no_word_and_no_contact(caller: Caller) -> None:
    answer = await opened(caller)
    ticket = f"/v1/tickets/{answer['id']}"
    await caller.post(f"{ticket}/cancellation", {"reason": "已经自己修好"})
    for words in ("王芳", "13800000000", "建国路", "空调不制冷", "周末上门", "已经自己修好"):
        assert words in await everything(caller)
    etag = (await caller.get(ticket)).headers["etag"]
    await erased(caller, answer["customer_id"])
    left = await everything(caller)
    for words in ("王芳", "13800000000", "建国路", "空调不制冷", "周末上门", "已经自己修好"):
        assert words not in left
    shown = (await caller.get(ticket)).json()
    assert (shown["customer"], shown["summary"], shown["requirements"]) == (None, None, None)
    assert shown["status"] == "cancelled"
    again = await caller.http.get(ticket, headers={"If-None-Match": etag})
    assert again.status_code == 200, "what a reader has of somebody who was erased is not still the answer"


async def test_it_takes_another_manager(caller: Caller) -> None:
    id = (await caller.post("/v1/customers", CONTACT)).json()["id"]
    assert problem(await caller.post(f"/v1/customers/{id}/erasure", WHY)) == (403, "forbidden")
    assert problem(await ask(caller, id, "/confirmation")) == (409, "erasure-not-requested")
    assert (await ask(caller, id, body=WHY)).json()["status"] == "erasure_requested"
    assert problem(await ask(caller, id, "/confirmation")) == (409, "second-manager-needed")
    assert (await ask(caller, id, "/withdrawal")).json()["status"] == "registered"
    assert problem(await ask(caller, id, "/confirmation", who="bert")) == (409, "erasure-not-requested")
    assert "王芳" in await everything(caller)


@pytest.mark.parametrize("step", ["", "/confirmation", "/withdrawal"])
async def test_nobody_unknown_is_erased(caller: Caller, step: str) -> None:
    answer = await ask(caller, str(uuid4()), step, None if step else WHY)
    assert problem(answer) == (404, "not-found")


async def test_the_events_say_who_by_pseudonym_and_the_published_one_only_whom(caller: Caller) -> None:
    id = (await caller.post("/v1/customers", CONTACT)).json()["id"]
    await erased(caller, id)
    rows = await caller.inbox.store.pool.fetch(
        "SELECT type, data, key, actor FROM event WHERE stream = $1 ORDER BY version", f"customer-{id}"
    )
    assert [row["type"] for row in rows] == [
        "intake.CustomerRegistered",
        "intake.ErasureRequested",
        "intake.CustomerErased",
    ]
    assert rows[2]["data"] == f'{{"customer_id": "{id}"}}'
    assert (rows[1]["key"], rows[2]["key"]) == (None, f"customer-{id}")
    assert [row["actor"] for row in rows[1:]] == [actor_id("anna"), actor_id("bert")]
    ledger = await caller.inbox.store.pool.fetchrow("SELECT * FROM erasure")
    assert ledger is not None
    assert ledger["subject_id"] == id


async def test_no_ticket_is_opened_for_an_erased_customer_and_late_words_are_not_kept(caller: Caller) -> None:
    answer = await opened(caller)
    await erased(caller, answer["customer_id"])
    form = {name: value for name, value in FORM.items() if name != "customer"} | {"customer_id": answer["customer_id"]}
    assert problem(await caller.post("/v1/tickets", form)) == (422, "unknown-customer")
    late = await caller.post(f"/v1/tickets/{answer['id']}/cancellation", {"reason": "王芳说不用了"})
    assert late.status_code == 200
    assert "王芳" not in await everything(caller)


async def test_words_whose_command_was_under_way_are_swept_up(caller: Caller) -> None:
    answer = await opened(caller)
    await erased(caller, answer["customer_id"])
    pool = caller.inbox.store.pool
    late = Text.of(answer["customer_id"], "王芳说不用了")
    await pool.execute("INSERT INTO text VALUES ($1, $2, $3, 'text/plain')", late.id, late.subject_id, late.body)
    await pool.execute(erasure.SWEEP)
    assert "王芳" not in await everything(caller)


async def test_an_erasure_notes_the_contact_for_its_topic(caller: Caller) -> None:
    pool = caller.inbox.store.pool
    id = (await caller.post("/v1/customers", CONTACT)).json()["id"]
    noted = "SELECT topic, key, change FROM changed"
    first: asyncpg.Record = (await pool.fetch(noted))[0]
    assert (first["topic"], first["key"]) == ("intake.contacts", id)
    await erased(caller, id)
    (second,) = await pool.fetch(noted)
    assert second["change"] != first["change"]
