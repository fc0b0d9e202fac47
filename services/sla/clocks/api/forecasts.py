"""HTTP of forecasts: which open clocks will breach next, and how much each has left."""

from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import Query
from pydantic import BaseModel, Field

from libs.chassis.http import ANYONE, DEFAULT, UUID, Limit, Reads, Router
from libs.events.contracts.sla.clocks import NoDeadline
from services.sla.clocks.api.clocks import NO_DEADLINE, SOON_AT, URGENT_AT, Metrics
from services.sla.clocks.api.verdicts import Judged, begin, judged
from services.sla.clocks.domain.clock import State
from services.sla.clocks.domain.evaluation import SOON, URGENT
from services.sla.clocks.view.clocks import next_breaches

router = Router(prefix="/v1/clocks", tags=["clocks"])
A_YEAR = 366 * 24 * 3600


class ForecastItem(BaseModel):
    """预测 / An open clock that has not breached, and when it will if nothing is heard before."""

    id: UUID = Field(description="时钟编号 / Clock id")
    ticket_id: UUID = Field(description="工单编号 / Ticket id")
    metric: str = Field(description="指标 / Metric", examples=["on_site"])
    policy: str = Field(description="时限政策 / The policy that it follows, with its version", examples=["demo/1"])
    level: int = Field(ge=1, le=4, description="故障级别 / Fault level that the target is for")
    status: State = Field(description="状态 / running or paused")
    target_seconds: int = Field(ge=0, description="目标秒数 / Working seconds allowed")
    counted_seconds: float = Field(ge=0, description="已计秒数 / Working seconds counted up to `now`")
    remaining_seconds: float = Field(description="剩余秒数 / Target less counted, exactly")
    due_at: datetime | None = Field(description="截止时间 / When the target is used up; null while paused")
    soon_at: datetime | None = Field(description=SOON_AT)
    urgent_at: datetime | None = Field(description=URGENT_AT)
    breach_at: datetime | None = Field(
        description="预计超时时间 / When more than the target will have been counted: the deadline, or the next "
        "opening where that is a closing time; null while paused, for a paused clock cannot breach"
    )
    if_resumed_now: datetime | None = Field(description="如即刻恢复 / A paused clock's deadline if it were resumed now")
    no_deadline: NoDeadline | None = Field(description=NO_DEADLINE)
    pause_ends_at: datetime | None = Field(
        description="暂停上限 / When a pause will have used up all the pausing that the target allows"
    )


class Forecast(BaseModel):
    """超时预测 / The open clocks, the one that breaches soonest first."""

    now: datetime = Field(description="截至 / Now by the service's clock")
    items: list[ForecastItem] = Field(
        description="时钟 / Running ones by when they breach, then paused ones by what is left"
    )


@router.get("/next-breaches", operation_id="list_next_breaches", dependencies=[ANYONE], response_model=Forecast)
async def list_next_breaches(
    reads: Reads,
    metric: Metrics,
    within_seconds: Annotated[
        int | None,
        Query(
            ge=0,
            le=A_YEAR,
            description="多少秒内 / Only what breaches within so many seconds",
            examples=[14400],
        ),
    ] = None,
    limit: Limit = DEFAULT,
) -> Any:
    """超时预测 / Which clocks breach next. With `within_seconds` no paused ones: as long as they pause they cannot."""
    now = await begin(reads)
    within = None if within_seconds is None else now + timedelta(seconds=within_seconds)
    rows = await reads.rows(next_breaches(now, metric, within).limit(limit))
    found = {one.row["id"]: _item(one, now) async for one in judged(reads, rows, now) if _waits(one)}
    return {"now": now, "items": [found[row["id"]] for row in rows if row["id"] in found]}


def _waits(one: Judged) -> bool:
    """Rows are a moment older than histories: a clock may have ended or breached since."""
    return one.run.state in ("running", "paused") and not one.run.breached


def _item(one: Judged, now: datetime) -> dict[str, Any]:
    run, course = one.run, one.run.course
    at = max(now, run.since)
    counted = course.counted(at)
    deadline, paused = run.deadline(at), run.state == "paused"
    return {
        "id": run.speaker.clock_id,
        "ticket_id": run.speaker.ticket_id,
        "metric": run.speaker.metric,
        "policy": run.clock.candidate.policy.name,
        "level": run.level,
        "status": run.state,
        "target_seconds": run.target_seconds,
        "counted_seconds": counted.total_seconds(),
        "remaining_seconds": run.target_seconds - counted.total_seconds(),
        "due_at": None if paused else deadline,
        "soon_at": run.used_up(SOON, now),
        "urgent_at": run.used_up(URGENT, now),
        "breach_at": None if paused else run.lapse(),
        "if_resumed_now": deadline if paused else None,
        "no_deadline": run.no_deadline,
        "pause_ends_at": course.pause_ends(),
    }
