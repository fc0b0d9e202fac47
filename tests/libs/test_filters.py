"""Queries of read tables: what is empty or None asks for nothing."""

from uuid import UUID

import sqlalchemy as sa

from libs.events.filters import between, by_id, equal, fitting

parcel = sa.Table(
    "parcel",
    sa.MetaData(),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("state", sa.Text),
    sa.Column("n", sa.Integer),
)


def condition(query: sa.Select[tuple[object]]) -> str:
    compiled = query.compile(compile_kwargs={"literal_binds": True})
    return str(compiled).partition("WHERE ")[2]


def test_an_id_may_come_as_a_uuid() -> None:
    assert condition(by_id(parcel, UUID(int=7))) == f"parcel.id = '{UUID(int=7)}'"


def test_a_filter_without_values_asks_for_nothing() -> None:
    assert condition(fitting(parcel, {"state": [], "n": [3]})) == "parcel.n = 3"


def test_none_is_any() -> None:
    assert equal(parcel.c.n, None) == []
    assert between(parcel.c.n) == []


def test_a_value_that_is_false_is_one() -> None:
    assert condition(sa.select(parcel).where(*equal(parcel.c.n, 0))) == "parcel.n = 0"
    assert condition(sa.select(parcel).where(*between(parcel.c.n, 0, 0))) == "parcel.n >= 0 AND parcel.n < 0"
