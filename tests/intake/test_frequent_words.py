"""Words that many tickets have: a few tickets are tested for them in each answer, and who pages on has them all."""

from itertools import chain
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.intake.tickets.api import filters
from services.intake.tickets.view import frequent_words
from tests.caller import Caller
from tests.intake.test_api import opened
from tests.intake.test_lists import COUNTS, LIST, listed

MATTERS = ("空调不制冷", "空调漏水", "热水器漏水", "冰箱门关不严", "空调有异响")
CALLERS = (
    {"name": "王小芳", "phones": ["13800001234"], "address": "北京市建国路1号"},
    {"name": "李四", "phones": ["13911112222"], "address": "厦门市思明区建国巷"},
)
TESTED = 3


@pytest.fixture
async def ids(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Of ten tickets, oldest first; a word of two of them, or of two customers, is common."""
    for name in ("MOST_GATHERED", "MOST_CUSTOMERS"):
        monkeypatch.setattr(frequent_words, name, 1)
    monkeypatch.setattr(filters, "MOST_TESTED", TESTED)
    return [
        (await opened(caller, customer=CALLERS[n % 2], summary=MATTERS[n % 5], requirements=None))["id"]
        for n in range(10)
    ]


async def pages(caller: Caller, **asked: Any) -> list[list[str]]:
    """The ids of each page, to the last."""
    found: list[list[str]] = []
    cursor: dict[str, str] = {}
    while True:
        page = (await caller.get(LIST, **asked, **cursor)).json()
        found.append([item["id"] for item in page["items"]])
        if page["next_cursor"] is None:
            return found
        cursor = {"cursor": page["next_cursor"]}


async def whole(caller: Caller, **asked: Any) -> list[str]:
    """The ids of all pages."""
    return list(chain.from_iterable(await pages(caller, **asked)))


async def test_a_page_ends_where_so_many_were_tested_and_the_next_goes_on(caller: Caller, ids: list[str]) -> None:
    assert await pages(caller, q="漏水") == [[ids[7]], [ids[6]], [ids[2], ids[1]], []]
    assert await pages(caller, q="漏水", sort="opened_at") == [[ids[1], ids[2]], [], [ids[6], ids[7]], []]
    assert await pages(caller, q="空调", limit=1, sort="-due_at") == [[ids[n]] for n in (9, 6, 5, 4, 1, 0)]


async def test_words_that_no_ticket_has_together_are_looked_for_a_few_tickets_at_a_time(
    caller: Caller, ids: list[str]
) -> None:
    assert await pages(caller, q="热水器 空调") == [[], [], [], []]


async def test_a_word_that_few_have_is_looked_up_and_those_few_are_tested_for_the_others(
    caller: Caller, ids: list[str]
) -> None:
    number = (await caller.get(f"{LIST}/{ids[6]}")).json()["number"]
    assert await pages(caller, q=f"{number} 漏水") == [[ids[6]]]
    assert await pages(caller, q=f"{number} 冰箱") == [[]]


async def test_counts_say_that_they_stopped(caller: Caller, ids: list[str]) -> None:
    counts = (await caller.get(COUNTS, q="漏水", group_by="status")).json()
    assert counts == {"total": 1, "complete": False, "items": [{"value": "open", "count": 1}]}
    counts = (await caller.get(COUNTS, q="漏水", id=ids[1:3], group_by="status")).json()
    assert counts == {"total": 2, "complete": True, "items": [{"value": "open", "count": 2}]}


async def test_an_export_has_all_of_them(caller: Caller, ids: list[str]) -> None:
    caller.as_role("manager")
    sheet = await caller.get(f"{LIST}/export", q="漏水")
    assert len(sheet.text.splitlines()) == 1 + 4


async def test_who_sees_no_contact_is_tested_for_none(caller: Caller, ids: list[str]) -> None:
    assert await whole(caller, q="建国") == ids[::-1]
    caller.as_role("auditor")
    assert await whole(caller, q="建国") == []
    assert await whole(caller, q="漏水") == [ids[n] for n in (7, 6, 2, 1)]


PARTS = st.sampled_from(["空调", "漏水", "热水器", "王小芳", "李四", "建国", "建国路", "1380000", "2222", "不制冷"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30)
@given(words=st.lists(PARTS, min_size=1, max_size=3), sort=st.sampled_from(["opened_at", "-opened_at", "due_at"]))
async def test_tested_or_gathered_the_same_tickets_are_found_in_the_same_order(
    caller: Caller, ids: list[str], words: list[str], sort: str
) -> None:
    tested = await whole(caller, q=" ".join(words), sort=sort)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("MOST_GATHERED", "MOST_CUSTOMERS"):
            patch.setattr(frequent_words, name, 100)
        assert await listed(caller, q=" ".join(words), sort=sort) == tested
