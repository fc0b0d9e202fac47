"""The workload: how many visits each engineer has on a day, over all work orders."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

import msgspec
import sqlalchemy as sa

from libs.events.filters import Values, fits
from libs.events.view import Count
from services.dispatch.tables import metadata
from services.dispatch.work_orders.view import WorkOrderRow, work_order_view

workloads = sa.Table(
    "workload",
    metadata,
    sa.Column("id", sa.Text, primary_key=True, comment="day/engineer"),
    sa.Column("engineer_id", sa.Text, nullable=False),
    sa.Column("day", sa.Text, nullable=False, comment="the department's date on which a visit's agreed time begins"),
    sa.Column("open", sa.Integer, nullable=False),
    sa.Column("done", sa.Integer, nullable=False),
)
sa.Index("workload_engineer_id", workloads.c.engineer_id, workloads.c.id)
sa.Index("workload_day", workloads.c.day, workloads.c.id)

DONE = frozenset(["completed", "accepted", "rejected"])


class WorkloadRow(msgspec.Struct, frozen=True, kw_only=True):
    """An engineer's day: visits that are still to be made, or under way, and those whose repair is completed."""

    id: str
    engineer_id: str
    day: str
    open: int
    done: int


def workload(zone: ZoneInfo) -> Count[WorkloadRow]:
    """The count of assigned visits with an agreed time; `zone` says where days begin."""

    def counts(order: WorkOrderRow) -> list[WorkloadRow]:
        if order.engineer_id is None or order.agreed_start is None or order.status == "cancelled":
            return []
        day, done = order.agreed_start.astimezone(zone).date().isoformat(), order.status in DONE
        id = f"{day}/{order.engineer_id}"
        return [WorkloadRow(id=id, engineer_id=order.engineer_id, day=day, open=int(not done), done=int(done))]

    return Count.of(work_order_view, workloads, WorkloadRow, counts)


def workload_list(filters: Mapping[str, Values], after: str | None, limit: int) -> sa.Select[tuple[str, str, int, int]]:
    """The days with visits that fit the filters, behind the row `after`: by day, then by engineer."""
    some = sa.or_(workloads.c.open > 0, workloads.c.done > 0)
    query = sa.select(workloads).where(*fits(workloads, filters), some).order_by(workloads.c.id).limit(limit)
    return query if after is None else query.where(workloads.c.id > after)
