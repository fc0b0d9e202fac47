"""HTTP of news: what is told of tickets, as server-sent events."""

from libs.chassis.streaming.router import stream_router
from libs.events.contracts.intake import tickets
from libs.events.contracts.language import events_of

router = stream_router(
    "/v1/tickets",
    "tickets",
    "工单动态 / What is told of tickets",
    events_of(tickets),
    tickets.TicketStatusChanged(
        ticket_id="0198c0de-0000-7000-8000-000000000001",
        status="on_site",
        because_of="0198c0de-0000-7000-8000-000000000009",
    ),
)
