"""HTTP of policies and calendars: the rules that clocks go by, as they ship."""

from typing import Any

from pydantic import BaseModel, Field

from libs.chassis.auth import ROLES
from libs.chassis.http import Page, Router, allow
from services.sla.domain.policy import Policy, SiteHours, Target
from services.sla.domain.shipped import LIBRARY

router = Router(prefix="/v1", tags=["policies"])
STAFF = allow(*ROLES)


class TargetItem(BaseModel):
    """时限目标 / One clock that a ticket has under the policy."""

    metric: str = Field(description="指标 / Metric", examples=["on_site"])
    title: dict[str, str] = Field(description="名称 / Title by language")
    calendar: str = Field(description="日历 / The calendar of this policy that it counts in")
    start: list[str] = Field(description="开始事件 / Events that start it")
    stop: list[str] = Field(description="完成事件 / Events that stop it")
    pause: list[str] = Field(description="暂停事件 / Events that pause it")
    resume: list[str] = Field(description="恢复事件 / Events that end a pause")
    reopen: list[str] = Field(description="重启事件 / Events that set it going again once met")
    cancel: list[str] = Field(description="取消事件 / Events after which it is not needed")
    by_level: dict[str, Any] = Field(description="各级时限 / Time allowed by fault level")
    warn_at: float = Field(description="预警比例 / Share of the target after which the warning is due")
    sources: list[str] = Field(description="需求编号 / Requirements that it serves", examples=[["R194"]])
    note: str = Field(description="说明 / Why these figures")


class PolicyItem(BaseModel):
    """时限政策 / A policy in one version."""

    name: str = Field(description="名称与版本 / Id and version, as clocks name it", examples=["demo/1"])
    id: str
    version: int
    title: dict[str, str] = Field(description="名称 / Title by language")
    current: bool = Field(description="现行 / Whether new tickets are under it")
    calendars: list[str] = Field(description="日历 / Names of its calendars")
    targets: list[TargetItem]


class CalendarItem(BaseModel):
    """工作日历 / Working time of a policy: half-open intervals of local time."""

    policy: str = Field(description="时限政策 / The policy that it belongs to", examples=["demo/1"])
    name: str = Field(description="名称 / Name within the policy", examples=["office"])
    timezone: str = Field(description="时区 / IANA time zone", examples=["Asia/Shanghai"])
    weekly_hours: dict[str, list[list[str]]] = Field(description="每周工作时间 / Hours by weekday")
    holidays: list[Any] = Field(description="休息日 / Closed local dates, or closures [from, to)")
    extra_working: list[dict[str, Any]] = Field(description="调休上班日 / Local dates with hours of their own")


@router.get("/policies", operation_id="list_policies", dependencies=[STAFF], response_model=Page[PolicyItem])
async def list_policies() -> Any:
    """时限政策 / The policies, with the targets of their clocks."""
    return {"items": [_policy(policy) for policy in LIBRARY.policies.values()], "next_cursor": None}


@router.get("/calendars", operation_id="list_calendars", dependencies=[STAFF], response_model=Page[CalendarItem])
async def list_calendars() -> Any:
    """工作日历 / The calendars that policies count in."""
    calendars = [
        {
            "policy": policy.name,
            "name": name,
            "timezone": hours.timezone,
            "weekly_hours": hours.weekly_hours,
            "holidays": hours.holidays,
            "extra_working": hours.extra_working,
        }
        for policy in LIBRARY.policies.values()
        for name, hours in policy.calendars.items()
        if isinstance(hours, SiteHours)
    ]
    return {"items": calendars, "next_cursor": None}


def _policy(policy: Policy) -> dict[str, Any]:
    return {
        "name": policy.name,
        "id": policy.id,
        "version": policy.version,
        "title": policy.title,
        "current": policy.name in LIBRARY.policies_in_force,
        "calendars": list(policy.calendars),
        "targets": [_target(target) for target in policy.targets],
    }


def _target(target: Target) -> dict[str, Any]:
    return {name: getattr(target, name) for name in TargetItem.model_fields}
