"""Keyset paging: by (what the list is sorted by, id), with a cursor that is opaque to the caller.

A cursor belongs to its list, the list's filters and its sort: elsewhere it would quietly skip rows, so it is refused
there.
"""

import base64
import binascii
import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar

import msgspec
import sqlalchemy as sa
from fastapi import Query
from pydantic import BaseModel, Field

from libs.chassis.lists.sift import Sift, directed
from libs.chassis.problems import Problem, invalid
from libs.events.order import Order

DEFAULT, MOST = 50, 200

Limit = Annotated[int, Query(ge=1, le=MOST, description="Rows of one page.")]
Cursor = Annotated[str | None, Query(max_length=512, description="`next_cursor` of the page before.")]

T = TypeVar("T")
_Instant = Annotated[datetime, msgspec.Meta(tz=True)]
_Number = Annotated[int, msgspec.Meta(ge=-(2**31), le=2**31 - 1)]


class Page(BaseModel, Generic[T]):
    """One page of a list, for `response_model=Page[Row]`; `next_cursor` is null on the last page."""

    items: list[T]
    next_cursor: str | None = Field(
        description="Pass it as `cursor` for the next page; null: this was the last.", examples=[None]
    )


class _Cursor(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    """A place, and a digest of the selection that it is a place of."""

    selection: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{12}$")]
    place: msgspec.Raw


def _digest(selection: str) -> str:
    return hashlib.blake2b(selection.encode(), digest_size=6).hexdigest()


def seal(selection: str, place: Any) -> str:
    """The cursor of a place, which is JSON, in the list that `target.selection` names."""
    whole = msgspec.json.encode([_digest(selection), place])
    return base64.urlsafe_b64encode(whole).decode().rstrip("=")


def unseal(selection: str, cursor: str, kind: Any) -> Any:
    """The place behind which the page before ended.

    Raises a 400 problem for a cursor of another list or other filters, and a 422 problem on what `seal` did not make.
    """
    try:
        whole = base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True)
        found = msgspec.json.decode(whole, type=_Cursor)
        if found.selection != _digest(selection):
            raise Problem(
                400, "invalid-cursor", "This cursor is of another list, or of other filters, or of another sort."
            )
        return msgspec.json.decode(found.place, type=kind)
    except (ValueError, OverflowError, binascii.Error, msgspec.MsgspecError):
        raise invalid("query.cursor", "This is no cursor of this list.", "malformed-cursor") from None


class Place(msgspec.Struct, array_like=True, frozen=True, order=True):
    """Where a row stands in a list that is ordered by instant and id."""

    at: Annotated[datetime, msgspec.Meta(tz=True)]
    id: str

    def __post_init__(self) -> None:
        if "\0" in self.id:
            raise ValueError("no row has such an id")
        self.id.encode()
        self.at.astimezone()


class SortedPlace(msgspec.Struct, Generic[T], array_like=True, frozen=True):
    """Where a row stands in a sorted list; `value` is None where the row has nothing to be sorted by."""

    value: T | None
    id: str

    def __post_init__(self) -> None:
        if "\0" in self.id:
            raise ValueError("no row has such an id")
        self.id.encode()
        if isinstance(self.value, datetime):
            self.value.astimezone()


Key = Annotated[str, msgspec.Meta(pattern=r"^[^\x00]+$")]
"""Where a row stands in a list that is ordered by its key."""


def place_kind(order: Order) -> Any:
    """What `unseal` is to find in the cursors of a list that is sorted so."""
    return SortedPlace[_Instant] if isinstance(order.type, sa.DateTime) else SortedPlace[_Number]


def after(
    statement: sa.Select[Any],
    order: Order,
    key: sa.ColumnElement[Any],
    limit: int,
    place: SortedPlace[Any] | None,
    ascending: bool = False,
    sift: Sift | None = None,
) -> sa.Select[Any]:
    """The statement for one page and one row more, which tells whether there is a next page; or as `sift` has it."""
    ends = (order.by, key)
    if place is not None:
        here, there = sa.tuple_(*ends), sa.tuple_(order.bound(place.value), sa.literal(place.id, sa.Text))
        statement = statement.where(here > there if ascending else here < there)
    if sift is not None:
        return sift.page(statement, ends, limit + 1, ascending)
    return statement.order_by(*directed(ends, ascending)).limit(limit + 1)


def page(
    rows: Sequence[T], limit: int, selection: str, place: Callable[[T], Any], tested_to: T | None = None
) -> dict[str, Any]:
    """The answer of a list: what was fetched, without the one row more; `place` gives the place of a row.

    Where there is no row more, it goes on behind the row that was `tested_to`, if there is one.
    """
    items = rows[:limit]
    last = items[-1] if len(rows) > limit else tested_to
    return {"items": items, "next_cursor": None if last is None else seal(selection, place(last))}
