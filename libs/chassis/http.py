"""What an api/ module needs: a router whose routes declare roles, commands in, views out.

    router = Router(prefix="/v1/cases", tags=["cases"])

    class Classification(CommandBody):                       # unknown fields are refused, `occurred_at` is optional
        level: Annotated[int, Field(ge=1, le=4)]

    @router.post("/{ticket_id}/classification", dependencies=[allow("triage", "manager")])
    async def classify(ticket_id: UUID, body: Classification, commands: Commands) -> Response:
        '''Say how bad the fault is.'''                      # the docstring is the operation's description
        return await commands.run(case.on(str(ticket_id), ClassifyFault(level=body.level)), body)

    @router.post("", status_code=201, dependencies=[allow("agent")])
    async def open(body: NewTicket, commands: Commands) -> Response:
        id, words = new_id(), Text.of(subject_id, body.summary)
        tale = ticket.begin(id, OpenTicket(...))             # or `lambda: story(id, ...)`: a story may be told again
        return await commands.run(tale, body, texts=[words], creates=True,
                                  extra=lambda decided: {"ticket_id": id, "number": decided[0].state.number})

    @router.get("", dependencies=[allow("triage", "service", "auditor")], response_model=Page[CaseRow])
    async def list_cases(reads: Reads, level: int | None = None, limit: Limit = DEFAULT, cursor: Cursor = None) -> Any:
        query = sa.select(cases) if level is None else sa.select(cases).where(cases.c.level == level)
        return await reads.page(query, cases, limit, cursor)      # newest first by (opened_at, primary key)

    @router.get("/{ticket_id}", dependencies=[allow("triage")], response_model=CaseRow)
    async def one(ticket_id: UUID, reads: Reads, min_version: MinVersion = None) -> Any:
        await reads.wait(case.stream(str(ticket_id)), min_version)
        row = await reads.one(sa.select(cases).where(cases.c.id == str(ticket_id)), "case")     # dict; else 404
        return reads.answer(row, version=row["version"])         # with ETag; or just `return row`

A route may return a Response, or anything msgspec encodes (dict, list, Struct, dataclass): the answer is its JSON.
Instants that come in are `Instant` (aware, RFC 3339, years 1970 to 9999, turned to UTC), strings need a max_length,
integers a bound. `raise Problem(409, "code", "A sentence.")`, `missing("case")` or `invalid("body.level", "…")` say no.
"""

import asyncio
import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID

import asyncpg
import msgspec
import sqlalchemy as sa
from fastapi import Depends, Query
from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field
from sqlalchemy.dialects.postgresql import JSONB
from starlette.requests import Request
from starlette.responses import Response
from uuid_utils import uuid7

from libs.chassis import paging
from libs.chassis.auth import Principal, allow
from libs.chassis.binding import Made
from libs.chassis.paging import DEFAULT, Cursor, Limit, Page
from libs.chassis.preconditions import expected_version
from libs.chassis.problems import FieldError, Problem, busy, invalid, missing
from libs.chassis.routing import Admitted, CommandAnswer, Router, encode
from libs.chassis.tracing import trace
from libs.events import AnyRecorded, Decider, Do, Refused
from libs.events.database import fetch
from libs.events.intent import Answer, Idempotency, Intent
from libs.events.schema import event
from libs.events.store import Store
from libs.events.texts import Text
from libs.events.unit import Decided, StaleVersion, Tale

__all__ = [
    "DEFAULT",
    "UUID",
    "AsOf",
    "CommandAnswer",
    "CommandBody",
    "Commands",
    "Cursor",
    "FieldError",
    "Instant",
    "Limit",
    "MinVersion",
    "Page",
    "Principal",
    "Problem",
    "Reads",
    "Response",
    "Router",
    "allow",
    "invalid",
    "missing",
    "new_id",
]  # fmt: skip

S = TypeVar("S")

WAIT_SECONDS = 2.0
_YEARS = (datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC))


def _in_range(at: datetime) -> datetime:
    try:
        utc = at.astimezone(UTC)
    except OverflowError:
        raise ValueError("out of range") from None
    if not _YEARS[0] <= utc < _YEARS[1]:
        raise ValueError("should be between the years 1970 and 9999")
    return utc


_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", re.ASCII | re.IGNORECASE)


def _rfc_3339(at: object) -> object:
    if isinstance(at, datetime) or (isinstance(at, str) and _RFC_3339.fullmatch(at)):
        return at
    raise ValueError("should be an instant with its offset, such as 2026-03-02T09:00:00+08:00")


Instant = Annotated[
    AwareDatetime,
    BeforeValidator(_rfc_3339),
    AfterValidator(_in_range),
    Field(examples=["2026-03-02T09:00:00+08:00"]),
]
"""A moment in RFC 3339 with its offset."""

MinVersion = Annotated[
    int | None, Query(ge=0, le=2_147_483_647, description="Wait up to 2 s until the stream has reached this version.")
]
AsOf = Annotated[Instant | None, Query(description="As it was known at this moment (time of recording).")]


class CommandBody(BaseModel):
    """What every command's body may carry. Subclass it; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    occurred_at: Instant | None = Field(None, description="When it happened, if not now; never in the future.")


def new_id() -> str:
    """An id for a new aggregate: uuid7, so that ids sort by age."""
    return str(uuid7())


Extra = Mapping[str, Any] | Callable[[Sequence[Decided]], Mapping[str, Any]]
"""More fields of an answer, perhaps worked out from what the commands came to, in the order of the story."""


class CommandRunner:
    """Runs one request's command: idempotency, expected version, one transaction, one answer."""

    __slots__ = ("principal", "request", "store")

    def __init__(self, request: Admitted) -> None:
        self.request = request
        self.principal = request.principal
        self.store = store_of(request)

    async def run(
        self,
        tale: Tale,
        body: CommandBody,
        *,
        texts: Sequence[Text] = (),
        rows: Sequence[tuple[sa.Table, dict[str, Any]]] = (),
        creates: bool = False,
        extra: Extra | None = None,
        now: datetime | None = None,
    ) -> Response:
        """Decide and commit `tale`, one command or a function that begins a story, in one transaction.

        `texts` and `rows` are written beside the log in the same transaction.

        Answers 200 (201 if it `creates`) {id, version, status, **extra} with ETag, where id, version and status are
        those of the first stream. Raises problems: 404 when that stream is empty and the command does not create it,
        409 for a broken rule, 412 for a stale If-Match, 413 for an event over its limit, 422 for an occurred_at in the
        future or a reused Idempotency-Key.
        """
        intent = self._intent(body, texts, rows, now)
        try:
            outcome = await self.store.run(tale, intent, lambda decided: _answer(decided, creates, extra))
        except (Refused, StaleVersion):
            if not creates and not await self.store.read(_first(tale).stream):
                raise missing() from None
            raise
        return _respond(outcome.answer)

    def _intent(
        self,
        body: CommandBody,
        texts: Sequence[Text],
        rows: Sequence[tuple[sa.Table, dict[str, Any]]],
        now: datetime | None,
    ) -> Intent:
        current = trace()
        return Intent(
            actor=self.principal.subject,
            occurred_at=body.occurred_at,
            correlation_id=current.trace_id,
            traceparent=current.traceparent,
            idempotency=self._idempotency(),
            expected=expected_version(self.request.headers),
            texts=texts,
            rows=rows,
            now=now,
        )

    def _idempotency(self) -> Idempotency:
        scope = self.request.scope
        where = f"{scope['method']} {scope['path']}"
        return Idempotency(
            scope=hashlib.sha256(f"{self.principal.issuer}\n{self.principal.subject}\n{where}".encode()).hexdigest(),
            key=self.request.headers["idempotency-key"],
            request_hash=hashlib.sha256(where.encode() + b"\n" + self.request.raw).hexdigest(),
        )


def _first(tale: Tale) -> Do:
    return tale if isinstance(tale, Do) else next(tale())


def _answer(decided: Sequence[Decided], creates: bool, extra: Extra | None) -> Answer:
    first = decided[0]
    if not creates and first.version == len(first.events):
        raise missing()
    more = extra(decided) if callable(extra) else extra or {}
    body = {"id": first.id, "version": first.version, "status": first.status, **more}
    return Answer(status=201 if creates else 200, body=encode(body).decode(), etag=f'"{first.version}"')


def _respond(answer: Answer | None) -> Response:
    assert answer is not None  # the store answers whatever `_answer` made
    headers = {"etag": answer.etag} if answer.etag else {}
    if answer.replayed:
        headers["idempotency-replayed"] = "true"
    return Response(answer.body, answer.status, headers, "application/json")


class Reader:
    """Answers of one request from this service's views and histories."""

    __slots__ = ("principal", "store")

    def __init__(self, request: Admitted) -> None:
        self.principal = request.principal
        self.store = store_of(request)

    async def rows(self, statement: sa.Select[Any]) -> list[dict[str, Any]]:
        """All rows as dicts; jsonb columns as the values they hold."""
        documents = [c.name for c in statement.selected_columns if isinstance(c.type, JSONB)]
        return [_row(record, documents) for record in await fetch(self.store.pool, statement)]

    async def one(self, statement: sa.Select[Any], what: str = "resource") -> dict[str, Any]:
        """The one row, or a 404 problem."""
        rows = await self.rows(statement)
        if not rows:
            raise missing(what)
        return rows[0]

    async def page(
        self,
        statement: sa.Select[Any],
        table: sa.Table,
        limit: int = DEFAULT,
        cursor: str | None = None,
        at: str = "opened_at",
    ) -> dict[str, Any]:
        """{items, next_cursor}: newest first by (`at`, primary key) of `table`, both among the selected columns."""
        (key,) = table.primary_key.columns
        rows = await self.rows(paging.after(statement, table.c[at], key, limit, cursor))
        return paging.page(rows, at, key.name, limit)

    async def wait(self, stream: str, min_version: int | None) -> None:
        """Return when the stream has reached `min_version`; after 2 s a 409 problem."""
        if not min_version:
            return
        newest = sa.select(sa.func.max(event.c.version).label("version")).where(event.c.stream == stream)
        deadline = asyncio.get_running_loop().time() + WAIT_SECONDS
        while ((await fetch(self.store.pool, newest))[0]["version"] or 0) < min_version:
            if asyncio.get_running_loop().time() >= deadline:
                raise Problem(409, "version-not-reached", "That version is not here yet.", headers={"Retry-After": "1"})
            await asyncio.sleep(0.05)

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
        return decider.fold(recorded.event for recorded in history), history[-1].version

    def answer(self, content: Any, *, version: int | None = None, status: int = 200) -> Response:
        """`content` as JSON, with the ETag of `version`."""
        headers = {"etag": f'"{version}"'} if version is not None else None
        return Response(encode(content), status, headers, "application/json")


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


Commands = Annotated[CommandRunner, Depends(Made(CommandRunner))]
"""The annotation of a route's parameter that runs commands."""
Reads = Annotated[Reader, Depends(Made(Reader))]
"""The annotation of a route's parameter that reads."""
