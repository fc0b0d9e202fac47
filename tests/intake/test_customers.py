"""Customers over HTTP: found by name and by number, read, amended, and every look recorded."""

import asyncio
from typing import Any

import pytest

from libs.chassis.identity.auth import ROLES
from tests.caller import Caller
from tests.intake.test_api import CONTACT, problem
from tests.intake.test_contacts import SEES, looks
from tests.intake.test_erasure import WHY, ask, erased, everything

LIST = "/v1/customers"


async def registered(caller: Caller, name: str = "王芳", *phones: str, address: str = "福州") -> str:
    form = {"name": name, "phones": phones or ["13800000000"], "address": address}
    answer = await caller.post(LIST, form)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def found(caller: Caller, **query: Any) -> list[str]:
    answer = await caller.get(LIST, **query)
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json()["items"]]


async def test_a_name_is_found_by_how_it_begins(caller: Caller) -> None:
    wang, other = await registered(caller, "王芳"), await registered(caller, "王芳菲")
    hotel, _ = await registered(caller, "Hotel 100% Österberg"), await registered(caller, "Hotel 1000 Sterne")
    assert await found(caller, name="王芳") == [other, wang]
    assert await found(caller, name="  王芳  菲".replace("  菲", "菲")) == [other]
    assert await found(caller, name="芳菲") == []
    assert await found(caller, name="hOTEL  100% ö") == [hotel]
    for wildcard in ("%芳", "_芳", "王_", "王%", "\\王", "hotel 100_"):
        assert await found(caller, name=wildcard) == [], wildcard


async def test_a_number_is_found_by_its_last_digits_however_it_is_written(caller: Caller) -> None:
    mobile = await registered(caller, "李强", "138 0000 1234", "13911112222")
    office = await registered(caller, "北京物业", "010-65551234 转 8001")
    local = await registered(caller, "老李", "6555 9876", "13711110000")
    assert await found(caller, phone="1234") == [office, mobile]
    for digits in ("00001234", "138-0000-1234", "+86 138 0000 1234", "0086 13800001234", "2222"):
        assert await found(caller, phone=digits) == [mobile], digits
    for digits in ("65551234", "01065551234", "(010) 6555 1234", "+86 10 65551234"):
        assert await found(caller, phone=digits) == [office], digits
    assert await found(caller, phone="9876") == [local]
    for digits in ("1380000", "8001", "98761371", "34123"):
        assert await found(caller, phone=digits) == [], digits
    assert await found(caller, phone="1234", name="李强") == [mobile]
    assert await found(caller, phone="2222", name="北京") == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"name": "王"}, "query.name"),
        ({"name": "王 "}, "query.name"),
        ({"name": " \u200b\u200b "}, "query.name"),
        ({"name": "王\u202e芳"}, "query.name"),
        ({"name": "王\x00芳"}, "target"),
        ({"name": "王" * 201}, "query.name"),
        ({"phone": "123"}, "query.phone"),
        ({"phone": "1 2 3"}, "query.phone"),
        ({"phone": "12%4"}, "query.phone"),
        ({"phone": "１２３４"}, "query.phone"),
        ({"phone": "1" * 16}, "query.phone"),
        ({"phone": ["1234", "5678"]}, "query.phone"),
        ({"names": "王芳"}, "query.names"),
    ],
)
async def test_a_search_that_is_none_is_refused(caller: Caller, query: dict[str, Any], field: str) -> None:
    answer = await caller.get(LIST, **query)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert await looks(caller) == []


async def test_pages_go_on_and_record_only_what_they_show(caller: Caller) -> None:
    ids = [await registered(caller) for _ in range(5)][::-1]
    page = (await caller.get(LIST, name="王芳", limit=2)).json()
    assert [item["id"] for item in page["items"]] == ids[:2]
    assert {look["customer_id"] for look in await looks(caller)} == set(ids[:2])
    caller.as_role("agent")
    assert await found(caller, name="王芳", limit=200, cursor=page["next_cursor"]) == ids[2:]
    assert problem(await caller.get(LIST, cursor=page["next_cursor"])) == (400, "invalid-cursor")
    assert await found(caller, id=[ids[4], ids[0]]) == [ids[0], ids[4]]


@pytest.mark.parametrize("role", sorted(ROLES))
async def test_a_list_shows_each_role_what_a_ticket_does(caller: Caller, role: str) -> None:
    id = await registered(caller)
    caller.as_person("lea", role)
    for path in (LIST, f"{LIST}/{id}"):
        answer = await caller.get(path)
        if role not in SEES:
            assert problem(answer) == (403, "forbidden")
            continue
        shown = answer.json()["items"][0] if path == LIST else answer.json()
        assert {name for name in ("name", "phones", "address") if shown[name] is not None} == SEES[role]
    routes = sorted(look["route"] for look in await looks(caller))
    assert routes == ([f"GET {LIST}", f"GET {LIST}/{{customer_id}}"] if role in SEES else [])


async def test_an_amendment_changes_what_it_names(caller: Caller) -> None:
    id = await registered(caller)
    answer = await caller.post(f"{LIST}/{id}/amendment", {"phones": ["13911112222"]}, **{"If-Match": '"1"'})
    assert (answer.status_code, answer.json()) == (200, {"id": id, "version": 2, "status": "registered"})
    file = (await caller.get(f"{LIST}/{id}")).json()
    assert (file["name"], file["address"], file["version"]) == ("王芳", "福州", 2)
    assert [phone["e164"] for phone in file["phones"]] == ["+8613911112222"]
    assert (await found(caller, phone="2222"), await found(caller, phone="0000")) == ([id], [])
    stale = await caller.post(f"{LIST}/{id}/amendment", {"name": "王方"}, **{"If-Match": '"1"'})
    assert problem(stale) == (412, "stale-version")
    assert "13800000000" not in await everything(caller)
    shown = await caller.inbox.store.pool.fetchval("SELECT version FROM contact WHERE id = $1", id)
    assert shown == 2, "those who keep a copy take the newer version only"
    log = str([one.event for one in await caller.inbox.store.read(f"customer-{id}")])
    assert "王芳" not in log
    assert "139" not in log


async def test_of_two_amendments_at_once_none_is_lost_in_silence(caller: Caller) -> None:
    id = await registered(caller)
    forms: list[dict[str, Any]] = [{"name": "王方"}, {"address": "厦门"}, {"phones": ["13911112222"]}]
    answers = await asyncio.gather(*(caller.post(f"{LIST}/{id}/amendment", form) for form in forms))
    taken = [form for form, answer in zip(forms, answers, strict=True) if answer.status_code == 200]
    assert taken
    assert {problem(a) for a in answers if a.status_code != 200} <= {(409, "contact-changed")}
    file = (await caller.get(f"{LIST}/{id}")).json()
    changed = {"name": file["name"] == "王方", "address": file["address"] == "厦门"}
    changed["phones"] = file["phones"][0]["typed"] == "13911112222"
    assert [name for name, is_so in changed.items() if is_so] == [name for form in taken for name in form]
    row = await caller.inbox.store.pool.fetchval("SELECT version FROM contact WHERE id = $1", id)
    assert (row, file["version"]) == (1 + len(taken), 1 + len(taken))


@pytest.mark.parametrize("body", [{}, {"name": " "}, {"phones": []}, {"name": None}, {"colour": "red"}])
async def test_an_amendment_of_nothing_is_none(caller: Caller, body: dict[str, Any]) -> None:
    id = await registered(caller)
    assert (await caller.post(f"{LIST}/{id}/amendment", body)).status_code == 422


async def test_who_is_erased_is_found_no_more_and_stays_so(caller: Caller) -> None:
    id = await registered(caller)
    await ask(caller, id, body=WHY)
    caller.as_role("agent")
    assert (await caller.get(f"{LIST}/{id}")).json()["status"] == "erasure_requested"
    await ask(caller, id, "/withdrawal")
    await erased(caller, id)
    assert (await found(caller, name="王芳"), await found(caller, phone="0000")) == ([], [])
    file = (await caller.get(f"{LIST}/{id}")).json()
    assert (file["status"], file["name"], file["phones"], file["address"]) == ("erased", None, None, None)
    assert problem(await caller.post(f"{LIST}/{id}/amendment", {"name": "王芳"})) == (404, "not-found")
    assert "王芳" not in await everything(caller)
    unknown = "00000000-0000-7000-8000-000000000000"
    assert problem(await caller.get(f"{LIST}/{unknown}")) == (404, "not-found")
    assert problem(await caller.post(f"{LIST}/{unknown}/amendment", CONTACT)) == (404, "not-found")
