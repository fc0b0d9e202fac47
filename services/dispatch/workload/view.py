"""The workload: how many visits each engineer has on a day, over all work orders."""

from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec

from libs.events.table import Note, by_key, table
from libs.events.view import Count
from services.dispatch.tables import metadata
from services.dispatch.work_orders.view import WorkOrderRow, work_order_view

DONE = frozenset(["completed", "failed", "accepted", "rejected"])


class WorkloadRow(msgspec.Struct, frozen=True, kw_only=True):
    """An engineer's day: visits that are still to be made, or under way, and those that are over."""

    id: Annotated[str, Note("day/engineer")]
    engineer_id: str
    day: Annotated[str, Note("the department's date on which a visit's agreed time begins")]
    open: int
    done: int


workloads = table("workload", WorkloadRow, metadata, by_key("engineer_id", "day"))


def workload(zone: ZoneInfo) -> Count[WorkloadRow]:
    """The count of assigned visits with an agreed time; `zone` says where days begin."""

    def counts(order: WorkOrderRow) -> list[WorkloadRow]:
        if order.engineer_id is None or order.agreed_start is None or order.status == "cancelled":
            return []
        day, done = order.agreed_start.astimezone(zone).date().isoformat(), order.status in DONE
        id = f"{day}/{order.engineer_id}"
        return [WorkloadRow(id=id, engineer_id=order.engineer_id, day=day, open=int(not done), done=int(done))]

    return Count.of(work_order_view, workloads, WorkloadRow, counts)
