"""HTTP of news: what is told of clocks, as server-sent events."""

from typing import Annotated, Any, Literal, get_args

from libs.chassis.http import ANYONE, UUID, Router
from libs.chassis.lists.filters import several
from libs.chassis.streaming import sse
from libs.chassis.streaming.sse import After, EventStream, Following, LastEventId, Most, Seconds
from libs.events.transport.tail import EventNotice
from services.sla.clocks.api.clocks import Metrics

router = Router(prefix="/v1/clocks", tags=["clocks"])
WordType = Literal[
    "sla.ClockStarted",
    "sla.ClockPaused",
    "sla.ClockResumed",
    "sla.ClockMet",
    "sla.ClockCancelled",
    "sla.DeadlineMoved",
    "sla.DeadlineApproaching",
    "sla.DeadlineBreached",
    "sla.BreachWithdrawn",
]
ABOUT = "时钟动态 / What is told of clocks, from ClockStarted to BreachWithdrawn"
EXAMPLE = """\
retry: 1000

id: 1:0.0.0.0.12.0.0.0.0.7.0.0.0.0.0.0
event: sla.DeadlineBreached
data: {"specversion":"1.0","id":"0198c0de-0000-7000-8000-00000000000a","source":"/aftercare/sla/1",\
"type":"sla.DeadlineBreached","time":"2026-03-02T15:00:00+00:00","data":{"ticket_id":"0198c0de-0000-7000-8000-000000000001",\
"clock_id":"0198c0de-0000-7000-8000-000000000002","metric":"on_site","at":"2026-03-02T15:00:00Z",\
"deadline":"2026-03-02T15:00:00Z","by_change":false}}

: heartbeat
id: 1:0.0.0.0.12.0.0.0.0.7.0.0.0.0.0.0

"""


@router.get(
    "/stream",
    status_code=200,
    operation_id="stream_clocks",
    description=f"{ABOUT}, as server-sent events.\n\n{sse.HOW}",
    dependencies=[ANYONE],
    response_class=EventStream,
    response_model=None,
    responses=sse.documented(EXAMPLE),
)
async def stream_clocks(
    following: Following,
    ticket_id: Annotated[list[UUID], several("工单编号 / Of this ticket")],
    metric: Metrics,
    type: Annotated[list[WordType], several("事件类型 / Of this type")],
    after: After = None,
    limit: Most = None,
    seconds: Seconds = sse.LONGEST_SECONDS,
    last_event_id: LastEventId = None,
) -> Any:
    """What is told of clocks, by ticket, metric and type."""
    tickets, metrics = frozenset(map(str, ticket_id)), frozenset(metric)
    types = frozenset[str](type or get_args(WordType))

    def wanted(told: EventNotice) -> bool:
        return (
            (not tickets or told.key in tickets)
            and (not metrics or told.fields.get("metric") in metrics)
            and told.type in types
        )

    return await following.stream(last_event_id or after, seconds, limit, wanted)
