"""Links as their holders use them, and as those would who hold another one or none."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import get_args
from uuid import uuid4

import pytest

from libs.events.contracts.intake.tickets import TicketStatus
from services.gateway.links.attempts import OPENED, WRONG, Attempts, network_of
from services.gateway.links.domain import STEPS, Rating, Verdict, language_of
from services.gateway.links.words import WORDS
from tests.chassis.conftest import LiveIssuer
from tests.conftest import NewDatabase
from tests.gateway.links import ADDRESS, HOTLINE, LinkWorld, linked
from tests.survey.story import C

HIDDEN = re.compile(r'name="answer_id" value="([0-9a-f-]{36})"')
NONCE = re.compile(r"nonce[-=][\"']?([\w-]+)")


@pytest.fixture
async def world(issuer: LiveIssuer, new_database: NewDatabase, tmp_path: Path) -> AsyncIterator[LinkWorld]:
    async with linked(issuer, new_database, tmp_path) as found:
        yield found


def form_of(page: str) -> str:
    (answer_id,) = HIDDEN.findall(page)
    return str(answer_id)


async def score(world: LinkWorld) -> int | None:
    found: int | None = (await world.as_agent(f"survey/v1/callbacks/{C}")).json()["score"]
    return found


async def test_a_customer_sees_how_far_it_is_in_their_language(world: LinkWorld) -> None:
    token = (await world.issue("progress"))["token"]
    chinese, english = await world.look(token), await world.look(token, **{"Accept-Language": "en-GB,en"})
    assert (chinese.status_code, english.status_code) == (200, 200)
    assert '<html lang="zh-CN">' in chinese.text
    assert "我们已收到您的报修" in chinese.text
    assert '<html lang="en">' in english.text
    assert "We have your report" in english.text
    assert re.search(r"WX\d{8}-\d{4}", chinese.text)
    assert "王芳" not in chinese.text + english.text
    assert f'href="tel:{HOTLINE}"' in chinese.text


async def test_a_progress_renews_itself_until_its_reader_stops_it_or_it_is_over(world: LinkWorld) -> None:
    ticket = await world.ticket()
    token = (await world.issue("progress", ticket_id=ticket))["token"]
    page = await world.look(token)
    assert (page.headers["refresh"], "still=1" in page.text) == ("60", True)
    stopped = await world.http.get(f"{world.url}/links/{token}?lang=en&still=1", headers={ADDRESS: "203.0.113.1"})
    assert ("refresh" in stopped.headers, "Renew it by itself" in stopped.text) == (False, True)
    await world.as_agent(f"intake/v1/tickets/{ticket}/cancellation", {"reason": "客户已自行解决"})
    over = await world.look(token)
    assert ("refresh" in over.headers, "still=1" in over.text, over.status_code) == (False, False, 200)
    assert "refresh" not in (await world.look((await world.rating())["token"])).headers


async def test_both_holders_read_that_their_tickets_are_dealt_with_together_and_then_by_themselves(
    world: LinkWorld,
) -> None:
    first, second = await world.ticket(), await world.ticket()
    goes_on, merged = [(await world.issue("progress", ticket_id=id))["token"] for id in (first, second)]
    path = f"intake/v1/tickets/{second}/duplicate"
    await world.as_agent(path, {"of": first, "reason": "同一台电梯，两位住户报修"})
    assert "已合并处理" in (await world.look(merged)).text
    assert "已合并到本单一并处理" in (await world.look(goes_on)).text
    assert "已撤销" not in (await world.look(merged)).text
    await world.as_agent(f"{path}/withdrawal", {"reason": "是另一台设备"})
    for token in (goes_on, merged):
        english = await world.look(token, **{"Accept-Language": "en"})
        assert "dealt with by itself again" in english.text


async def test_a_rating_completes_the_callback_and_may_be_sent_again(world: LinkWorld) -> None:
    token = (await world.rating())["token"]
    form = {"answer_id": form_of((await world.look(token)).text), "score": "4", "comment": "很好\r\n<b>"}
    first, again = await asyncio.gather(world.send(token, **form), world.send(token, **form))
    reloaded = await world.send(token, **form)
    assert [answer.status_code for answer in (first, again, reloaded)] == [200] * 3
    assert NONCE.sub("", first.text) == NONCE.sub("", again.text) == NONCE.sub("", reloaded.text)
    assert "感谢您的评价" in reloaded.text
    assert (await world.as_agent(f"survey/v1/callbacks/{C}")).json()["comment"] == "很好\n<b>"
    assert await score(world) == 4
    assert (await world.look(token)).status_code == 404


async def test_of_two_people_with_one_link_one_counts(world: LinkWorld) -> None:
    token = (await world.rating())["token"]
    forms = [{"answer_id": form_of((await world.look(token)).text), "score": number} for number in ("1", "5")]
    answers = [await world.send(token, **form) for form in forms]
    assert [answer.status_code for answer in answers] == [200, 404]
    assert await score(world) == 1
    changed = await world.send(token, **forms[0] | {"score": "5"})
    assert (changed.status_code, await score(world)) == (409, 1)


async def test_who_was_called_meanwhile_is_told_so(world: LinkWorld) -> None:
    token = (await world.rating())["token"]
    form = {"answer_id": form_of((await world.look(token)).text), "score": "1"}
    called = await world.as_agent(f"survey/v1/callbacks/{C}/attempts", {"outcome": "reached", "score": 5})
    assert called.status_code == 200
    assert ((await world.send(token, **form)).status_code, await score(world)) == (409, 5)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"comment": "好"}, "请选择一项满意度"),
        ({"score": "6"}, "请选择一项满意度"),
        ({"score": "5", "comment": "好" * 2001}, "意见最多 2000 字"),
        ({"score": "5", "comment": "好\u202e"}, "意见中有无法保存的字符"),
    ],
)
async def test_what_is_wrong_is_said_and_the_same_form_may_be_mended(
    world: LinkWorld, fields: dict[str, str], said: str
) -> None:
    token = (await world.rating())["token"]
    id = form_of((await world.look(token)).text)
    page = await world.send(token, answer_id=id, **fields)
    assert (page.status_code, form_of(page.text)) == (422, id)
    assert said in page.text
    assert fields.get("comment", "") in page.text
    assert (await world.send(token, answer_id=id, score="3")).status_code == 200
    assert await score(world) == 3


@pytest.mark.parametrize("body", [b"", b"score=5", b"answer_id=1&score=5", b"\xff\xfe", b"&".join([b"a=1"] * 99)])
async def test_what_no_form_of_ours_says_counts_as_nothing(world: LinkWorld, body: bytes) -> None:
    token = (await world.rating())["token"]
    answer = await world.http.post(f"{world.url}/links/{token}", content=body)
    assert (answer.status_code, await score(world)) == (404, None)
    assert (await world.look(token)).status_code == 200


async def test_a_link_of_another_ticket_rates_nothing(world: LinkWorld) -> None:
    await world.rating()
    other = (await world.issue("rating", C))["token"]
    page = await world.look(other)
    answer = await world.send(other, answer_id=form_of(page.text), score="1")
    assert (answer.status_code, await score(world)) == (404, None)


async def test_a_link_to_look_takes_no_answer(world: LinkWorld) -> None:
    token = (await world.issue("progress"))["token"]
    assert (await world.send(token, answer_id=str(uuid4()), score="5")).status_code == 404


async def test_whatever_opens_nothing_shows_one_page(world: LinkWorld) -> None:
    revoked = await world.issue("progress")
    await world.as_agent(f"intake/v1/links/{revoked['id']}/revocation", {})
    pages = [await world.look(token) for token in (revoked["token"], "x" * 43, "short", "%3Cscript%3E", "x" * 5000)]
    assert {page.status_code for page in pages} == {404}
    assert len({NONCE.sub("", page.text) for page in pages}) == 1
    assert HOTLINE in pages[0].text
    assert "script" not in pages[3].text


async def test_ten_thousand_tries_ask_intake_a_few_times(world: LinkWorld) -> None:
    good = (await world.issue("progress"))["token"]
    answers = [(await world.look(uuid4().hex * 2, "203.0.113.9")).status_code for _ in range(WRONG.amount + 30)]
    assert answers == [404] * WRONG.amount + [429] * 30
    refused = await world.look(good, "203.0.113.9")
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "600")
    assert (await world.look(good, "203.0.113.10")).status_code == 200


async def test_one_link_is_opened_so_often_from_wherever() -> None:
    attempts = Attempts()
    may = [await attempts.may(f"198.51.100.{number}", "hash") for number in range(OPENED.amount + 5)]
    assert may == [True] * OPENED.amount + [False] * 5
    assert await attempts.may("198.51.100.1", "another")


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::7", "2001:db8:1:2::/64"),
        ("", "unknown"),
        ("anything", "unknown"),
    ],
)
def test_tries_are_counted_by_who_an_address_belongs_to(address: str, network: str) -> None:
    assert network_of(address) == network


async def test_the_address_is_a_key_that_no_page_tells(world: LinkWorld) -> None:
    for token in ((await world.issue("progress"))["token"], (await world.rating())["token"], "x" * 43):
        page = await world.look(token)
        headers = page.headers
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == "no-store"
        assert headers["x-robots-tag"] == "noindex, nofollow"
        policy = dict(part.partition(" ")[::2] for part in headers["content-security-policy"].split("; "))
        assert policy.keys() == {"default-src", "style-src", "form-action", "base-uri", "frame-ancestors"}
        assert policy["default-src"] == "'none'"
        assert token not in page.text
        assert "<script" not in page.text
        assert "set-cookie" not in headers


async def test_keys_are_published_without_their_secrets(world: LinkWorld) -> None:
    (key,) = (await world.http.get(f"{world.url}/.well-known/jwks.json")).json()["keys"]
    assert key.keys() == {"kty", "crv", "x", "y", "use", "alg", "kid"}


async def test_with_a_service_away_the_answer_waits_and_is_sent_under_its_own_id(world: LinkWorld) -> None:
    token = (await world.rating())["token"]
    form = {"answer_id": form_of((await world.look(token)).text), "score": "2", "comment": '"><b>'}
    there, world.urls["survey"] = world.urls["survey"], "http://127.0.0.1:1"
    page = await world.send(token, **form)
    assert (page.status_code, form_of(page.text)) == (503, form["answer_id"])
    assert '"><b>' not in page.text
    world.urls["survey"] = there
    assert ((await world.send(token, **form)).status_code, await score(world)) == (200, 2)
    world.urls["intake"] = "http://127.0.0.1:1"
    away = await world.look(token)
    assert (away.status_code, away.headers["refresh"]) == (503, "60")


def test_both_languages_say_everything_and_every_status_has_its_sentence() -> None:
    assert WORDS["zh-CN"].keys() == WORDS["en"].keys()
    assert WORDS["zh-CN"].keys() >= {*get_args(TicketStatus)} == {*STEPS, "cancelled"}


@pytest.mark.parametrize(
    ("chosen", "accepted", "language"),
    [
        (None, "", "zh-CN"),
        (None, "en-GB,en;q=0.9", "en"),
        (None, "de-DE", "zh-CN"),
        ("en", "zh-CN", "en"),
        ("zh-CN", "en", "zh-CN"),
        ("<b>", "en", "en"),
    ],
)
def test_the_language_is_chosen_or_the_browsers(chosen: str | None, accepted: str, language: str) -> None:
    assert language_of(chosen, accepted) == language


def test_a_form_without_an_id_of_its_own_is_none() -> None:
    assert Rating.of({"answer_id": "no", "score": "5"}) is None
    assert Verdict.of({"answer_id": "no", "verdict": "accept"}) is None
    assert Verdict.of({"answer_id": str(uuid4()), "verdict": "perhaps"}) is None
