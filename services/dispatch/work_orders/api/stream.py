"""HTTP of news: what is told of work orders, as server-sent events."""

from libs.chassis.streaming.router import stream_router
from libs.events.contracts.dispatch import work_orders
from libs.events.contracts.dispatch.work_orders import CrewAssigned, CrewUnassigned
from libs.events.contracts.language import events_of
from libs.events.database.connections import Pool
from libs.events.transport.tail import EventNotice
from services.dispatch.roles import SEES_ALL
from services.dispatch.work_orders.domain.work_order import work_order

CREW = """
SELECT actor_id FROM engineer WHERE actor_id IS NOT NULL AND (
    id = (SELECT engineer_id FROM work_order WHERE id = $1)
    OR id IN (SELECT data ->> 'engineer_id' FROM event WHERE stream = $2 AND type = $3)
)
"""

CREWED = (CrewAssigned.type_name, CrewUnassigned.type_name)

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


async def crew_of(pool: Pool, notice: EventNotice) -> list[str]:
    """The login of the visit's engineer; where that changes, those of all who had the visit before, too."""
    id = notice.fields.get("work_order_id")
    if id is None:
        return []
    given = CrewAssigned.type_name if notice.type in CREWED else ""
    return [row["actor_id"] for row in await pool.fetch(CREW, id, work_order.stream(id), given)]
