"""The table of a view's rows, made of their Struct."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
import pytest
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import make_url
from sqlalchemy.schema import CreateIndex
from sqlalchemy.types import TypeEngine

from libs.events.event import Instant
from libs.events.table import Note, by_key, newest_first, table

DIALECT = make_url("postgresql+asyncpg://").get_dialect()()


class ParcelRow(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    state: Literal["packed", "sent"] = "packed"
    weight: Annotated[float | None, Note("in kilograms")] = None
    pieces: int
    value: Annotated[int, sa.BigInteger()]
    fragile: bool
    sent_at: Instant | None = None
    marks: list[str] = []
    seen: dict[str, int] | None = None
    known: str | int
    opened_at: datetime


parcel = table("parcel", ParcelRow, sa.MetaData(), newest_first("state"))


@pytest.mark.parametrize(
    ("name", "type", "nullable"),
    [
        ("id", sa.Text, False),
        ("state", sa.Text, False),
        ("weight", sa.Double, True),
        ("pieces", sa.Integer, False),
        ("value", sa.BigInteger, False),
        ("fragile", sa.Boolean, False),
        ("sent_at", sa.DateTime, True),
        ("marks", JSONB, False),
        ("seen", JSONB, True),
        ("known", JSONB, False),
        ("opened_at", sa.DateTime, False),
    ],
)
def test_a_field_is_a_column(name: str, type: type[TypeEngine[object]], nullable: bool) -> None:
    assert (parcel.c[name].type.__class__, parcel.c[name].nullable) == (type, nullable)


def test_the_first_field_is_the_key_and_the_only_one() -> None:
    assert [column.name for column in parcel.primary_key] == ["id"]
    assert [column.name for column in parcel.columns] == list(ParcelRow.__struct_fields__)


def test_instants_keep_their_zone_and_notes_are_comments() -> None:
    assert [c.type.timezone for c in parcel.c if isinstance(c.type, sa.DateTime)] == [True, True]
    assert {c.name: c.comment for c in parcel.c if c.comment} == {"weight": "in kilograms"}


def test_a_list_has_an_index_for_its_order_and_for_each_filter() -> None:
    made = sorted(str(CreateIndex(index).compile(dialect=DIALECT)) for index in parcel.indexes)
    assert made == [
        "CREATE INDEX parcel_opened_at ON parcel (opened_at DESC, id DESC)",
        "CREATE INDEX parcel_state ON parcel (state, opened_at DESC, id DESC)",
    ]


def test_a_list_by_key_has_an_index_for_each_filter() -> None:
    made = table("parcel", ParcelRow, sa.MetaData(), by_key("state"))
    (index,) = made.indexes
    assert str(CreateIndex(index).compile(dialect=DIALECT)) == "CREATE INDEX parcel_state ON parcel (state, id)"
