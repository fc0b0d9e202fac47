"""HTTP of work orders: the board, and one sheet."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

import sqlalchemy as sa
from fastapi import Depends, Query

from libs.chassis.http import (
    ANYONE,
    DEFAULT,
    TAGGED,
    UUID,
    AsOf,
    Counts,
    Cursor,
    Instant,
    Limit,
    MinVersion,
    Page,
    Reads,
    Response,
    Router,
)
from libs.chassis.links import links, operations
from libs.chassis.lists.filters import check_span, several, sorting
from libs.events.filters import Values, by_id, fitting
from services.dispatch.jobs.domain import job
from services.dispatch.work_orders.api import acceptances, plans, visits
from services.dispatch.work_orders.api.crew import not_yours, only, own_id
from services.dispatch.work_orders.api.sheets import WorkOrderSheet, sheets
from services.dispatch.work_orders.domain.work_order import work_order
from services.dispatch.work_orders.view import APPOINTMENT, Status, crew, row_of, within, work_orders

router = Router(prefix="/v1/work-orders", tags=["work orders"])

STEPS = operations(plans.router, visits.router, acceptances.router)
"""What is planned, and done on site."""


Sort = Literal["opened_at", "-opened_at", "appointment", "-appointment"]


@dataclass(frozen=True, kw_only=True)
class WorkOrderFilters:
    """Which work orders a list shows, or counts."""

    id: Annotated[list[UUID], several("任务单编号 / Work order id")]
    ticket_id: Annotated[list[UUID], several("工单编号 / Of this ticket")]
    status: Annotated[list[Status], several("状态 / With this status")]
    engineer_id: Annotated[
        list[UUID | Literal["me"]], several("维修人员 / Of this engineer; `me`: of the engineer whose login calls")
    ]
    unassigned: Annotated[
        bool | None, Query(description="是否未派工 / true: open, and nobody is assigned; false: somebody is")
    ] = None
    start: Annotated[
        Instant | None, Query(alias="from", description="上门起 / With an appointment, or an offer, that ends after")
    ] = None
    end: Annotated[
        Instant | None, Query(alias="to", description="上门止 / With an appointment, or an offer, that begins before")
    ] = None

    async def query(self, reads: Reads) -> sa.Select[Any]:
        """The work orders that fit and that the caller may see.

        Raises a 422 problem for a span that ends before it begins, and 403 for a login that is no engineer's.
        """
        check_span(self.start, self.end, ("from", "to"))
        engineers = [await own_id(reads) if id == "me" else id for id in dict.fromkeys(self.engineer_id)]
        wanted = [*crew(engineers, self.unassigned), *within(self.start, self.end)]
        if (own := await only(reads)) is not None:
            wanted.append(work_orders.c.engineer_id == own)
        filters: dict[str, Values] = {"id": self.id, "ticket_id": self.ticket_id, "status": self.status}
        return fitting(work_orders, filters).where(*wanted)


@router.get(
    "",
    operation_id="list_work_orders",
    dependencies=[ANYONE],
    response_model=Page[WorkOrderSheet],
    responses=links(200, "get_work_order", *STEPS, work_order_id="items/0/id"),
)
async def list_work_orders(
    reads: Reads,
    filters: Annotated[WorkOrderFilters, Depends()],
    sort: Annotated[Sort, sorting("排序 / Order")] = "-opened_at",
    min_version: MinVersion = None,
    limit: Limit = DEFAULT,
    cursor: Cursor = None,
) -> Any:
    """维护任务单列表 / Work orders, newest first unless `sort` says otherwise.

    An engineer sees those of visits that are their own. `appointment` is the time agreed, or else the one offered.
    `min_version` waits for the job of the one `ticket_id`: with 1 for its first visit, with one more for each rework.
    """
    await reads.wait_for_one(job, filters.ticket_id, min_version)
    query = await filters.query(reads)
    page = await reads.page(query, work_orders, limit, cursor, sort, {"appointment": APPOINTMENT})
    return page | {"items": await sheets(reads, page["items"])}


@router.get("/counts", operation_id="list_work_order_counts", dependencies=[ANYONE], response_model=Counts)
async def list_work_order_counts(
    reads: Reads,
    filters: Annotated[WorkOrderFilters, Depends()],
    group_by: Annotated[Literal["status", "engineer_id", "job_type"], Query(description="分组 / Count by this")],
) -> Any:
    """任务单数量 / How many work orders fit the filters, by a value that they share; an engineer counts their own."""
    return await reads.counts(await filters.query(reads), work_orders.c[group_by])


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
