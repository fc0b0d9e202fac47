"""HTTP of a visit's plan: who goes, and when."""

from datetime import datetime
from functools import partial

from pydantic import Field, ValidationInfo, field_validator

from libs.chassis.http import UUID, CommandBody, Commands, Instant, Reads, Response, Router, invalid
from libs.chassis.http.commands import DryRun
from libs.events.filters import by_id
from services.dispatch.engineers.view import engineers
from services.dispatch.roles import PLANNERS
from services.dispatch.work_orders.domain.appointment import LONGEST, MakeAppointment, Slot
from services.dispatch.work_orders.domain.schedule import planned, released
from services.dispatch.work_orders.domain.work_order import Assign, PlanVisit

router = Router(prefix="/v1/work-orders/{work_order_id}", tags=["work orders"])


class Assignment(CommandBody):
    """派工 / Who is to make the visit."""

    engineer_id: UUID = Field(description="维修人员 / A registered engineer")


@router.post("/assignment", operation_id="assign", dependencies=[PLANNERS])
async def assign(work_order_id: UUID, body: Assignment, reads: Reads, commands: Commands) -> Response:
    """派工 / Assign an engineer, or another one while the repair is not completed.

    409 `skill-missing` names the `skills` that the engineer lacks, 409 `overlap` the `work_order_id` of the other visit
    that the engineer has at the agreed time, or is at now when this one is under way.
    """
    command = Assign(await _known(body.engineer_id, reads))
    return await commands.run(partial(planned, str(work_order_id), command), body)


class Unassignment(CommandBody):
    """取消派工 / Nothing to say but when it happened."""


@router.post("/unassignment", operation_id="unassign", dependencies=[PLANNERS])
async def unassign(work_order_id: UUID, commands: Commands, body: Unassignment | None = None) -> Response:
    """取消派工 / Take the visit from its engineer, until they set out; an agreed time stands."""
    return await commands.run(partial(released, str(work_order_id)), body or Unassignment(occurred_at=None))


class TimeOnSite(CommandBody):
    """上门时间 / A time on site: from start until before end."""

    start: Instant = Field(description="开始 / From", examples=["2027-03-04T09:00:00+08:00"])
    end: Instant = Field(
        description="结束 / Until, after start and within 14 days of it", examples=["2027-03-04T11:00:00+08:00"]
    )

    @field_validator("end")
    @classmethod
    def after_start(cls, end: datetime, info: ValidationInfo) -> datetime:
        """A time on site is longer than nothing, and no longer than a visit can be."""
        start = info.data.get("start")
        if start is not None and end <= start:
            raise ValueError("should be after start")
        if start is not None and end - start > LONGEST:
            raise ValueError(f"should be within {LONGEST.days} days of start")
        return end


class NewAppointment(TimeOnSite):
    """预约 / A time on site, offered or agreed."""

    confirmed: bool = Field(description="客户是否已确认 / Whether the customer agreed", examples=[True])


@router.post("/appointment", operation_id="make_appointment", dependencies=[PLANNERS])
async def make_appointment(work_order_id: UUID, body: NewAppointment, commands: Commands) -> Response:
    """预约 / Offer a time, agree on it, or move an agreed one, until the engineer sets out.

    409 `overlap`: the engineer has agreed on another visit then, which `work_order_id` names.
    """
    command = MakeAppointment(Slot(body.start, body.end), body.confirmed)
    return await commands.run(partial(planned, str(work_order_id), command), body)


class NewPlan(NewAppointment):
    """计划 / Who is to make the visit, and when."""

    engineer_id: UUID = Field(description="维修人员 / A registered engineer")


@router.post("/plan", operation_id="plan_visit", dependencies=[PLANNERS])
async def plan_visit(
    work_order_id: UUID, body: NewPlan, reads: Reads, commands: Commands, dry_run: DryRun = False
) -> Response:
    """计划上门 / Assign an engineer and make the appointment, both or neither, until the engineer sets out.

    409 as an assignment and an appointment are refused. With `dry_run` nothing is planned, only answered.
    """
    command = PlanVisit(await _known(body.engineer_id, reads), Slot(body.start, body.end), body.confirmed)
    return await commands.run(partial(planned, str(work_order_id), command), body, dry_run=dry_run)


async def _known(engineer_id: UUID, reads: Reads) -> str:
    """The engineer's id. Raises a 422 problem where there is none."""
    if not await reads.rows(by_id(engineers, engineer_id)):
        raise invalid("body.engineer_id", "There is no such engineer.", "unknown-engineer")
    return str(engineer_id)
