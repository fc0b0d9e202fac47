"""HTTP of callbacks: whom to call, and what came of a call."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal

import sqlalchemy as sa
from fastapi import Depends, Query
from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator
from pydantic.config import JsonDict

from libs.chassis.http import (
    ANYONE,
    DEFAULT,
    TAGGED,
    UUID,
    AsOf,
    CommandBody,
    Commands,
    Counts,
    Cursor,
    Instant,
    Limit,
    MinVersion,
    Page,
    Reads,
    Response,
    Router,
    allow,
    missing,
)
from libs.chassis.http.contacts import PhoneOnFile, Sees, look_at, seen_by
from libs.chassis.identity.auth import CUSTOMER, link_of
from libs.chassis.input.fields import Words
from libs.chassis.links import links
from libs.chassis.lists.filters import check_span, opened, several, sorting
from libs.chassis.streaming.router import stream_router
from libs.events.contracts.language import events_of
from libs.events.contracts.survey import callbacks as published
from libs.events.contracts.survey.callbacks import CallOutcome, Outcome
from libs.events.filters import Values, between, by_id, fits, fitting
from libs.events.texts import Text
from services.survey.callbacks.domain import FINAL, RateByLink, RecordAttempt, callback, callback_id_of
from services.survey.callbacks.view import DUE, Status, callbacks, row_of
from services.survey.contacts.view import contact

router = Router(prefix="/v1/callbacks", tags=["callbacks"])
stream = stream_router(
    "/v1/callbacks",
    "callbacks",
    "回访动态 / What is told of callbacks",
    events_of(published),
    published.CallbackAttempted(
        ticket_id="0198c0de-0000-7000-8000-000000000001",
        callback_id="0198c0de-0000-7000-8000-000000000007",
        attempt=1,
        outcome="no_answer",
    ),
)
CALLERS = allow("agent", "manager")
SEES: Sees = dict.fromkeys(("agent", "manager"), ("name", "phones"))
ROUTE = "GET /v1/callbacks/{callback_id}/contact"
NULL: JsonDict = {"type": "null"}

Score = Annotated[int, Field(ge=1, le=5)]
Comment = Annotated[
    Words | None,
    Field(description="客户意见 / What the customer said, or the caller noted", examples=["师傅很准时"]),
]


class Attempt(CommandBody):
    """回访记录 / What came of a call. A score is given exactly if the customer was reached.

    When to call again may be said of a call after which somebody does.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [
                {
                    "properties": {"outcome": {"const": "reached"}, "score": {"type": "integer"}, "again_at": NULL},
                    "required": ["score"],
                },
                {"properties": {"outcome": {"const": "refused"}, "score": NULL, "again_at": NULL}},
                {"properties": {"outcome": {"not": {"enum": [*FINAL]}}, "score": NULL}},
            ]
        }
    )

    outcome: CallOutcome = Field(description="结果 / Outcome", examples=["reached"])
    score: Annotated[
        Score | None,
        Field(validate_default=True, description="满意度 / 1 to 5, 5 best; only when reached", examples=[5]),
    ] = None
    comment: Comment = None
    again_at: Annotated[
        Instant | None,
        Field(
            description="再次回访时间 / When to call again; not when reached or refused",
            examples=["2026-03-03T09:00:00+08:00"],
        ),
    ] = None

    @field_validator("again_at")
    @classmethod
    def only_if_somebody_calls_again(cls, again_at: datetime | None, info: ValidationInfo) -> datetime | None:
        """After the last call nobody calls again."""
        if again_at is not None and info.data.get("outcome") in FINAL:
            raise ValueError("Nobody calls again who was reached, or refused.")
        return again_at

    @field_validator("score")
    @classmethod
    def exactly_if_reached(cls, score: int | None, info: ValidationInfo) -> int | None:
        """Who was reached gives a score, nobody else does."""
        outcome = info.data.get("outcome")
        if outcome == "reached" and score is None:
            raise ValueError("A customer who was reached gives a score, 1 to 5.")
        if outcome not in (None, "reached") and score is not None:
            raise ValueError("Only a customer who was reached gives a score.")
        return score


class Rating(CommandBody):
    """客户评价 / What the customer says by a link."""

    score: Score = Field(description="满意度 / 1 to 5, 5 best", examples=[5])
    comment: Annotated[
        Words | None, Field(description="客户意见 / The customer's own words", examples=["师傅很准时"])
    ] = None


class CallbackSheet(BaseModel):
    """回访单 / The callback of one accepted repair."""

    id: UUID
    ticket_id: UUID = Field(description="工单编号 / Ticket")
    work_order_id: UUID = Field(description="维护任务单 / The accepted work order")
    customer_id: UUID = Field(description="客户编号 / Customer")
    status: Status = Field(description="状态 / Scheduled until the customer was reached, or refused")
    attempts: int = Field(ge=0, description="次数 / Calls so far")
    last_outcome: Outcome | None
    last_attempt_at: Instant | None
    again_at: Instant | None = Field(description="再次回访时间 / When to call again, as agreed at the last call")
    due_at: Instant = Field(description="应回访时间 / Since when, or when, to call: as agreed, or since acceptance")
    score: Annotated[int, Field(ge=1, le=5)] | None = Field(description="满意度 / 1 to 5, 5 best")
    comment: str | None = Field(
        description="客户意见 / The last comment; null if none, or erased", examples=["师傅很准时"]
    )
    version: int = Field(ge=1)
    opened_at: Instant


class CallbackContact(BaseModel):
    """联系人 / Whom to call."""

    id: UUID = Field(description="客户编号 / Customer id")
    name: str = Field(description="姓名 / Name", examples=["王芳"])
    phones: list[PhoneOnFile] = Field(description="电话 / Phones")


@dataclass(frozen=True, kw_only=True)
class CallbackFilters:
    """Which callbacks a list shows, or counts."""

    id: Annotated[list[UUID], several("回访编号 / Callback id")]
    ticket_id: Annotated[list[UUID], several("工单编号 / Of this ticket")]
    work_order_id: Annotated[list[UUID], several("维护任务单 / Of this accepted work order")]
    status: Annotated[list[Status], several("状态 / With this status")]
    opened_from: Annotated[Instant | None, Query(description="安排起 / Scheduled at or after")] = None
    opened_to: Annotated[Instant | None, Query(description="安排止 / Scheduled before")] = None
    due_from: Annotated[Instant | None, Query(description="应回访起 / To be called at or after")] = None
    due_to: Annotated[Instant | None, Query(description="应回访止 / To be called before")] = None

    @property
    def of_work_orders(self) -> list[str]:
        """The callbacks' ids, which their work orders' give."""
        return [callback_id_of(str(id)) for id in self.work_order_id]

    def query(self) -> sa.Select[Any]:
        """The callbacks that fit. Raises a 422 problem for a span that ends before it begins."""
        filters: dict[str, Values] = {"id": self.id, "ticket_id": self.ticket_id, "status": self.status}
        check_span(self.due_from, self.due_to, ("due_from", "due_to"))
        spans = (*opened(callbacks, self.opened_from, self.opened_to), *between(DUE.by, self.due_from, self.due_to))
        return fitting(callbacks, filters).where(*fits(callbacks, {"id": self.of_work_orders}), *spans)


@router.get(
    "",
    operation_id="list_callbacks",
    dependencies=[ANYONE],
    response_model=Page[CallbackSheet],
    responses=links(200, "get_callback", "record_attempt", callback_id="items/0/id"),
)
async def list_callbacks(
    reads: Reads,
    filters: Annotated[CallbackFilters, Depends()],
    sort: Annotated[Literal["opened_at", "-opened_at", "due_at", "-due_at"], sorting("排序 / Order")] = "-opened_at",
    min_version: MinVersion = None,
    limit: Limit = DEFAULT,
    cursor: Cursor = None,
) -> Any:
    """回访列表 / Callbacks, newest first unless `sort` says otherwise.

    `min_version` waits for the callback of the one `work_order_id`.
    """
    await reads.wait_for_one(callback, filters.of_work_orders, min_version, "work_order_id")
    page = await reads.page(filters.query(), callbacks, limit, cursor, sort, {"due_at": DUE})
    return page | {"items": await _sheets(reads, page["items"])}


@router.get("/counts", operation_id="list_callback_counts", dependencies=[ANYONE], response_model=Counts)
async def list_callback_counts(
    reads: Reads,
    filters: Annotated[CallbackFilters, Depends()],
    group_by: Annotated[Literal["status", "last_outcome"], Query(description="分组 / Count by this")],
) -> Any:
    """回访数量 / How many callbacks fit the filters, by a value that they share."""
    return await reads.counts(filters.query(), callbacks.c[group_by])


@router.get(
    "/{callback_id}",
    operation_id="get_callback",
    dependencies=[ANYONE],
    response_model=CallbackSheet,
    responses=TAGGED,
)
async def get_callback(callback_id: UUID, reads: Reads, min_version: MinVersion = None, as_of: AsOf = None) -> Response:
    """回访单 / One callback, now or as it was known at a moment."""
    id = str(callback_id)
    await reads.wait(callback.stream(id), min_version)
    if as_of is None:
        row = await reads.one(by_id(callbacks, id), "callback")
    else:
        row = row_of(await reads.history(callback, id, as_of, "callback"))
    (sheet,) = await _sheets(reads, [row])
    return reads.answer(sheet, version=row["version"])


@router.get(
    "/{callback_id}/contact",
    operation_id="get_callback_contact",
    dependencies=[CALLERS],
    response_model=CallbackContact,
)
async def get_callback_contact(callback_id: UUID, reads: Reads) -> Response:
    """联系人 / Whom to call, and at which numbers. Every look is recorded."""
    row = await reads.one(by_id(callbacks, callback_id), "callback")
    shown = await look_at(reads, contact, row["customer_id"], seen_by(reads.principal, SEES), ROUTE)
    if shown is None:
        raise missing("contact")
    return reads.answer(shown)


@router.post("/{callback_id}/attempts", operation_id="record_attempt", dependencies=[CALLERS])
async def record_attempt(callback_id: UUID, body: Attempt, commands: Commands) -> Response:
    """回访记录 / Somebody called the customer: reached or refused ends the callback, otherwise it is tried again."""
    id = str(callback_id)
    comments = [Text.said(body.comment)] if body.comment else []
    command = RecordAttempt(body.outcome, body.score, comments[0].id if comments else None, body.again_at)
    return await commands.run(callback.on(id, command), body, texts=comments)


@router.post("/{callback_id}/rating", operation_id="rate_callback", dependencies=[allow(CUSTOMER)])
async def rate_callback(callback_id: UUID, body: Rating, commands: Commands) -> Response:
    """客户评价 / The customer of a link gives a score: the callback is completed without a call."""
    claims = link_of(commands.principal, "rating")
    comments = [Text.said(body.comment)] if body.comment else []
    command = RateByLink(claims.ticket_id, claims.object_id, body.score, comments[0].id if comments else None)
    return await commands.run(callback.on(str(callback_id), command), body, texts=comments)


async def _sheets(reads: Reads, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    comments = await reads.texts(rows, "comment_id")
    return [
        {name: value for name, value in row.items() if name != "comment_id"}
        | {"comment": comments.get(row["comment_id"]), "due_at": DUE.value(row)}
        for row in rows
    ]
