"""Rows as PostgreSQL takes them."""

import pytest

from libs.events.log.rows import array_literal
from libs.events.log.store import Store

NASTY = [
    "",
    "plain",
    'with "quotes"',
    "back\\slash",
    "NULL",
    "{a,b}",
    " spaced ",
    "售后，单引号'",
    "line\nbreak",
    '\\"',
]


@pytest.mark.parametrize("texts", [[], [""], ["one", "", "two"], NASTY])
async def test_texts_arrive_in_an_array_whatever_is_in_them(store: Store, texts: list[str]) -> None:
    assert await store.pool.fetchval("SELECT $1::text::text[]", array_literal(texts)) == texts
