"""The page of a visit's time as its customer uses it, and as somebody would who has another link."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from services.gateway.links.appointment import FURTHEST, TimeAnswer
from tests.chassis.conftest import LiveIssuer
from tests.conftest import NewDatabase
from tests.gateway.links import DAY, LinkWorld, linked, on_site
from tests.gateway.test_links import NONCE, form_of

SHOWN = re.compile(r'name="(start|end)" value="([^"]+)"')
WISH = {"choice": "wish", "day": f"{DAY}", "part": "afternoon", "note": "下班后\r\n<b>"}


@pytest.fixture
async def world(issuer: LiveIssuer, new_database: NewDatabase, tmp_path: Path) -> AsyncIterator[LinkWorld]:
    async with linked(issuer, new_database, tmp_path) as found:
        yield found


async def asked(world: LinkWorld, link: dict[str, Any]) -> dict[str, str]:
    """What the page's form has in it before anybody chooses."""
    page = await world.look(link["token"])
    assert page.status_code == 200, page.text
    return {"answer_id": form_of(page.text), **dict(SHOWN.findall(page.text))}


async def sheet(world: LinkWorld) -> dict[str, Any]:
    (found,) = (await world.as_role("dispatcher", "dispatch/v1/work-orders")).json()["items"]
    return dict(found)


@pytest.mark.requirement("R010")
async def test_a_customer_confirms_the_time_and_may_send_it_again(world: LinkWorld) -> None:
    link = await world.appointment()
    page = await world.look(link["token"])
    assert f"{DAY} 周" in page.text
    assert "09:00–11:00" in page.text
    assert "待您确认" in page.text
    form = await asked(world, link) | {"choice": "confirm"}
    answers = await asyncio.gather(*(world.send(link["token"], **form) for _ in range(2)))
    answers = [*answers, await world.send(link["token"], **form)]
    assert [answer.status_code for answer in answers] == [200] * 3
    assert len({NONCE.sub("", answer.text) for answer in answers}) == 1
    assert "预约已确认" in answers[0].text
    assert (await sheet(world))["appointment"]["confirmed"]
    assert (await world.look(link["token"])).status_code == 404


@pytest.mark.requirement("R010")
async def test_a_customer_wishes_another_time(world: LinkWorld) -> None:
    link = await world.appointment()
    answer = await world.send(link["token"], **await asked(world, link), **WISH)
    assert (answer.status_code, "已收到您的意愿" in answer.text) == (200, True)
    wish = (await sheet(world))["wish"]
    assert wish["note"] == "下班后\n<b>"
    assert (wish["start"], wish["end"]) == (on_site(12), on_site(18))
    assert not (await sheet(world))["appointment"]["confirmed"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"choice": ""}, "请选择这个时间是否方便"),
        ({"choice": "both"}, "请选择这个时间是否方便"),
        ({"day": ""}, "请选择希望的日期和时段"),
        ({"day": "2026-02-30"}, "请选择希望的日期和时段"),
        ({"part": "night"}, "请选择希望的日期和时段"),
        ({"day": "2026-01-01"}, "请选择今天以后"),
        ({"day": "9999-12-31"}, "请选择今天以后"),
        ({"note": "好" * 501}, "说明最多 500 字"),
        ({"note": "好\u202e"}, "说明中有无法保存的字符"),
    ],
)
async def test_what_is_wrong_is_said_and_the_same_form_may_be_mended(
    world: LinkWorld, changes: dict[str, str], said: str
) -> None:
    link = await world.appointment()
    form = await asked(world, link)
    page = await world.send(link["token"], **form | WISH | changes)
    assert (page.status_code, form_of(page.text)) == (422, form["answer_id"])
    assert said in page.text
    assert (await world.send(link["token"], **form | WISH)).status_code == 200


async def test_a_time_that_was_changed_meanwhile_is_shown_and_confirmed_by_the_same_form(world: LinkWorld) -> None:
    link = await world.appointment()
    form = await asked(world, link) | {"choice": "confirm"}
    moved = {"start": on_site(14), "end": on_site(15), "confirmed": False}
    path = f"dispatch/v1/work-orders/{link_object(await sheet(world))}/appointment"
    assert (await world.as_role("dispatcher", path, moved)).status_code == 200
    page = await world.send(link["token"], **form)
    assert (page.status_code, "预约时间已有变化" in page.text, "14:00–15:00" in page.text) == (422, True, True)
    again = {"answer_id": form_of(page.text), **dict(SHOWN.findall(page.text)), "choice": "confirm"}
    assert (await world.send(link["token"], **again)).status_code == 200
    assert (await sheet(world))["appointment"]["confirmed"]


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Pacific/Apia", "America/New_York"])
def test_the_last_day_that_the_page_offers_can_be_wished_and_the_next_one_cannot(zone: str) -> None:
    site, now = ZoneInfo(zone), datetime(2026, 5, 4, 1, tzinfo=UTC)
    last = now.astimezone(site).date() + FURTHEST
    wishes = [TimeAnswer("1", "wish", "", "", f"{last + timedelta(days=n)}", "evening", "") for n in (0, 1)]
    assert [wish.flaw(site, now) for wish in wishes] == [None, "day_over"]


def link_object(shown: dict[str, Any]) -> str:
    return str(shown["id"])


@pytest.mark.parametrize("changes", [{"start": "now"}, {"start": "", "end": ""}, {"end": "2020-01-01T00:00:00Z"}])
async def test_a_time_that_was_written_in_confirms_nothing(world: LinkWorld, changes: dict[str, str]) -> None:
    link = await world.appointment()
    form = await asked(world, link) | {"choice": "confirm"} | changes
    assert (await world.send(link["token"], **form)).status_code == 422
    assert not (await sheet(world))["appointment"]["confirmed"]


async def test_of_two_people_with_one_link_one_counts(world: LinkWorld) -> None:
    link = await world.appointment()
    forms = [await asked(world, link) | {"choice": "confirm"}, await asked(world, link) | WISH]
    answers = await asyncio.gather(*(world.send(link["token"], **form) for form in forms))
    assert min(answer.status_code for answer in answers) == 200
    assert {answer.status_code for answer in answers} <= {200, 404, 409}
    shown = await sheet(world)
    assert shown["appointment"]["confirmed"] != (shown["wish"] is not None)


async def test_a_link_of_another_visit_shows_and_says_nothing(world: LinkWorld) -> None:
    link = await world.appointment()
    id = link_object(await sheet(world))
    other = await world.issue("appointment", id)
    assert (await world.look(other["token"])).status_code == 404
    form = await asked(world, link) | {"choice": "confirm", "answer_id": str(uuid4())}
    assert (await world.send(other["token"], **form)).status_code == 404
    rating = await world.issue("rating", id)
    assert (await world.send(rating["token"], **form | {"score": "5"})).status_code == 404
    assert not (await sheet(world))["appointment"]["confirmed"]


async def test_once_the_engineer_set_out_the_link_is_over(world: LinkWorld) -> None:
    link = await world.appointment()
    form = await asked(world, link) | {"choice": "confirm"}
    path = f"dispatch/v1/work-orders/{link_object(await sheet(world))}/departure"
    assert (await world.as_role("dispatcher", path, {})).status_code == 200
    assert (await world.look(link["token"])).status_code == 404
    assert (await world.send(link["token"], **form)).status_code == 404


async def test_with_dispatch_away_the_answer_waits_and_is_sent_under_its_own_id(world: LinkWorld) -> None:
    link = await world.appointment()
    form = await asked(world, link) | WISH | {"note": '"><b>'}
    there, world.urls["dispatch"] = world.urls["dispatch"], "http://127.0.0.1:1"
    page = await world.send(link["token"], **form)
    assert (page.status_code, form_of(page.text)) == (503, form["answer_id"])
    assert '"><b>' not in page.text
    for name in ("choice", "start", "end", "day", "part"):
        assert f'name="{name}" value="{form[name]}"' in page.text
    world.urls["dispatch"] = there
    assert (await world.send(link["token"], **form)).status_code == 200
    assert (await sheet(world))["wish"]["note"] == '"><b>'
