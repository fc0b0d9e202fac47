"""HTTP of calculations: "due when?", answered with the walk through the calendar. Nothing is stored."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field

from libs.chassis.http import ANYONE, Instant, Problem, Reads, Router, invalid
from libs.chassis.input.form import Form
from services.sla.calculations.domain import Due, Kind, Step, calculate
from services.sla.calendars.domain.trace import Rule
from services.sla.clocks.api.verdicts import begin
from services.sla.policies.domain.policy import Flawed
from services.sla.policies.domain.preset import PRESETS
from services.sla.policies.domain.rulebook import Library, Rulebook, UnknownRules
from services.sla.policies.domain.shipped import LIBRARY

router = Router(prefix="/v1/calculations", tags=["calculations"])
MOST_PAUSES = 50

Name = Annotated[str, Field(max_length=51, pattern="^[a-z][a-z0-9-]*/[1-9][0-9]*$")]
Preset = Annotated[str, Field(max_length=40, pattern="^[a-z][a-z0-9-]*$")]
Level = Annotated[int, Field(ge=1, le=4)]


class PausedSpan(Form):
    """暂停 / A time in which the clock would be paused: [start, end)."""

    start: Instant = Field(description="起 / From", examples=["2026-03-02T10:00:00+08:00"])
    end: Instant = Field(description="止 / Until", examples=["2026-03-02T11:00:00+08:00"])


class Question(Form):
    """到期计算 / A start, a level and pauses, under a published policy, a preset, or the policies in force."""

    policy: Name | None = Field(
        None, description="已发布的时限政策 / A published version of a policy", examples=["demo/1"]
    )
    preset: Preset | None = Field(None, description="预设编号 / Or a preset that ships", examples=[None])
    level: Level = Field(description="故障级别 / Fault level", examples=[2])
    start: Instant = Field(description="开始时间 / When the clock would start", examples=["2026-03-02T09:00:00+08:00"])
    pauses: list[PausedSpan] = Field([], max_length=MOST_PAUSES, description="暂停时段 / Pauses; they may overlap")


class StepItem(BaseModel):
    """时段 / A part of the way to the deadline in which one rule of the calendar holds: [start, end)."""

    start: datetime = Field(description="起 / From", examples=["2026-03-02T01:00:00Z"])
    end: datetime = Field(description="止 / Until", examples=["2026-03-02T03:00:00Z"])
    kind: Kind = Field(
        description="类别 / running: time counts; closed: the calendar is shut; paused", examples=["running"]
    )
    rule: Rule = Field(description="日历规则 / The calendar's rule that says so", examples=["weekly_hours"])
    detail: str = Field(description="规则所指 / The holiday's name, or the special opening's date", examples=[""])
    seconds: float = Field(ge=0, description="真实秒数 / Seconds of real time", examples=[7200])
    counted_seconds: float = Field(ge=0, description="计时秒数 / Seconds that count", examples=[7200])


class DueItem(BaseModel):
    """到期 / One target: when it is used up, and how that comes about."""

    policy: str = Field(description="时限政策 / The policy with its version", examples=["demo/1"])
    metric: str = Field(description="指标 / Metric", examples=["response"])
    title: dict[str, str] = Field(description="名称 / The target's title by language")
    calendar: str = Field(description="日历 / The calendar that it counts in", examples=["demo/1#office"])
    timezone: str = Field(description="时区 / The zone of the calendar", examples=["Asia/Shanghai"])
    target_seconds: float = Field(ge=0, description="目标秒数 / Working seconds allowed", examples=[7200])
    due_at: datetime | None = Field(
        description="截止时间 / When the target is used up; null: the calendar never comes to it",
        examples=["2026-03-02T03:00:00Z"],
    )
    provisional: bool = Field(description="暂定 / The deadline lies where public holidays are not known yet")
    walk: list[StepItem] = Field(description="如何算到 / From the start to the deadline, without a gap")
    walked_to: datetime | None = Field(
        description="只说明到此时 / Where the walk stops short of a deadline more than a year ahead; null: it does not"
    )


class Calculation(BaseModel):
    """到期计算 / Every target that the policies have for the level."""

    items: list[DueItem] = Field(description="各时限 / Targets, in the policies' order")


@router.post("", operation_id="calculate_deadlines", dependencies=[ANYONE], response_model=Calculation)
async def calculate_deadlines(body: Question, reads: Reads) -> Any:
    """到期计算 / When time limits would be due: no ticket is needed, and nothing is stored.

    A target's conditions are not asked. Pauses count for targets that something pauses, up to what they allow.
    """
    await begin(reads)
    for number, pause in enumerate(body.pauses):
        if pause.end <= pause.start:
            raise invalid(f"body.pauses.{number}.end", "should be later than start")
    pauses = [(pause.start, pause.end) for pause in body.pauses]
    return {"items": [_item(due) for due in calculate(_rules(body), body.level, body.start, pauses)]}


def _rules(body: Question) -> Rulebook:
    """The policies that are asked about. Raises a 422 problem."""
    if body.policy and body.preset:
        raise invalid("body.preset", "a policy or a preset, not both")
    if body.preset:
        return _preset(body.preset)
    names = (body.policy,) if body.policy else LIBRARY.policies_in_force
    try:
        return LIBRARY.rulebook(names, LIBRARY.calendars_in_force)
    except UnknownRules:
        raise _unknown("body.policy") from None


def _preset(id: str) -> Rulebook:
    if id not in PRESETS or PRESETS[id].policy is None:
        raise _unknown("body.preset")
    try:
        policy = PRESETS[id].decoded()
    except Flawed:
        raise invalid("body.preset", "the plan left a number open: it cannot be calculated as it is") from None
    return Library({policy.name: policy}).rulebook((policy.name,), ())


def _unknown(field: str) -> Problem:
    return invalid(field, "nothing of this name has time limits")


def _item(due: Due) -> dict[str, Any]:
    candidate = due.candidate
    walk, walked_to = due.walk()
    return {
        "policy": candidate.policy.name,
        "metric": candidate.target.metric,
        "title": candidate.target.title,
        "calendar": candidate.calendar_name,
        "timezone": candidate.calendar.hours.timezone,
        "target_seconds": due.limit.total_seconds(),
        "due_at": due.at,
        "provisional": due.at is not None and candidate.calendar.provisional(due.at),
        "walk": [_step(one) for one in walk],
        "walked_to": walked_to,
    }


def _step(one: Step) -> dict[str, Any]:
    passage = one.passage
    seconds = (passage.end - passage.start).total_seconds()
    return {
        "start": passage.start,
        "end": passage.end,
        "kind": one.kind,
        "rule": passage.rule,
        "detail": passage.detail,
        "seconds": seconds,
        "counted_seconds": seconds if one.kind == "running" else 0,
    }
