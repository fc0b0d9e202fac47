"""HTTP of the queue: the list of tickets, each with what all services say that decides who looks at it next."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

import msgspec
from fastapi import Depends, Query
from pydantic import BaseModel, Field

from libs.chassis.http import ANYONE, DEFAULT, UUID, Counts, Cursor, Limit, Page, Reads, Router
from libs.chassis.http.contacts import look_at_all, seen_by
from libs.chassis.links import links
from libs.chassis.lists.filters import sorting
from services.intake.customers.api.forms import SEES
from services.intake.customers.view import contact
from services.intake.tickets.api.filters import TicketFilters, asked
from services.intake.tickets.api.register import TicketItem, line, with_owners
from services.intake.tickets.api.tickets import NEXT
from services.intake.tickets.view.queue import DUE, STAGE, queue
from services.intake.tickets.view.queue_clock import QueueClock, Stage, open_clocks, worst_breach
from services.intake.tickets.view.queue_visit import QueueVisit, current
from services.intake.tickets.view.search import Match, matches
from services.intake.tickets.view.tickets import tickets

router = Router(prefix="/v1/tickets", tags=["tickets"])
A_DAY = timedelta(days=1)
NEWEST = tickets.c.opened_at.desc(), tickets.c.id.desc()


class QueueCustomer(BaseModel):
    """客户 / Who the customer is."""

    name: str | None = Field(description="姓名 / Name; null once erased", examples=["王芳"])


class OpenClock(BaseModel):
    """时钟 / An open clock, as sla's news have it."""

    metric: str = Field(description="指标 / Metric", examples=["on_site"])
    status: Literal["running", "paused"] = Field(description="状态 / Status")
    due_at: datetime | None = Field(description="截止时间 / Deadline; null while paused")
    soon_at: datetime | None = Field(
        description="过半时间 / When half of the target is used up, in working time; null while paused, and where what"
        " was heard of the clock did not say it yet"
    )
    urgent_at: datetime | None = Field(description="用去四分之三的时间 / The same of three quarters")
    warned_at: datetime | None = Field(description="预警时间 / When the warning of its policy came")
    breached: bool = Field(description="是否超时 / Whether the deadline was missed")


class Breach(BaseModel):
    """超时 / A deadline that was missed."""

    metric: str = Field(description="指标 / Metric", examples=["on_site"])
    due_at: datetime = Field(description="截止时间 / The deadline")


class NextVisit(BaseModel):
    """上门 / The visit that is to come or goes on."""

    work_order_id: UUID = Field(description="任务单编号 / Work order id")
    engineer_id: UUID | None = Field(description="维修人员 / Engineer; null while nobody is assigned")
    start: datetime | None = Field(description="预约开始 / Start of the appointment")
    end: datetime | None = Field(description="预约结束 / Its end")
    confirmed: bool = Field(description="客户已确认 / Whether the customer agreed to it")


class LastEvent(BaseModel):
    """最近动态 / What was last said about a ticket: by another service, or that it was opened."""

    type: str = Field(description="事件 / Type name", examples=["dispatch.OnSiteArrived"])
    occurred_at: datetime = Field(description="发生时间 / When it happened")


class QueueItem(TicketItem):
    """工单队列 / One line of the queue."""

    summary: str | None = Field(description="内容 / What is the matter; null once erased", examples=["空调不制冷"])
    customer: QueueCustomer | None = Field(description="客户 / Null for roles that do not need it")
    level: int | None = Field(description="故障级别 / Fault level; null before triage", examples=[2])
    stage: Stage = Field(description="时限阶段 / How near the worst of its open clocks is to its deadline")
    clocks: list[OpenClock] = Field(description="时钟 / Open clocks, the nearest deadline first")
    breach: Breach | None = Field(description="最早的超时 / The deadline that was missed first, if one was")
    visit: NextVisit | None
    last_event: LastEvent
    matches: list[Match] = Field(
        description="查到之处 / Where the words of `q` were found; empty without it", examples=[["number"]]
    )


@router.get(
    "",
    operation_id="list_tickets",
    dependencies=[ANYONE],
    response_model=Page[QueueItem],
    responses=links(200, *NEXT, ticket_id="items/0/id"),
)
async def list_tickets(
    reads: Reads,
    filters: Annotated[TicketFilters, Depends()],
    sort: Annotated[Literal["opened_at", "-opened_at", "due_at", "-due_at"], sorting("排序 / Order")] = "-opened_at",
    limit: Limit = DEFAULT,
    cursor: Cursor = None,
) -> Any:
    """工单列表 / The register, newest first unless `sort` says otherwise; `due_at`: by the next deadline.

    What other services say is here a moment after they said it. A customer's name that is shown is recorded as a look,
    once a day for each of those who look.
    """
    query, sift = await asked(reads, filters)
    page = await reads.page(query, tickets, limit, cursor, sort, {"due_at": DUE}, sift)
    return page | {"items": await shown(reads, page["items"], filters.words)}


@router.get("/counts", operation_id="list_ticket_counts", dependencies=[ANYONE], response_model=Counts)
async def list_ticket_counts(
    reads: Reads,
    filters: Annotated[TicketFilters, Depends()],
    group_by: Annotated[
        Literal["status", "channel", "kind", "urgency", "region", "level", "stage", "team", "waits_for"],
        Query(description="分组 / Count by this"),
    ],
) -> Any:
    """工单数量 / How many tickets fit the filters, by a value that they share."""
    column = STAGE if group_by == "stage" else queue.c.level if group_by == "level" else tickets.c[group_by]
    query, sift = await asked(reads, filters)
    return await reads.counts(query.order_by(*NEWEST) if sift else query, column, sift)


async def shown(reads: Reads, rows: Sequence[Mapping[str, Any]], words: Sequence[str]) -> list[dict[str, Any]]:
    """Rows of the queue as they are answered, with the names and words that belong to them, and why they were found."""
    rows = await with_owners(reads, rows)
    why = await matched(reads, [row["id"] for row in rows], words)
    texts = await reads.texts(rows, "summary_id")
    fields = [field for field in seen_by(reads.principal, SEES) if field == "name"]
    customers = list(dict.fromkeys(row["customer_id"] for row in rows))
    known = await look_at_all(reads, contact, customers, fields, "GET /v1/tickets", seldom=A_DAY)
    return [
        line(row)
        | heard(row)
        | {
            "summary": texts.get(row["summary_id"]),
            "customer": {"name": known.get(row["customer_id"], {}).get("name")} if fields else None,
            "matches": why.get(row["id"], []),
        }
        for row in rows
    ]


async def matched(reads: Reads, ids: Sequence[str], words: Sequence[str]) -> dict[str, list[str]]:
    """By ticket, where words of the search were found: in nothing that the caller does not see."""
    if not ids or not words:
        return {}
    found = await reads.rows(matches(ids, words, seen_by(reads.principal, SEES)))
    return {row["id"]: [name for name, has in row.items() if name != "id" and has] for row in found}


def heard(row: Mapping[str, Any]) -> dict[str, Any]:
    """What other services say about a ticket, as it is answered; they may have said nothing yet."""
    clocks = msgspec.convert(row["clocks"] or [], list[QueueClock])
    visits = msgspec.convert(row["visits"] or [], list[QueueVisit])
    missed = worst_breach(clocks)
    return {
        "level": row["level"],
        "stage": row["stage"] or "none",
        "clocks": [clock_item(clock) for clock in open_clocks(clocks)],
        "breach": missed and {"metric": missed.metric, "due_at": missed.breached_at},
        "visit": visit_item(current(visits)),
        "last_event": {
            "type": row["last_type"] or "intake.TicketOpened",
            "occurred_at": row["last_at"] or row["opened_at"],
        },
    }


def clock_item(clock: QueueClock) -> dict[str, Any]:
    """An open clock as it is answered."""
    return {
        "metric": clock.metric,
        "status": clock.status,
        "due_at": clock.due_at,
        "soon_at": clock.soon_at,
        "urgent_at": clock.urgent_at,
        "warned_at": clock.warned_at,
        "breached": clock.breached_at is not None,
    }


def visit_item(visit: QueueVisit | None) -> dict[str, Any] | None:
    """A visit as it is answered."""
    if visit is None:
        return None
    told = ("engineer_id", "start", "end", "confirmed")
    return {"work_order_id": visit.id} | {name: getattr(visit, name) for name in told}
