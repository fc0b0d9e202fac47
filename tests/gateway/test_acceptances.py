"""Page 39: a customer accepts a repair by a link with a typed name, or rejects it with reasons. No script, no login."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.chassis.conftest import LiveIssuer
from tests.conftest import NewDatabase
from tests.gateway.links import LinkWorld, linked
from tests.gateway.test_links import HIDDEN, NONCE

ACCEPT = {"verdict": "accept", "name": "王芳"}
REJECT = {"verdict": "reject", "reasons": "仍有异响\r\n<b>"}


@pytest.fixture
async def world(issuer: LiveIssuer, new_database: NewDatabase, tmp_path: Path) -> AsyncIterator[LinkWorld]:
    async with linked(issuer, new_database, tmp_path) as found:
        yield found


async def form(world: LinkWorld, token: str) -> str:
    """The id that both forms of the page carry."""
    page = await world.look(token)
    assert page.status_code == 200, page.text
    (id,) = set(HIDDEN.findall(page.text))
    return str(id)


async def sheet(world: LinkWorld, order: str) -> dict[str, Any]:
    found: dict[str, Any] = (await world.as_agent(f"dispatch/v1/work-orders/{order}")).json()
    return found


async def test_what_was_done_is_shown_in_both_languages_and_nothing_of_the_customer(world: LinkWorld) -> None:
    token = (await world.repair())[0]["token"]
    chinese, english = await world.look(token), await world.look(token, **{"Accept-Language": "en"})
    assert "维修验收" in chinese.text
    assert "Accept the repair" in english.text
    for page in (chinese, english):
        assert "更换&lt;电容&gt;" in page.text
        assert "王芳" not in page.text
        assert "<script" not in page.text
        assert token not in page.text


@pytest.mark.requirement("R065")
async def test_a_typed_name_accepts_the_repair_and_the_form_may_come_again(world: LinkWorld) -> None:
    link, order = await world.repair()
    sent = ACCEPT | {"answer_id": await form(world, link["token"])}
    first, again = await asyncio.gather(world.send(link["token"], **sent), world.send(link["token"], **sent))
    reloaded = await world.send(link["token"], **sent)
    assert [answer.status_code for answer in (first, again, reloaded)] == [200] * 3
    assert NONCE.sub("", first.text) == NONCE.sub("", reloaded.text)
    shown = await sheet(world, order)
    assert (shown["status"], shown["signed_by"]) == ("accepted", "王芳")
    assert (await world.look(link["token"])).status_code == 404


async def test_reasons_reject_it_and_another_visit_is_ordered(world: LinkWorld) -> None:
    link, order = await world.repair()
    answer = await world.send(link["token"], answer_id=await form(world, link["token"]), **REJECT)
    assert (answer.status_code, "再次上门" in answer.text) == (200, True)
    shown = await sheet(world, order)
    assert (shown["status"], shown["rejection_reasons"]) == ("rejected", ["仍有异响\n<b>"])


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"verdict": "accept"}, "请填写您的姓名"),
        ({"verdict": "accept", "name": "王" * 201}, "姓名最多 200 字"),
        ({"verdict": "accept", "name": "王\u202e"}, "姓名中有无法保存的字符"),
        ({"verdict": "reject", "name": "王芳"}, "请说明原因"),
        ({"verdict": "reject", "reasons": "响" * 2001}, "原因最多 2000 字"),
    ],
)
async def test_what_is_wrong_is_said_and_the_same_form_may_be_mended(
    world: LinkWorld, fields: dict[str, str], said: str
) -> None:
    link, order = await world.repair()
    id = await form(world, link["token"])
    page = await world.send(link["token"], answer_id=id, **fields)
    assert (page.status_code, said in page.text, set(HIDDEN.findall(page.text))) == (422, True, {id})
    assert (await sheet(world, order))["status"] == "completed"
    assert (await world.send(link["token"], answer_id=id, **ACCEPT)).status_code == 200


async def test_a_repair_that_is_not_completed_leaves_the_link_as_it_is(world: LinkWorld) -> None:
    link, order = await world.repair(completed=False)
    assert (await world.look(link["token"])).status_code == 409
    assert (await world.send(link["token"], answer_id=str(uuid4()), **ACCEPT)).status_code == 409
    done = f"dispatch/v1/work-orders/{order}/completion"
    assert (await world.as_role("dispatcher", done, {"result": "好了"})).status_code == 200
    answer = await world.send(link["token"], answer_id=await form(world, link["token"]), **ACCEPT)
    assert answer.status_code == 200


async def test_who_signed_on_site_meanwhile_is_told_so(world: LinkWorld) -> None:
    link, order = await world.repair()
    sent = ACCEPT | {"answer_id": await form(world, link["token"])}
    rejected = await world.as_role("dispatcher", f"dispatch/v1/work-orders/{order}/rejection", {"reasons": ["漏水"]})
    assert rejected.status_code == 200
    assert ((await world.send(link["token"], **sent)).status_code, (await sheet(world, order))["status"]) == (
        409,
        "rejected",
    )


async def test_a_link_of_another_ticket_or_purpose_gives_no_verdict(world: LinkWorld) -> None:
    _, order = await world.repair()
    foreign = await world.issue("acceptance", order)
    progress = await world.issue("progress")
    for link in (foreign, progress):
        answer = await world.send(link["token"], answer_id=str(uuid4()), **ACCEPT)
        assert answer.status_code == 404
    assert (await world.look(foreign["token"])).status_code == 404
    assert (await sheet(world, order))["status"] == "completed"
