"""HTTP of clocks: what is due, what is late, and by how much."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal

import sqlalchemy as sa
from fastapi import Depends, Query
from pydantic import BaseModel, Field

from libs.chassis.http import (
    ANYONE,
    DEFAULT,
    TAGGED,
    UUID,
    Counts,
    Cursor,
    Instant,
    Limit,
    MinVersion,
    Page,
    Reads,
    Router,
)
from libs.chassis.links import links
from libs.chassis.lists.filters import several, sorting
from libs.events.contracts.sla.clocks import NoDeadline
from libs.events.filters import Values, by_id
from services.sla.clocks.api.verdicts import begin, judged
from services.sla.clocks.domain.clock import State
from services.sla.clocks.domain.clocks import clocks
from services.sla.clocks.domain.evaluation import SOON, URGENT
from services.sla.clocks.view.clocks import DUE, clock_list, clock_table

router = Router(prefix="/v1/clocks", tags=["clocks"])
Metric = Annotated[str, Field(max_length=40, pattern="^[a-z][a-z0-9_]*$")]
Level = Annotated[int, Field(ge=1, le=4)]
Sort = Literal["started_at", "-started_at", "due_at", "-due_at"]
Metrics = Annotated[list[Metric], several("指标 / Metric", examples=[["fix"]])]


NO_DEADLINE = (
    "为何没有截止时间 / Why there is no deadline: calendar_ends: the calendar never holds so much open time again; "
    "out_of_range: the clock begins before 1970 or from 2200 on; null where there is one, or would be but for a pause"
)

SOON_AT = (
    "过半时间 / When half of the target is used up; null once the clock has ended, while it is paused before that, and "
    "where the calendar never comes to it"
)
URGENT_AT = "用去四分之三的时间 / The same of three quarters"


class ClockItem(BaseModel):
    """时钟 / One clock of a ticket, as the facts heard so far have it."""

    id: UUID = Field(description="时钟编号 / Clock id")
    ticket_id: UUID = Field(description="工单编号 / Ticket id")
    metric: str = Field(description="指标 / Metric: response, on_site, fix, …", examples=["on_site"])
    policy: str = Field(
        description="时限政策 / The policy that it follows, with its version: the strictest that applies",
        examples=["demo/1"],
    )
    calendar: str = Field(
        description="日历 / The calendar that it counts in: a policy's own, or a shared one with its version",
        examples=["demo/1#office", "cn-office/3"],
    )
    cycle: int = Field(ge=1, description="轮次 / 1; one more each time that reopening began it anew")
    status: State = Field(description="状态 / Status; a breach is a fact beside it")
    status_since: datetime = Field(description="自何时起 / When it last started, paused, resumed or ended")
    level: int = Field(ge=1, le=4, description="故障级别 / Fault level that the target is for")
    target_seconds: int = Field(ge=0, description="目标秒数 / Working seconds allowed")
    started_at: datetime = Field(description="开始时间 / When it started")
    counted_seconds: float = Field(ge=0, description="已计秒数 / Working seconds counted up to `status_since`")
    due_at: datetime | None = Field(description="截止时间 / When the target is used up; null while paused")
    no_deadline: NoDeadline | None = Field(description=NO_DEADLINE)
    provisional: bool = Field(description="暂定 / The deadline lies where public holidays are not known yet")
    breached: bool = Field(description="是否超时 / Whether more than the target was counted, as computed now")
    breached_then: bool = Field(description="当时判定 / Whether a breach was told, as things were known then")
    by_change: bool = Field(description="变更所致 / A change of level or rules put the deadline into the past")
    met_at: datetime | None = Field(description="完成时间 / When it was met")
    breach_at: datetime | None = Field(
        description="预计超时 / When it breaches if nothing is heard before; null unless it runs and has not"
    )
    version: int = Field(ge=1, description="版本 / Version of the ticket's clocks that this reflects")


class ListedClock(ClockItem):
    """时钟列表的一行 / One line of the list: a clock, and how it stands at this moment."""

    soon_at: datetime | None = Field(description=SOON_AT)
    urgent_at: datetime | None = Field(description=URGENT_AT)
    remaining_seconds: float = Field(
        description="剩余秒数 / Working seconds left at this moment, or when it ended; below 0: so many over the target"
    )
    pause_reason: str | None = Field(
        description="暂停原因 / Why it is paused: the reason that was told, or the event; null unless it is",
        examples=["waiting_parts"],
    )


@dataclass(frozen=True, kw_only=True)
class ClockFilters:
    """Which clocks a list shows, or counts."""

    id: Annotated[list[UUID], several("时钟编号 / Clock id")]
    ticket_id: Annotated[list[UUID], several("工单编号 / Of this ticket")]
    metric: Metrics
    status: Annotated[list[State], several("状态 / Status")]
    level: Annotated[list[Level], several("故障级别 / Fault level")]
    breached: Annotated[bool | None, Query(description="是否超时 / Whether late")] = None
    due_before: Annotated[Instant | None, Query(description="截止早于 / With a deadline before this moment")] = None

    def query(self) -> sa.Select[Any]:
        """The clocks that fit."""
        filters: dict[str, Values] = {
            "id": self.id,
            "ticket_id": self.ticket_id,
            "metric": self.metric,
            "state": self.status,
            "level": self.level,
        }
        return clock_list(filters, self.breached, self.due_before)


@router.get(
    "",
    operation_id="list_clocks",
    dependencies=[ANYONE],
    response_model=Page[ListedClock],
    responses=links(200, "get_clock", id="items/0/id"),
)
async def list_clocks(
    reads: Reads,
    filters: Annotated[ClockFilters, Depends()],
    sort: Annotated[Sort, sorting("排序 / Order")] = "-started_at",
    min_version: MinVersion = None,
    limit: Limit = DEFAULT,
    cursor: Cursor = None,
) -> Any:
    """时钟列表 / The clocks, newest first unless `sort` says otherwise.

    `min_version` waits for the clocks of the one `ticket_id`.
    """
    await reads.wait_for_one(clocks, filters.ticket_id, min_version)
    page = await reads.page(filters.query(), clock_table, limit, cursor, sort, {"due_at": DUE})
    standing = await at_this_moment(reads, page["items"])
    return page | {"items": [line(row) | standing[row["id"]] for row in page["items"]]}


@router.get("/counts", operation_id="list_clock_counts", dependencies=[ANYONE], response_model=Counts)
async def list_clock_counts(
    reads: Reads,
    filters: Annotated[ClockFilters, Depends()],
    group_by: Annotated[Literal["status", "metric", "level", "breached"], Query(description="分组 / Count by this")],
) -> Any:
    """时钟数量 / How many clocks fit the filters, by a value that they share."""
    return await reads.counts(filters.query(), clock_table.c["state" if group_by == "status" else group_by])


@router.get("/{id}", operation_id="get_clock", dependencies=[ANYONE], response_model=ClockItem, responses=TAGGED)
async def get_clock(id: UUID, reads: Reads) -> Any:
    """时钟详情 / One clock."""
    row = await reads.one(by_id(clock_table, id), "clock")
    return reads.answer(line(row), version=row["version"])


async def at_this_moment(reads: Reads, rows: Sequence[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """How each of these clocks stands now, by its id. Only open ones are judged anew: the others stay as they ended."""
    standing = {row["id"]: _ended(row) for row in rows}
    if open_ones := [row for row in rows if row["state"] in ("running", "paused")]:
        now = await begin(reads)
        async for row, run, _ in judged(reads, open_ones, now):
            standing[row["id"]] = {
                "soon_at": run.used_up(SOON, now),
                "urgent_at": run.used_up(URGENT, now),
                "remaining_seconds": run.remaining(now).total_seconds(),
                "pause_reason": run.course.turns[-1].reason if run.state == "paused" else None,
            }
    return standing


def _ended(row: dict[str, Any]) -> dict[str, Any]:
    left = row["target_seconds"] - row["counted_seconds"]
    return {"soon_at": None, "urgent_at": None, "remaining_seconds": left, "pause_reason": None}


def line(row: dict[str, Any]) -> dict[str, Any]:
    """A row of the view as it is answered."""
    return row | {"status": row.pop("state"), "status_since": row.pop("state_since")}
