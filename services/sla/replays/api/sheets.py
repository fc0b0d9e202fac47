"""What replays answer: how far one is, and what came of it, as it was and as it would be."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from libs.chassis.http import UUID
from libs.chassis.http.routers.jobs import JobItem
from libs.events.background.job import Job
from services.sla.clocks.domain.clock import State
from services.sla.replays.domain.summary import By
from services.sla.replays.domain.what_if import ReplayCompleted, ReplayRequested

Document = dict[str, Any]


class ReplayItem(JobItem):
    """试算 / One replay."""

    policies: list[str] = Field(description="所用政策 / What tickets would go by", examples=[["demo/2"]])
    calendars: list[str] = Field(description="所用共享日历 / Shared calendars", examples=[["cn-office/draft"]])
    opened_from: datetime = Field(alias="from", description="受理时间起（含） / Tickets opened from")
    opened_to: datetime = Field(alias="to", description="受理时间止（不含） / Before")


class ReplayVerdict(BaseModel):
    """判定 / A clock under one set of rules."""

    policy: str = Field(description="时限政策 / Policy", examples=["demo/1"])
    level: int = Field(description="故障级别 / Fault level")
    status: State = Field(description="状态 / Status")
    breached: bool = Field(description="是否超时 / Whether more than the target was counted")
    target_seconds: int = Field(description="目标秒数 / Working seconds allowed")
    counted_seconds: float = Field(description="已计秒数 / Working seconds up to its last change of state")
    due_at: datetime | None = Field(description="截止时间 / Deadline; null while paused")


class ChangeItem(BaseModel):
    """改判 / A clock with another verdict; null where there is no such clock."""

    ticket_id: UUID = Field(description="工单编号 / Ticket id")
    metric: str = Field(description="指标 / Metric", examples=["on_site"])
    was: ReplayVerdict | None = Field(description="原判 / What was")
    would_be: ReplayVerdict | None = Field(description="试算 / What would be")


class TallyItem(BaseModel):
    """统计 / Clocks by how they went; percentiles are whole working seconds of those that were met."""

    clocks: int = Field(description="时钟数 / Clocks")
    met_in_time: int = Field(description="按时完成 / Met in time")
    met_late: int = Field(description="超时完成 / Met late")
    open: int = Field(description="未完成 / Neither met nor cancelled")
    cancelled: int = Field(description="已取消 / Not needed any more")
    breached: int = Field(description="超时 / All that took longer than allowed, met or not")
    p50: int | None
    p90: int | None
    p99: int | None
    max: int | None


class GroupItem(BaseModel):
    """分组 / All clocks of a metric, or those that are alike in something."""

    metric: str = Field(description="指标 / Metric", examples=["on_site"])
    by: By = Field(description="分组依据 / What they are alike in")
    value: str | None = Field(description="取值 / In which value; null where it is not known", examples=["2"])
    was: TallyItem
    would_be: TallyItem
    newly_breached: int = Field(description="新增超时 / Late only under the draft")
    no_longer_breached: int = Field(description="不再超时 / Late only as it was")


class ResultItem(BaseModel):
    """结果 / The comparison."""

    tickets: int = Field(description="工单数 / Tickets that were compared")
    groups: list[GroupItem] = Field(description="分组 / Every metric as a whole, then the largest groups")
    left_out: int = Field(description="未列分组 / Smaller groups that are not listed")
    changed: int = Field(description="改判数 / Verdicts that change")
    changes: list[ChangeItem] = Field(description="改判明细 / The first hundred of them")


class ReplayDetails(ReplayItem):
    """试算详情 / One replay with what was asked and what came of it."""

    as_of: datetime = Field(description="截至 / It goes by what was known at this moment")
    draft: Document = Field(description="草案 / The names of all rules, and the drafted documents among them")
    filter: Document = Field(description="筛选 / The filter, in the words of policies")
    result: ResultItem | None = Field(description="结果 / The comparison, once completed")


def shown(row: dict[str, Any]) -> dict[str, Any]:
    """A replay's own fields in the list."""
    names = {name: row[name].split() for name in ("policies", "calendars")}
    return {**names, "from": row["opened_from"], "to": row["opened_to"]}


def details(job: Job[ReplayRequested, ReplayCompleted]) -> dict[str, Any]:
    """What was asked, and the result once there is one."""
    assert job.request is not None  # there is no row without it
    asked = {name: getattr(job.request, name) for name in ("as_of", "draft", "filter")}
    return {**asked, "result": job.completed and job.completed.result}
