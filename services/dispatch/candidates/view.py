"""What the question for candidates reads: every engineer, with what stands in their day."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from services.dispatch.engineers.view import engineers
from services.dispatch.work_orders.view import work_orders
from services.dispatch.workload.view import workloads

HOLDING = ("assigned", "travelling", "on_site")
"""Visits whose agreed time takes the engineer."""
DONE = ("completed", "accepted")


def people(work_order_id: str, customer_id: str, day: date, start: datetime, end: datetime) -> sa.Select[Any]:
    """All engineers: `visits` open on the day, `is_taken` in [start, end) by another visit, `knows_customer`."""
    others = sa.select(work_orders.c.engineer_id).where(
        work_orders.c.status.in_(HOLDING),
        work_orders.c.id != work_order_id,
        work_orders.c.agreed_start < end,
        work_orders.c.agreed_end > start,
    )
    served = sa.select(work_orders.c.engineer_id).where(
        work_orders.c.customer_id == customer_id, work_orders.c.status.in_(DONE)
    )
    busy = sa.and_(workloads.c.engineer_id == engineers.c.id, workloads.c.day == day.isoformat())
    return sa.select(
        engineers,
        sa.func.coalesce(workloads.c.open, 0).label("visits"),
        engineers.c.id.in_(others).label("is_taken"),
        engineers.c.id.in_(served).label("knows_customer"),
    ).select_from(engineers.outerjoin(workloads, busy))
