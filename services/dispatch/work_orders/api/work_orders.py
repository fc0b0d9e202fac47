"""HTTP of work orders: the board, and one sheet."""

from typing import Annotated, Any

from libs.chassis.filters import several
from libs.chassis.http import (
    ANYONE,
    DEFAULT,
    TAGGED,
    UUID,
    AsOf,
    Cursor,
    Limit,
    MinVersion,
    Page,
    Reads,
    Response,
    Router,
)
from libs.chassis.links import links, operations
from libs.events.filters import by_id, fitting
from services.dispatch.jobs.domain import job
from services.dispatch.work_orders.api import acceptances, plans, visits
from services.dispatch.work_orders.api.crew import not_yours, only
from services.dispatch.work_orders.api.sheets import WorkOrderSheet, sheets
from services.dispatch.work_orders.domain.work_order import work_order
from services.dispatch.work_orders.view import Status, row_of, work_orders

router = Router(prefix="/v1/work-orders", tags=["work orders"])

STEPS = operations(plans.router, visits.router, acceptances.router)
"""What is planned, and done on site."""


@router.get(
    "",
    operation_id="list_work_orders",
    dependencies=[ANYONE],
    response_model=Page[WorkOrderSheet],
    responses=links(200, "get_work_order", *STEPS, work_order_id="items/0/id"),
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
