"""HTTP of news: what is told of cases, as server-sent events."""

from libs.chassis.streaming.router import stream_router
from libs.events.contracts.language import events_of
from libs.events.contracts.triage import cases

router = stream_router(
    "/v1/cases",
    "cases",
    "研判动态 / What is told of cases",
    events_of(cases),
    cases.FaultClassified(ticket_id="0198c0de-0000-7000-8000-000000000001", level=2, maintenance_type="corrective"),
)
