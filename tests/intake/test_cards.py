"""Numbers of warranty cards over HTTP: one stands on one asset, whoever asks at once, however it came there."""

import asyncio

import pytest

from tests.caller import Caller
from tests.intake.test_accounts import ASSETS, PUMP, SITE, customer, installed
from tests.intake.test_api import problem


@pytest.mark.requirement("R123")
async def test_a_card_number_that_stands_is_refused_and_the_answer_names_its_asset(caller: Caller) -> None:
    who = await customer(caller)
    first = await installed(caller, who, days={"card_number": "BX-1"})
    second = await installed(caller, who, serial="SN-2")
    form = {"customer_id": who, "model": "M", "site": SITE, "parts": [PUMP], "days": {"card_number": "bx-1"}}
    for answer in (
        await caller.post(ASSETS, form),
        await caller.post(f"{ASSETS}/{second}/days", {"card_number": "BX-1"}),
        await caller.post(f"{ASSETS}/{second}/warranty-card", {"number": "BX-1"}),
    ):
        assert (problem(answer), answer.json()["asset_id"]) == ((409, "card-taken"), first)
    assert (await caller.post(f"{ASSETS}/{first}/days", {"card_number": "BX-1"})).status_code == 200
    assert (await caller.post(f"{ASSETS}/{second}/warranty-card", {"number": "BX-2"})).status_code == 200


@pytest.mark.requirement("R123")
async def test_a_number_that_was_put_right_is_free_again(caller: Caller) -> None:
    who = await customer(caller)
    first = await installed(caller, who, days={"card_number": "BX-1"})
    second = await installed(caller, who, serial="SN-2")
    assert (await caller.post(f"{ASSETS}/{first}/days", {"card_number": "BX-11"})).status_code == 200
    assert (await caller.post(f"{ASSETS}/{second}/days", {"card_number": "BX-1"})).status_code == 200
    assert problem(await caller.post(f"{ASSETS}/{second}/days", {"card_number": "BX-11"})) == (409, "card-taken")


@pytest.mark.requirement("R123")
async def test_of_many_that_give_one_number_at_once_one_does(caller: Caller) -> None:
    who = await customer(caller)
    ids = [await installed(caller, who, serial=f"SN-{number}") for number in range(4)]
    asked = (caller.post(f"{ASSETS}/{id}/warranty-card", {"number": "BX-9"}) for id in ids)
    answers = await asyncio.gather(*asked)
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    assert {problem(answer)[1] for answer in answers if answer.status_code == 409} == {"card-taken"}
    assert len((await caller.get(ASSETS, begins="BX-9")).json()["items"]) == 1


async def test_a_number_from_before_numbers_were_kept_apart_stands_too(caller: Caller) -> None:
    who = await customer(caller)
    first = await installed(caller, who, days={"card_number": "BX-1"})
    await caller.inbox.store.pool.execute("UPDATE asset SET card_number = 'BX-OLD' WHERE id = $1", first)
    second = await installed(caller, who, serial="SN-2")
    answer = await caller.post(f"{ASSETS}/{second}/days", {"card_number": "bx-old"})
    assert (problem(answer), answer.json()["asset_id"]) == ((409, "card-taken"), first)


async def test_a_command_that_is_sent_again_is_answered_as_before(caller: Caller) -> None:
    who = await customer(caller)
    form = {"customer_id": who, "model": "M", "site": SITE, "parts": [PUMP], "days": {"card_number": "BX-1"}}
    first, again = [await caller.post(ASSETS, form, key="same") for _ in range(2)]
    assert (first.status_code, again.status_code, first.json()["id"]) == (201, 201, again.json()["id"])
