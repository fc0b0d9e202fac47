"""Tickets by words: what is on file is found by any of its parts, by whoever may see it."""

from typing import Any

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deploy.devstack.databases import Database
from libs.chassis.identity.auth import ROLES
from services.intake.tickets.view.search import words_of
from tests.caller import Caller
from tests.intake.test_api import opened
from tests.intake.test_erasure import erased
from tests.intake.test_lists import COUNTS, LIST, listed

WANG = {"name": "王小芳", "phones": ["138 0000 1234", "010-65551234"], "address": "北京市朝阳区建国路1号 A-座"}
LEE = {"name": "Lee Österberg", "phones": ["13911112222"], "address": "厦门市思明区"}
SEEN = {role: {"name", "phone", "address"} for role in ("agent", "manager", "dispatcher")} | {
    "triage": {"name", "phone"}
}


async def two(caller: Caller) -> tuple[str, str]:
    """A ticket of Wang's and one of Lee's."""
    wang = await opened(caller, customer=WANG, summary="ＫＦＲ－３５ＧＷ 空调不制冷", requirements="周末上门")
    lee = await opened(caller, customer=LEE, summary="热水器漏水", requirements=None)
    return wang["id"], lee["id"]


async def test_a_ticket_is_found_by_any_part_of_what_is_known_of_it(caller: Caller) -> None:
    wang, lee = await two(caller)
    parts = ("小芳", "王小芳", "00001234", "138-0000", "8613800001234", "65551234", "建国路", "A座", "朝阳 建国")
    for part in (*parts, "制冷", "调不制", "周末", "kfr35", "35gw", "KFR-35GW", "ｋｆｒ", "空调 小芳 1234", "３５ｇｗ"):
        assert await listed(caller, q=part) == [wang], part
    for part in ("lee", "ÖSTER", "sterberg", "2222", "漏水", "思明区 漏水"):
        assert await listed(caller, q=part) == [lee], part
    for part in ("王芳", "小芳 漏水", "99999", "制调", "LIKE%", "zz'&'w", "x:*|wy", "a\\'b"):
        assert await listed(caller, q=part) == [], part


async def test_a_number_is_found_by_any_of_its_digits(caller: Caller) -> None:
    first, second = await opened(caller), await opened(caller)
    number = first["number"]
    for part in (number, number.lower(), number.replace("-", ""), number[2:], number[6:], number.replace("-", "－")):
        assert await listed(caller, q=part) == [first["id"]], part
    assert await listed(caller, q=number[2:8]) == [second["id"], first["id"]]


async def test_several_tickets_of_one_phone_say_why_they_were_found(caller: Caller) -> None:
    wang, _ = await two(caller)
    again = await opened(caller, customer=WANG, summary="话费 1234 元", requirements=None)
    page = (await caller.get(LIST, q="1234")).json()
    assert {item["id"]: item["matches"] for item in page["items"]} == {wang: ["phone"], again["id"]: ["phone", "words"]}
    assert {tuple(item["matches"]) for item in (await caller.get(LIST)).json()["items"]} == {()}


async def test_words_go_together_with_filters_order_pages_and_counts(caller: Caller) -> None:
    ids = [(await opened(caller, region=region))["id"] for region in ("华东", "华北", "华东", "华东")]
    assert await listed(caller, q="空调", region="华东", sort="opened_at") == [ids[0], ids[2], ids[3]]
    page = (await caller.get(LIST, q="空调", limit=3)).json()
    assert await listed(caller, q="空调", cursor=page["next_cursor"]) == [ids[0]]
    assert (await caller.get(LIST, q="制冷", cursor=page["next_cursor"])).json()["code"] == "invalid-cursor"
    counts = (await caller.get(COUNTS, q="空调 王芳", group_by="region")).json()
    assert {item["value"]: item["count"] for item in counts["items"]} == {"华东": 3, "华北": 1}
    assert (await caller.get(COUNTS, q="漏水", group_by="region")).json()["total"] == 0


async def test_who_changes_the_contact_changes_what_it_is_found_by(caller: Caller) -> None:
    wang, _ = await two(caller)
    (item,) = (await caller.get(LIST, q="小芳")).json()["items"]
    answer = await caller.post(f"/v1/customers/{item['customer_id']}/amendment", {"phones": ["13711110000"]})
    assert answer.status_code == 200
    assert (await listed(caller, q="13711110000"), await listed(caller, q="65551234")) == ([wang], [])


async def test_who_is_erased_is_found_by_no_word_but_the_number(caller: Caller) -> None:
    ticket = await opened(caller)
    await erased(caller, ticket["customer_id"])
    for word in ("王芳", "13800000000", "建国路", "空调", "周末"):
        assert await listed(caller, q=word) == [], word
    assert await listed(caller, q=ticket["number"]) == [ticket["id"]]


@pytest.mark.parametrize("role", sorted(ROLES - {"customer"}))
async def test_nobody_finds_by_what_they_may_not_see(caller: Caller, role: str) -> None:
    wang, _ = await two(caller)
    caller.as_role(role)
    if (await caller.get(LIST)).status_code == 403:
        assert (await caller.get(LIST, q="王小芳")).status_code == 403
        return
    for field, part in {"name": "王小芳", "phone": "00001234", "address": "建国路"}.items():
        expected = [wang] if field in SEEN.get(role, ()) else []
        assert await listed(caller, q=part) == expected, (role, part)
    assert await listed(caller, q="制冷") == [wang]


@pytest.mark.parametrize(
    "q",
    [
        *("王", "空 调", "12", "1 2 3", "%", "%%%", "%空_", "空调 & 制冷", "***", "_-_", "。，！", "😀"),
        *(" ", "", "\u200b\u200b", "王\u202e芳", "ab " * 9, "空调" * 51, "x" * 10_240),
    ],
    ids=ascii,
)
async def test_a_search_that_is_none_is_refused_by_its_field(caller: Caller, q: str) -> None:
    for path, more in ((LIST, {}), (COUNTS, {"group_by": "status"})):
        answer = await caller.get(path, q=q, **more)
        assert answer.status_code in (400, 414, 422), answer.text
        if answer.status_code == 422:
            assert [error["field"] for error in answer.json()["errors"]] == ["query.q"]


async def test_it_says_what_a_word_needs_in_the_callers_language(caller: Caller) -> None:
    answer = await caller.http.get(LIST, params={"q": "空调 3"}, headers={"Accept-Language": "zh-CN"})
    assert "每个词至少 2 个字或 3 位数字：3 不够" in answer.text


LETTERS = st.characters(categories=["Lu", "Ll", "Lo", "Nd"], max_codepoint=0xFFFF)
WRITTEN = st.text(
    st.one_of(LETTERS, st.sampled_from("空调不制冷王芳0123456789KFRkfr -－，。３Ｗ")), min_size=1, max_size=60
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(data=st.data())
async def test_what_is_written_is_found_by_any_of_its_parts(caller: Caller, data: Any) -> None:
    written = data.draw(WRITTEN)
    start = data.draw(st.integers(0, len(written) - 1))
    part = written[start : data.draw(st.integers(start + 1, len(written)))]
    for folded in (part, part.replace("-", ""), part.replace("-", "－")):
        if not folded.split():
            continue
        try:
            words = words_of(" ".join(folded.split()[:8]))
        except ValueError:
            continue
        sql = "SELECT search_terms('w', $1) @@ search_query('w', $2)"
        for word in words:
            assert await caller.inbox.store.pool.fetchval(sql, written, word), (written, word)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ＷＸ１２３", "wx123"),
        ("WX-123", "wx123"),
        ("138—0000", "1380000"),
        ("é", "e\u0301"),
        ("Ａ座", "a座"),
        ("ÖL", "öl"),
    ],
)
async def test_what_means_the_same_is_one_word(caller: Caller, one: str, other: str) -> None:
    sql = "SELECT search_terms('w', $1) = search_terms('w', $2)"
    assert await caller.inbox.store.pool.fetchval(sql, one, other)


async def test_its_indexes_are_made_anew_and_counted_by_maintenance_that_knows_no_schema(
    caller: Caller, database: Database
) -> None:
    wang, _ = await two(caller)
    owner = await asyncpg.connect(database.owner_url)
    for command in ("REINDEX INDEX text_search", "REINDEX INDEX ticket_search", "ANALYZE text, ticket"):
        await owner.execute(command)
    await owner.close()
    assert await listed(caller, q="制冷") == [wang]
