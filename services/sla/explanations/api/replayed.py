"""HTTP of one clock under the draft that a replay tried: explained as a live one is, to be read beside it."""

import asyncio
from typing import Annotated, Any

from fastapi import Path

from libs.chassis.http import TAGGED, UUID, Reads, Router, missing
from services.sla.calendars.domain.calendar import OutOfReach
from services.sla.clocks.api.verdicts import begin, state_of
from services.sla.clocks.domain.clocks import Clocks, clocks
from services.sla.clocks.domain.evaluation import Evaluation
from services.sla.clocks.domain.evidence import Adoption, Evidence
from services.sla.clocks.domain.judge import judge
from services.sla.explanations.api.explanations import ExplanationItem, explanation
from services.sla.policies.domain.draft import under
from services.sla.policies.domain.shipped import LIBRARY
from services.sla.replays.api.replays import PLANNERS
from services.sla.replays.domain.what_if import ReplayRequested, replays

router = Router(prefix="/v1/replays", tags=["replays"])

Metric = Annotated[
    str, Path(max_length=40, pattern="^[a-z][a-z0-9_]*$", description="指标 / Metric", examples=["on_site"])
]


@router.get(
    "/{id}/tickets/{ticket_id}/clocks/{metric}",
    operation_id="get_replayed_clock",
    dependencies=[PLANNERS],
    response_model=ExplanationItem,
    responses=TAGGED,
)
async def get_replayed_clock(id: UUID, ticket_id: UUID, metric: Metric, reads: Reads) -> Any:
    """试算说明 / A clock as it would be under the draft of a completed replay, explained as a live one is.

    It rests on what the replay knew: nothing was told of it, so `told` is empty and `breached_then` false.
    """
    job, _ = await reads.state(replays, str(id), what="replay")
    if job.request is None or job.completed is None:
        raise missing("result")
    await begin(reads)
    history = await reads.history(clocks, str(ticket_id), job.request.as_of, "clock")
    state, version = state_of(history), history[-1].version
    run = await asyncio.to_thread(_judged, job.request, str(ticket_id), state, metric)
    if run is None:
        raise missing("clock")
    return reads.answer(explanation(run, state, job.request.as_of) | {"version": version}, version=version)


def _judged(request: ReplayRequested, ticket_id: str, state: Clocks, metric: str) -> Evaluation | None:
    """The clock as the replay judged it; None where there is none, or where no calendar reaches it."""
    library = under(LIBRARY, request.draft)
    adoption = Adoption(request.as_of, library.policies_in_force, library.calendars_in_force)
    try:
        return judge(library, Evidence(ticket_id, [adoption], state.counted), metric, request.as_of)
    except OutOfReach:
        return None
