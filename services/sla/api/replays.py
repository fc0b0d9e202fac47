"""HTTP of replays: ask what a policy or a calendar would have meant, and read how far the answer is."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictStr

from libs.chassis.http import (
    DEFAULT,
    UUID,
    CommandAnswer,
    CommandBody,
    Commands,
    Cursor,
    FieldError,
    Instant,
    Limit,
    MinVersion,
    Page,
    Problem,
    Reads,
    Response,
    Router,
    allow,
    invalid,
    new_id,
)
from services.sla.domain.clock import State
from services.sla.domain.comparison import Filter
from services.sla.domain.policy import Flawed
from services.sla.domain.tally import By
from services.sla.domain.what_if import CancelReplay, RequestReplay, replays
from services.sla.domain.when import Flaw, trait_flaws
from services.sla.views.replays import one_replay, replay_list, replay_view

router = Router(prefix="/v1/replays", tags=["replays"])
PLANNERS = allow("manager", "director", "auditor")
LONGEST = timedelta(days=1096)

Status = Literal["requested", "running", "completed", "failed", "cancelled"]
Metric = Annotated[str, Field(max_length=40, pattern="^[a-z][a-z0-9_]*$")]
Id = Annotated[str, Field(max_length=40, pattern="^[a-z][a-z0-9-]*$")]
Name = Annotated[str, Field(max_length=51, pattern="^[a-z][a-z0-9-]*/[1-9][0-9]*$")]
Level = Annotated[int, Field(strict=True, ge=1, le=4)]
Words = Annotated[list[Annotated[StrictStr, Field(max_length=200)]], Field(max_length=100)]
Document = dict[str, Any]

EXAMPLE: Document = {
    "id": "demo",
    "version": 2,
    "title": {"zh-CN": "响应两小时", "en": "Two hours to respond"},
    "calendars": {
        "office": {
            "timezone": "Asia/Shanghai",
            "weekly_hours": {day: [["09:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
        }
    },
    "targets": [
        {
            "metric": "response",
            "title": {"zh-CN": "响应时限", "en": "Response"},
            "calendar": "office",
            "start": ["intake.TicketOpened"],
            "stop": ["triage.FaultClassified", "triage.RemoteSupportStarted"],
            "cancel": ["intake.TicketCancelled"],
            "within": {"amount": 2, "unit": "hours"},
        }
    ],
}


class ReplayFilter(BaseModel):
    """筛选 / Which clocks; what is left out leaves nothing out. Tickets count by what is known of them in the end."""

    model_config = ConfigDict(extra="forbid")

    metric: list[Metric] = Field(default=[], max_length=40, description="指标 / Metrics", examples=[["response"]])
    ticket_id: list[UUID] = Field(default=[], max_length=1000, description="工单编号 / These tickets", examples=[[]])
    level: list[Level] = Field(default=[], max_length=4, description="故障级别 / Fault levels", examples=[[1, 2]])
    kind: Words = Field(default=[], description="服务类别 / Kinds", examples=[["repair"]])
    channel: Words = Field(default=[], description="渠道 / Channels", examples=[["phone"]])
    urgency: Words = Field(default=[], description="紧急程度 / Urgencies", examples=[[]])
    region: Words = Field(default=[], description="区域 / Regions", examples=[[]])
    contract: Words = Field(default=[], description="合同 / Contracts", examples=[[]])
    customer: Words = Field(default=[], description="客户编号 / Customers by id", examples=[[]])
    warranty: Words = Field(default=[], description="保修结论 / Verdicts on warranty", examples=[[]])
    cause: Words = Field(default=[], description="故障原因 / Causes", examples=[[]])
    maintenance_type: Words = Field(default=[], description="维修类型 / Types of maintenance", examples=[[]])

    def meant(self) -> Filter:
        """The filter in the words of policies. Raises a 422 problem on what no ticket can be."""
        traits: Any = {
            name: tuple(values)
            for name in type(self).model_fields.keys() - {"metric", "ticket_id"}
            if (values := getattr(self, name))
        }
        if flaws := sorted(trait_flaws(traits)):
            raise flawed([(f"filter.{trait}", reason) for trait, reason in flaws])
        tickets = tuple(str(id) for id in self.ticket_id)
        return Filter(metrics=tuple(self.metric), tickets=tickets, traits=traits)


class NewReplay(CommandBody):
    """试算 / A draft to try: a policy, calendars, or both. With `occurred_at` it is tried on what was known then."""

    policy: Document | Name | None = Field(
        None,
        description="政策草案，或已发布的版本 / A policy document, or the name of a published version such as demo/1",
        examples=[EXAMPLE, "demo/1"],
    )
    calendars: dict[Id, Document] = Field(
        {},
        max_length=10,
        description="共享日历草案 / Drafts of shared calendars, by id",
        examples=[{"cn-office": EXAMPLE["calendars"]["office"]}],
    )
    alone: StrictBool = Field(False, description="仅此政策 / Leave out the other policies in force", examples=[False])
    opened_from: Instant = Field(
        alias="from", description="受理时间起（含） / Tickets opened from", examples=["2026-03-01T00:00:00+08:00"]
    )
    opened_to: Instant = Field(
        alias="to", description="受理时间止（不含） / Before", examples=["2026-04-01T00:00:00+08:00"]
    )
    filter: ReplayFilter = Field(ReplayFilter(), description="筛选 / Filter")

    def command(self, id: str) -> RequestReplay:
        """The command that it means. Raises a 422 problem."""
        if self.policy is None and not self.calendars:
            raise invalid("body.policy", "a policy or calendars have to be given")
        if self.opened_to <= self.opened_from:
            raise invalid("body.to", "should be later than from")
        if self.opened_to - self.opened_from > LONGEST:
            raise invalid("body.to", "should be at most three years after from")
        return RequestReplay(
            replay_id=id,
            policy=self.policy,
            calendars=self.calendars,
            alone=self.alone,
            opened_from=self.opened_from,
            opened_to=self.opened_to,
            filter=self.filter.meant(),
        )


class ReplayAnswer(CommandAnswer):
    """A command on a replay was carried out."""

    status: Literal["requested", "completed", "failed", "cancelled"] = Field(description="状态 / Status")


class Progress(BaseModel):
    """进度 / How far it is."""

    tickets_done: int = Field(ge=0, description="已算工单 / Tickets looked at")
    tickets_total: int | None = Field(description="全部工单 / Tickets in all; null before it has begun")


class ReplayItem(BaseModel):
    """试算 / One replay."""

    id: UUID = Field(description="试算编号 / Replay id")
    status: Status = Field(description="状态 / Status")
    policies: list[str] = Field(description="所用政策 / What tickets would go by", examples=[["demo/2"]])
    calendars: list[str] = Field(description="所用共享日历 / Shared calendars", examples=[["cn-office/draft"]])
    opened_from: datetime = Field(alias="from", description="受理时间起（含） / Tickets opened from")
    opened_to: datetime = Field(alias="to", description="受理时间止（不含） / Before")
    requested_at: datetime = Field(description="提交时间 / When it was asked for")
    requested_by: str = Field(description="提交人 / Who asked")
    ended_at: datetime | None = Field(description="结束时间 / When it ended")
    reason: str = Field(description="失败原因 / Why it failed")
    progress: Progress
    version: int = Field(ge=1, description="版本 / Version")


class VerdictItem(BaseModel):
    """判定 / A clock under one set of rules."""

    policy: str = Field(description="时限政策 / Policy")
    level: int = Field(description="故障级别 / Fault level")
    state: State = Field(description="状态 / State")
    breached: bool = Field(description="是否超时 / Whether more than the target was counted")
    target_seconds: int = Field(description="目标秒数 / Working seconds allowed")
    counted_seconds: float = Field(description="已计秒数 / Working seconds up to its last change of state")
    due_at: datetime | None = Field(description="截止时间 / Deadline; null while paused")


class ChangeItem(BaseModel):
    """改判 / A clock with another verdict; null where there is no such clock."""

    ticket_id: UUID = Field(description="工单编号 / Ticket id")
    metric: str = Field(description="指标 / Metric")
    was: VerdictItem | None = Field(description="原判 / What was")
    would_be: VerdictItem | None = Field(description="试算 / What would be")


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

    metric: str = Field(description="指标 / Metric")
    by: By = Field(description="分组依据 / What they are alike in")
    value: str | None = Field(description="取值 / In which value; null where it is not known")
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


LINKS = {
    operation: {"operationId": operation, "parameters": {"id": "$response.body#/id"}}
    for operation in ("get_replay", "cancel_replay")
}


@router.post(
    "",
    status_code=202,
    operation_id="request_replay",
    dependencies=[PLANNERS],
    response_model=ReplayAnswer,
    responses={202: {"links": LINKS}},
)
async def request_replay(body: NewReplay, commands: Commands) -> Response:
    """试算 / Judge all recorded tickets under a draft, in the background, without touching a live clock."""
    id = new_id()
    command = body.command(id)
    try:
        return await commands.run(replays.begin(id, command), body, creates=True, status=202)
    except Flawed as error:
        raise flawed(error.flaws) from None


@router.get("", operation_id="list_replays", dependencies=[PLANNERS], response_model=Page[ReplayItem])
async def list_replays(
    reads: Reads,
    status: Annotated[Status | None, Query(description="状态 / Status")] = None,
    limit: Limit = DEFAULT,
    cursor: Cursor = None,
) -> Any:
    """试算列表 / The replays, newest first."""
    page = await reads.page(replay_list(status), replay_view.table, limit, cursor, at="requested_at")
    return page | {"items": [line(row) for row in page["items"]]}


@router.get("/{id}", operation_id="get_replay", dependencies=[PLANNERS], response_model=ReplayDetails)
async def get_replay(id: UUID, reads: Reads, min_version: MinVersion = None) -> Response:
    """试算详情 / One replay: its progress, and its result once there is one."""
    await reads.wait(replays.stream(str(id)), min_version)
    row = await reads.one(one_replay(str(id)), "replay")
    state, _ = await reads.state(replays, str(id))
    assert state.request is not None  # there is no row without it
    request = state.request
    more = {"as_of": request.as_of, "draft": request.draft, "filter": request.filter, "result": state.result}
    return reads.answer(line(row) | more, version=row["version"])


@router.post("/{id}/cancellation", operation_id="cancel_replay", dependencies=[PLANNERS], response_model=ReplayAnswer)
async def cancel_replay(id: UUID, commands: Commands, body: CommandBody | None = None) -> Response:
    """取消试算 / Give it up, if it has not ended."""
    return await commands.run(replays.on(str(id), CancelReplay()), body or CommandBody(occurred_at=None))


def line(row: dict[str, Any]) -> dict[str, Any]:
    """A row of the view as it is answered."""
    progress = {name: row.pop(name) for name in Progress.model_fields}
    names = {name: row.pop(name).split() for name in ("policies", "calendars")}
    span = {"from": row.pop("opened_from"), "to": row.pop("opened_to")}
    return row | names | span | {"progress": progress}


def flawed(flaws: list[Flaw]) -> Problem:
    """422 with every place in a document, or in the filter, and its reason."""
    errors = [FieldError(f"body.{where}", reason) for where, reason in flaws[:50]]
    return Problem(422, "flawed-rules", "The draft cannot work.", errors)
