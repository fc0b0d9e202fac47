"""HTTP of work orders: the board, one sheet, and its plan: who goes, and when."""

from datetime import datetime
from functools import partial
from typing import Annotated, Any

from pydantic import Field, ValidationInfo, field_validator

from libs.chassis.filters import several
from libs.chassis.http import (
    ANYONE,
    DEFAULT,
    TAGGED,
    UUID,
    AsOf,
    CommandBody,
    Commands,
    Cursor,
    Instant,
    Limit,
    MinVersion,
    Page,
    Reads,
    Response,
    Router,
    invalid,
)
from libs.chassis.links import links, operations
from libs.events.filters import by_id, fitting
from services.dispatch.engineers.view import engineers
from services.dispatch.jobs.domain import job
from services.dispatch.roles import PLANNERS
from services.dispatch.work_orders.api import acceptances, visits
from services.dispatch.work_orders.api.crew import not_yours, only
from services.dispatch.work_orders.api.sheets import WorkOrderSheet, sheets
from services.dispatch.work_orders.domain.appointment import LONGEST, MakeAppointment, Slot
from services.dispatch.work_orders.domain.schedule import planned
from services.dispatch.work_orders.domain.work_order import Assign, work_order
from services.dispatch.work_orders.view import Status, row_of, work_orders

router = Router(prefix="/v1/work-orders", tags=["work orders"])

STEPS = operations(visits.router, acceptances.router)
"""What is done on site."""


@router.get(
    "",
    operation_id="list_work_orders",
    dependencies=[ANYONE],
    response_model=Page[WorkOrderSheet],
    responses=links(200, "get_work_order", "assign", "make_appointment", *STEPS, work_order_id="items/0/id"),
)
async def list_work_orders(
    reads: Reads,
    ticket_id: Annotated[list[UUID], several("工单编号 / Of this ticket")],
    status: Annotated[list[Status], several("状态 / With this status")],
    engineer_id: Annotated[list[UUID], several("维修人员 / Of this engineer")],
    min_version: MinVersion = None,
    limit: Limit = DEFAULT,
    cursor: Cursor = None,
) -> Any:
    """维护任务单列表 / Work orders, newest first. An engineer sees those of visits that are their own.

    `min_version` waits for the job of the one `ticket_id`: with 1 for its first visit, with one more for each rework.
    """
    await reads.wait_for_one(job, ticket_id, min_version)
    query = fitting(work_orders, {"ticket_id": ticket_id, "status": status, "engineer_id": engineer_id})
    if (own := await only(reads)) is not None:
        query = query.where(work_orders.c.engineer_id == own)
    page = await reads.page(query, work_orders, limit, cursor)
    return page | {"items": await sheets(reads, page["items"])}


@router.get(
    "/{work_order_id}",
    operation_id="get_work_order",
    dependencies=[ANYONE],
    response_model=WorkOrderSheet,
    responses=TAGGED,
)
async def get_work_order(
    work_order_id: UUID, reads: Reads, min_version: MinVersion = None, as_of: AsOf = None
) -> Response:
    """维护任务单 / One work order, now or as it was known at a moment."""
    id = str(work_order_id)
    await reads.wait(work_order.stream(id), min_version)
    row = await reads.one(by_id(work_orders, id), "work order")
    if await only(reads) not in (None, row["engineer_id"]):
        raise not_yours()
    if as_of is not None:
        row = row_of(await reads.history(work_order, id, as_of, "work order"))
    (sheet,) = await sheets(reads, [row])
    return reads.answer(sheet, version=row["version"])


class Assignment(CommandBody):
    """派工 / Who is to make the visit."""

    engineer_id: UUID = Field(description="维修人员 / A registered engineer")


@router.post("/{work_order_id}/assignment", operation_id="assign", dependencies=[PLANNERS])
async def assign(work_order_id: UUID, body: Assignment, reads: Reads, commands: Commands) -> Response:
    """派工 / Assign an engineer, or another one while the repair is not completed.

    409 `skill-missing` names the `skills` that the engineer lacks, 409 `overlap` the `work_order_id` of the other visit
    that the engineer has at the agreed time, or is at now when this one is under way.
    """
    engineer_id = str(body.engineer_id)
    if not await reads.rows(by_id(engineers, engineer_id)):
        raise invalid("body.engineer_id", "There is no such engineer.", "unknown-engineer")
    return await commands.run(partial(planned, str(work_order_id), Assign(engineer_id)), body)


class NewAppointment(CommandBody):
    """预约 / A time on site, offered or agreed: from start until before end."""

    start: Instant = Field(description="开始 / From", examples=["2027-03-04T09:00:00+08:00"])
    end: Instant = Field(
        description="结束 / Until, after start and within 14 days of it", examples=["2027-03-04T11:00:00+08:00"]
    )
    confirmed: bool = Field(description="客户是否已确认 / Whether the customer agreed", examples=[True])

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


@router.post("/{work_order_id}/appointment", operation_id="make_appointment", dependencies=[PLANNERS])
async def make_appointment(work_order_id: UUID, body: NewAppointment, commands: Commands) -> Response:
    """预约 / Offer a time, agree on it, or move an agreed one, until the engineer sets out.

    409 `overlap`: the engineer has agreed on another visit then, which `work_order_id` names.
    """
    command = MakeAppointment(Slot(body.start, body.end), body.confirmed)
    return await commands.run(partial(planned, str(work_order_id), command), body)
