"""Keyset paging: newest first by (instant, id), with a cursor that is opaque to the caller."""

import base64
import binascii
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar

import msgspec
import sqlalchemy as sa
from fastapi import Query
from pydantic import BaseModel, Field

from libs.chassis.problems import Problem, invalid

DEFAULT, MOST = 50, 200

Limit = Annotated[int, Query(ge=1, le=MOST, description="Rows of one page.")]
Cursor = Annotated[str | None, Query(max_length=512, description="`next_cursor` of the page before.")]

T = TypeVar("T")


class Page(BaseModel, Generic[T]):
    """One page of a list, for `response_model=Page[Row]`; `next_cursor` is null on the last page."""

    items: list[T]
    next_cursor: str | None = Field(description="Pass it as `cursor` for the next page; null: this was the last.")


class _Place(msgspec.Struct, array_like=True):
    at: datetime
    id: str


def encode(at: datetime, id: str) -> str:
    """The cursor that stands behind the row of this instant and id."""
    return base64.urlsafe_b64encode(msgspec.json.encode(_Place(at, id))).decode().rstrip("=")


def decode(cursor: str) -> tuple[datetime, str]:
    """Where the page before ended. Raises a 422 problem on what `encode` did not make."""
    try:
        place = msgspec.json.decode(
            base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True), type=_Place
        )
        if place.at.tzinfo is None or "\0" in place.id:
            raise ValueError
        place.id.encode()
        place.at.astimezone()
    except (ValueError, OverflowError, binascii.Error, msgspec.MsgspecError):
        raise malformed() from None
    return place.at, place.id


def malformed() -> Problem:
    """The caller's cursor is not one of ours."""
    return invalid("query.cursor", "This is no cursor of this list.", "malformed-cursor")


def after(
    statement: sa.Select[Any], at: sa.ColumnElement[Any], id: sa.ColumnElement[Any], limit: int, cursor: str | None
) -> sa.Select[Any]:
    """The statement for one page and one row more, which tells whether there is a next page."""
    if cursor is not None:
        place = decode(cursor)
        statement = statement.where(
            sa.tuple_(at, id)
            < sa.tuple_(sa.literal(place[0], sa.DateTime(timezone=True)), sa.literal(place[1], sa.Text))
        )
    return statement.order_by(at.desc(), id.desc()).limit(limit + 1)


def page(rows: list[dict[str, Any]], at: str, id: str, limit: int) -> dict[str, Any]:
    """The answer of a list: what `after` fetched, without the extra row."""
    items = rows[:limit]
    more = len(rows) > limit
    return {"items": items, "next_cursor": encode(items[-1][at], items[-1][id]) if more else None}


Row = Mapping[str, Any]
