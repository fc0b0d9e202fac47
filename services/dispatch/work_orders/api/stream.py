"""HTTP of news: what is told of work orders, as server-sent events."""

from libs.chassis.streaming.router import stream_router
from libs.events.contracts.dispatch import work_orders
from libs.events.contracts.language import events_of
from services.dispatch.roles import SEES_ALL

router = stream_router(
    "/v1/work-orders",
    "work orders",
    "任务单动态 / What is told of work orders and their visits",
    events_of(work_orders),
    work_orders.CrewAssigned(
        ticket_id="0198c0de-0000-7000-8000-000000000001",
        work_order_id="0198c0de-0000-7000-8000-000000000003",
        engineer_id="0198c0de-0000-7000-8000-000000000005",
    ),
    SEES_ALL,
)
