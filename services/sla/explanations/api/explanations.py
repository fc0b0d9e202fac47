"""HTTP of explanations: why a clock's deadline and verdict are what they are, second by second."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, get_args

from pydantic import BaseModel, Field

from libs.chassis.http import ANYONE, TAGGED, UUID, AsOf, Instant, Reads, Router, missing
from libs.events import AnyRecorded
from libs.events.contracts.sla.clocks import ClockMet, ClockStarted, DeadlineApproaching, NoDeadline
from libs.events.filters import by_id
from services.sla.clocks.api.clocks import NO_DEADLINE
from services.sla.clocks.api.verdicts import begin, run_of, state_of
from services.sla.clocks.domain.clock import State
from services.sla.clocks.domain.clocks import Clocks, clocks
from services.sla.clocks.domain.evaluation import Evaluation
from services.sla.clocks.domain.evidence import counts
from services.sla.clocks.domain.notices import ClockNotice
from services.sla.clocks.view.clocks import clock_table
from services.sla.explanations.api import ledgers
from services.sla.explanations.api.ledgers import CycleItem, HoldItem, SegmentItem, ShareItem
from services.sla.explanations.domain.delay import delays, holds
from services.sla.explanations.domain.ledger import accounts, ahead, until_of
from services.sla.policies.domain.fact import Fact

router = Router(prefix="/v1/clocks", tags=["explanations"])
WORDS = (*get_args(ClockNotice), DeadlineApproaching)


class VerdictItem(BaseModel):
    """判定 / Both verdicts."""

    breached: bool = Field(description="现算判定 / More than the target was counted, by all that is known now")
    breached_then: bool = Field(description="当时判定 / A breach of this cycle was told, as things were known then")
    by_change: bool = Field(description="变更所致 / A change of level or rules put the deadline into the past")
    provisional: bool = Field(description="暂定 / The deadline lies where public holidays are not known yet")


class TargetItem(BaseModel):
    """所依据的目标 / What the clock goes by: the strictest target that applies."""

    policy: str = Field(description="时限政策 / The policy with its version", examples=["demo/1"])
    title: dict[str, str] = Field(description="名称 / The target's title by language")
    level: int = Field(description="故障级别 / The fault level that it is for")
    calendar: str = Field(description="日历 / The calendar that it counts in", examples=["demo/1#office"])
    timezone: str = Field(description="时区 / The zone of the calendar for this ticket", examples=["Asia/Shanghai"])
    target_seconds: int = Field(description="目标秒数 / Working seconds allowed")
    sources: list[str] = Field(description="需求编号 / Requirements that it serves", examples=[["R194"]])
    note: str = Field(description="说明 / Why these figures", examples=["合同附件二"])


class ToldItem(BaseModel):
    """播报 / Something that was told of the clock. Fields that an event of its type does not have are null."""

    type: str = Field(description="事件类型 / The event", examples=["sla.DeadlineMoved"])
    at: datetime = Field(description="发生时间 / When it was true")
    recorded_at: datetime = Field(description="记录时间 / When it was told")
    deadline: datetime | None = Field(description="截止时间 / The deadline it is about")
    old_deadline: datetime | None = Field(description="原截止时间 / The deadline before it was moved")
    policy: str | None = Field(description="时限政策 / The policy from then on", examples=["demo/2"])
    target_seconds: int | None = Field(description="目标秒数 / The target from then on")
    counted_seconds: float | None = Field(description="已计秒数 / What was counted by then")
    no_deadline: NoDeadline | None = Field(description="为何没有截止时间 / Why there is none")
    because: str | None = Field(description="缘由 / What made the difference", examples=["level 1"])
    by: str | None = Field(
        description="何人何事 / The event or the person behind it, by id",
        examples=["01955c1e-7b00-7000-8000-000000000005"],
    )
    by_event: str | None = Field(
        description="事件类型 / The type of that event, where it was one", examples=["triage.FaultClassified"]
    )


class LeftOutItem(BaseModel):
    """未采信的补录证据 / What was recorded so late that it counts only once a manager accepts it."""

    event_id: UUID = Field(description="事件编号 / The event, as its service's /v1/evidence has it")
    type: str = Field(description="事件 / Type name", examples=["dispatch.OnSiteArrived"])
    happened_at: Instant = Field(description="发生时间 / When it happened, as it was told")


class ExplanationItem(BaseModel):
    """时钟说明 / All that makes a clock what it is."""

    id: UUID = Field(description="时钟编号 / Clock id")
    ticket_id: UUID = Field(description="工单编号 / Ticket id")
    metric: str = Field(description="指标 / Metric", examples=["on_site"])
    status: State = Field(description="状态 / Status")
    verdict: VerdictItem
    target: TargetItem
    deadline: datetime | None = Field(description="截止时间 / When the target is used up; null while paused")
    no_deadline: NoDeadline | None = Field(description=NO_DEADLINE)
    if_resumed_now: datetime | None = Field(
        description="如即刻恢复 / The deadline if a paused clock were resumed at `until`"
    )
    remaining_seconds: float = Field(description="剩余秒数 / Target less counted; negative when more was counted")
    present: CycleItem = Field(description="本轮 / The present cycle")
    ahead: list[SegmentItem] = Field(
        description="此后至截止 / From `until` to the deadline, as if it ran on (or were resumed): how it comes about"
    )
    delays: list[ShareItem] = Field(description="各责任方 / Whose time it was; adds up to the present cycle exactly")
    turns: list[HoldItem] = Field(description="轮到谁 / Whose turn it was, since the ticket was opened")
    told: list[ToldItem] = Field(description="播报 / Everything told of the clock, in order of telling")
    left_out: list[LeftOutItem] = Field(description="未采信的补录证据 / Late evidence that verdicts leave out")
    earlier: list[CycleItem] = Field(description="前几轮 / The ledgers of earlier cycles")
    version: int = Field(ge=1, description="版本 / Version of the ticket's clocks that this reflects")


@router.get(
    "/{id}/explanation",
    operation_id="get_explanation",
    dependencies=[ANYONE],
    response_model=ExplanationItem,
    responses=TAGGED,
)
async def get_explanation(id: UUID, reads: Reads, as_of: AsOf = None) -> Any:
    """时钟说明 / The ledger of a clock, both verdicts, every change of its deadline, and whose time it was.

    With `as_of`, as it would have been explained then: from what was recorded by that time, up to that time.
    """
    row = await reads.one(by_id(clock_table, id), "clock")
    now = await begin(reads)
    at = now if as_of is None else min(as_of, now)
    history = await reads.history(clocks, row["ticket_id"], as_of, "clock")
    state = state_of(history)
    run = run_of(state, row["metric"], at)
    if run is None:
        raise missing("clock")
    version = history[-1].version
    told = list(_told(history, run.speaker.clock_id, {fact.id: fact.type for fact in state.facts}))
    verdict = {"breached_then": state.of(row["metric"]).breached_then}
    content = explanation(run, state, at)
    content |= {"verdict": content["verdict"] | verdict, "told": told, "version": version}
    return reads.answer(content, version=version)


def explanation(run: Evaluation, state: Clocks, at: datetime) -> dict[str, Any]:
    """All of it but the version, of a clock of which nothing was told."""
    *earlier, present = accounts(run, at)
    whose, late = holds(state.counted), _late(run.notices)
    until = until_of(run, at)
    deadline = run.deadline(until)
    left = timedelta(seconds=run.target_seconds) - present.counted
    return {
        "id": run.speaker.clock_id,
        "ticket_id": run.speaker.ticket_id,
        "metric": run.speaker.metric,
        "status": run.state,
        "verdict": {
            "breached": run.breached,
            "breached_then": False,
            "by_change": run.by_change,
            "provisional": deadline is not None and run.course.calendar.provisional(deadline),
        },
        "target": _target(run),
        "deadline": None if run.state == "paused" else deadline,
        "no_deadline": run.no_deadline,
        "if_resumed_now": deadline if run.state == "paused" else None,
        "remaining_seconds": left.total_seconds(),
        "present": ledgers.cycle(present, run.breached),
        "ahead": [ledgers.segment(one) for one in ahead(run, until)],
        "delays": ledgers.shares(delays(present, whose)),
        "turns": ledgers.turns(whose),
        "told": [],
        "left_out": [_left_out(fact) for fact in state.facts if not counts(fact, state.rulings)],
        "earlier": [ledgers.cycle(one, late.get(one.cycle, one.counted > run.limit)) for one in earlier],
    }


def _left_out(fact: Fact) -> dict[str, Any]:
    """Late evidence that nobody accepted, or what it brought about."""
    return {"event_id": fact.id, "type": fact.type, "happened_at": fact.happened_at}


def _late(notices: Sequence[ClockNotice]) -> dict[int, bool]:
    """Whether each cycle that was told to be met was late then."""
    late, cycle = {}, 1
    for notice in notices:
        if isinstance(notice, ClockStarted):
            cycle = notice.cycle
        elif isinstance(notice, ClockMet):
            late[cycle] = notice.late
    return late


def _target(run: Evaluation) -> dict[str, Any]:
    candidate = run.clock.candidate
    return {
        "policy": candidate.policy.name,
        "title": candidate.target.title,
        "level": run.level,
        "calendar": candidate.calendar_name,
        "timezone": candidate.calendar.hours.timezone,
        "target_seconds": run.target_seconds,
        "sources": candidate.target.sources,
        "note": candidate.target.note,
    }


def _told(history: Sequence[AnyRecorded], clock_id: str, events: dict[str, str]) -> Iterator[dict[str, Any]]:
    said = ("deadline", "old_deadline", "no_deadline", "policy", "target_seconds", "counted_seconds", "because", "by")
    for recorded in history:
        notice = recorded.event
        if isinstance(notice, WORDS) and notice.clock_id == clock_id:
            fields = {name: getattr(notice, name, None) for name in said}
            by_event = events.get(fields["by"] or "")
            yield {
                "type": notice.type_name,
                "at": notice.at,
                "recorded_at": recorded.recorded_at,
                **fields,
                "by_event": by_event,
            }
