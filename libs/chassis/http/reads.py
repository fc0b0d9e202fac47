"""Reads of one request: rows of views, pages of them, and histories of aggregates."""

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID

import asyncpg
import msgspec
import sqlalchemy as sa
from fastapi import Depends, Query
from pydantic import BaseModel
from sqlalchemy.dialects.postgresql import JSONB
from starlette.requests import Request
from starlette.responses import Response

from libs.chassis.etags import of_content
from libs.chassis.http.gate import Turn
from libs.chassis.http.routing import Admitted, encode
from libs.chassis.input.binding import Made
from libs.chassis.input.instant import Instant
from libs.chassis.lists import paging
from libs.chassis.lists.counts import MOST_COUNTED
from libs.chassis.lists.paging import DEFAULT
from libs.chassis.lists.sift import Sift
from libs.chassis.lists.target import selection
from libs.chassis.preconditions import unchanged
from libs.chassis.problems import Problem, busy, invalid, missing
from libs.events import AnyRecorded, Decider
from libs.events.database.connections import fetch
from libs.events.database.schema import event, text
from libs.events.filters import Values, fitting
from libs.events.log.actors import named
from libs.events.log.store import Store
from libs.events.order import Order

S = TypeVar("S")
R = TypeVar("R")

WAIT_SECONDS = 2.0

MinVersion = Annotated[
    int | None, Query(ge=0, le=2_147_483_647, description="Wait up to 2 s until the stream has reached this version.")
]
AsOf = Annotated[Instant | None, Query(description="As it was known at this moment (time of recording).")]


class Reader:
    """Answers of one request from this service's views and histories."""

    __slots__ = ("principal", "request", "store")

    def __init__(self, request: Admitted) -> None:
        self.request = request
        self.principal = request.principal
        self.store = store_of(request)

    async def rows(self, statement: sa.Select[Any], **parameters: Any) -> list[dict[str, Any]]:
        """All rows as dicts; jsonb columns as the values they hold. `parameters`: see `database.fetch`."""
        documents = [c.name for c in statement.selected_columns if isinstance(c.type, JSONB)]
        return [_row(record, documents) for record in await fetch(self.store.pool, statement, **parameters)]

    async def one(self, statement: sa.Select[Any], what: str = "resource", **parameters: Any) -> dict[str, Any]:
        """The one row, or a 404 problem."""
        rows = await self.rows(statement, **parameters)
        if not rows:
            raise missing(what)
        return rows[0]

    async def texts(self, rows: Iterable[Mapping[str, Any]], *columns: str) -> dict[str, str]:
        """People's words by the ids in these columns of the rows; what was erased is missing."""
        ids = sorted({row[column] for row in rows for column in columns if row[column] is not None})
        statement: sa.Select[Any] = sa.select(text.c.id, text.c.body).where(text.c.id.in_(ids))
        return {row["id"]: row["body"] for row in await self.rows(statement)} if ids else {}

    async def names(self, actors: Collection[str | None]) -> dict[str, str]:
        """The names of these people by pseudonym; who is not known here is missing."""
        ids = {actor for actor in actors if actor is not None}
        return {row["id"]: row["name"] for row in await self.rows(named(ids))} if ids else {}

    async def batched(self, statement: sa.Select[Any], **question: Any) -> dict[str, Any]:
        """The row of a question that is put together with those of other requests: see `Store.batched`."""
        return dict(await self.store.batched(statement, question))

    async def page(
        self,
        statement: sa.Select[Any],
        table: sa.Table,
        limit: int = DEFAULT,
        cursor: str | None = None,
        sort: str = "-opened_at",
        orders: Mapping[str, Order] | None = None,
        sift: Sift | None = None,
    ) -> dict[str, Any]:
        """{items, next_cursor}: sorted, with `-` in descending order, by an order of this name or else by the column.

        What the order and the primary key of `table` read is among the selected columns. With a `sift` a page may be
        short, and yet not the last.
        """
        (key,) = table.primary_key.columns
        name = sort.removeprefix("-")
        order = orders[name] if orders and name in orders else Order(table.c[name])
        place = self.place_as(paging.place_kind(order), cursor)
        rows = await self.rows(paging.after(statement, order, key, limit, place, name == sort, sift))
        rows, tested_to = (rows, None) if sift is None else sift.parted(rows)
        return self.paged(rows, limit, lambda row: paging.SortedPlace(order.value(row), row[key.name]), tested_to)

    async def sums(
        self,
        table: sa.Table,
        item: type[BaseModel],
        filters: Mapping[str, Values],
        limit: int = DEFAULT,
        cursor: str | None = None,
    ) -> dict[str, Any]:
        """{items, next_cursor} of what a `Count` has added up: of rows that fit the filters, by key, the item's fields.

        Rows that came down to zeros are left out.
        """
        (key,) = table.primary_key.columns
        some = sa.or_(*(column != 0 for column in table.columns if isinstance(column.type, sa.Integer)))
        query = fitting(table, filters).where(some).order_by(key).limit(limit + 1)
        place: str | None = self.place_as(paging.Key, cursor)
        rows = await self.rows(query if place is None else query.where(key > place))
        page = self.paged(rows, limit, lambda row: row[key.name])
        return page | {"items": [{name: row[name] for name in item.model_fields} for row in page["items"]]}

    async def counts(
        self, statement: sa.Select[Any], column: sa.ColumnElement[Any], sift: Sift | None = None
    ) -> dict[str, Any]:
        """Of `Counts`: how many rows of a list there are for each value of a column of theirs, up to MOST_COUNTED.

        With a `sift`, of the first rows of an ordered statement.
        """
        value = sa.cast(column, sa.Text).label("value")
        if sift is not None:
            return sift.counts(await self.rows(sift.counted(statement, value)))
        some = statement.with_only_columns(value).limit(MOST_COUNTED).subquery()
        count = sa.func.count().label("count")
        items = await self.rows(sa.select(some.c.value, count).group_by(some.c.value).order_by(some.c.value))
        total = sum(item["count"] for item in items)
        return {"total": total, "complete": total < MOST_COUNTED, "items": items}

    def place(self, cursor: str | None) -> paging.Place | None:
        """Where the page before ended, in this list with these filters. Raises the problems of `paging.unseal`."""
        found: paging.Place | None = self.place_as(paging.Place, cursor)
        return found

    def place_as(self, kind: Any, cursor: str | None) -> Any:
        """The same in a list that has places of another kind."""
        return None if cursor is None else paging.unseal(self._list(), cursor, kind)

    def paged(
        self, rows: Sequence[R], limit: int, place: Callable[[R], Any], tested_to: R | None = None
    ) -> dict[str, Any]:
        """{items, next_cursor} of rows of which one more than `limit` was fetched, or that end as `tested_to` says."""
        return paging.page(rows, limit, self._list(), place, tested_to)

    def _list(self) -> str:
        """Which list this is, of which service, and what it is filtered by."""
        return f"{self.store.name} {selection(self.request)}"

    async def wait(self, stream: str, min_version: int | None) -> None:
        """Return when the stream has reached `min_version`; after 2 s a 409 problem."""
        await wait(self.store, stream, min_version, self.request.turn)

    async def wait_for_one(
        self,
        decider: Decider[Any, Any, Any],
        ids: Sequence[UUID | str],
        min_version: int | None,
        named: str = "ticket_id",
    ) -> None:
        """The same before a list: of the stream of the one id that it is filtered by. Raises a 422 problem for more."""
        if not min_version:
            return
        if len(ids) != 1:
            raise invalid("query.min_version", f"It is the version of one stream: give one `{named}`.")
        await self.wait(decider.stream(str(ids[0])), min_version)

    async def history(
        self, decider: Decider[Any, Any, Any], id: str, as_of: datetime | None = None, what: str = "resource"
    ) -> list[AnyRecorded]:
        """The events of one aggregate, those recorded up to `as_of`; a 404 problem when there are none."""
        history = await self.store.read(decider.stream(id), as_of)
        if not history:
            raise missing(what)
        return history

    async def state(
        self, decider: Decider[Any, S, Any], id: str, as_of: datetime | None = None, what: str = "resource"
    ) -> tuple[S, int]:
        """State and version of one aggregate, as known at `as_of`; a 404 problem when there is none."""
        history = await self.history(decider, id, as_of, what)
        return decider.replay(history), history[-1].version

    def answer(self, content: Any, *, version: int | None = None, status: int = 200) -> Response:
        """`content` as JSON; with `version` it has an ETag and answers what is asked by one: 304, or a 412 problem."""
        body = encode(content)
        if version is None:
            return Response(body, status, None, "application/json")
        tag = of_content(version, body)
        if unchanged(self.request.headers, version, tag):
            return Response(None, 304, {"etag": tag})
        return Response(body, status, {"etag": tag}, "application/json")


async def wait(store: Store, stream: str, min_version: int | None, turn: Turn) -> None:
    """Return when the stream has reached `min_version`; after 2 s a 409 problem. In between others have our turn."""
    if not min_version:
        return
    newest = sa.select(sa.func.max(event.c.version).label("version")).where(event.c.stream == stream)
    deadline = asyncio.get_running_loop().time() + WAIT_SECONDS
    while ((await fetch(store.pool, newest))[0]["version"] or 0) < min_version:
        if asyncio.get_running_loop().time() >= deadline:
            raise Problem(409, "version-not-reached", "That version is not here yet.", headers={"Retry-After": "1"})
        turn.give_back()  # who only waits keeps nobody from working
        await asyncio.sleep(0.05)
        await turn.take()


def _row(record: asyncpg.Record, documents: list[str]) -> dict[str, Any]:
    row = dict(record)
    for name in documents:
        if isinstance(row[name], str):
            row[name] = msgspec.json.decode(row[name])
    return row


def store_of(request: Request) -> Store:
    """The service's store. Raises a 503 problem until the database was reached for the first time."""
    store: Store | None = getattr(request.app.state, "store", None)
    if store is None:
        raise busy("database-unreachable", "The database is out of reach for now.")
    return store


Reads = Annotated[Reader, Depends(Made(Reader))]
"""The annotation of a route's parameter that reads."""
