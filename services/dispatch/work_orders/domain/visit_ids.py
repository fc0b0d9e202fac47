"""What every event of one visit carries: its ids, and the cycle of its ticket that it was ordered in."""

from typing import TypedDict

from libs.events.contracts.dispatch.work_orders import WorkOrderCreated


class VisitIds(TypedDict):
    """Given to an event as `**about`."""

    ticket_id: str
    work_order_id: str
    cycle: int


def ids_of(order: WorkOrderCreated) -> VisitIds:
    """Those of the visit that this order is for."""
    return {"ticket_id": order.ticket_id, "work_order_id": order.work_order_id, "cycle": order.cycle}
