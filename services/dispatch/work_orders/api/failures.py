"""HTTP of a visit that ends without a completed repair: why, what is next, and the visit that follows."""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import Field

from libs.chassis.http import UUID, CommandAnswer, CommandBody, Response, Router
from libs.chassis.input.fields import Words
from libs.events import Story
from libs.events.contracts.dispatch.work_orders import FailureReason, NextStep, VisitFailed
from libs.events.log.unit import Decided
from libs.events.texts import Text
from services.dispatch.jobs.domain import OrderFurther, job
from services.dispatch.roles import CREW
from services.dispatch.work_orders.api.crew import Crew
from services.dispatch.work_orders.domain.schedule import follow
from services.dispatch.work_orders.domain.visit import Fail
from services.dispatch.work_orders.domain.work_order import CreateWorkOrder, WorkOrderCommand, work_order

router = Router(prefix="/v1/work-orders/{work_order_id}", tags=["visits"])


class Failure(CommandBody):
    """无法完成 / Why the repair cannot be completed on this visit, and what is next."""

    reason: FailureReason = Field(description="原因代码 / A code", examples=["part_missing"])
    next_step: NextStep = Field(
        description="下一步 / What is to come before the next visit, or with it", examples=["await_parts"]
    )
    note: Annotated[
        Words | None, Field(description="说明 / In your own words", examples=["需更换控制板，仓库无货"])
    ] = None


class FailureAnswer(CommandAnswer):
    """The visit that is over, and the one that goes on for it."""

    next_work_order_id: UUID = Field(description="后续任务单 / The next visit on the same ticket")


@router.post("/failure", operation_id="fail_visit", dependencies=[CREW], response_model=FailureAnswer)
async def fail_visit(work_order_id: UUID, body: Failure, crew: Crew) -> Response:
    """无法完成 / The visit ends without a completed repair, on the way or on site; another is ordered at once.

    Work that was paused is resumed by it: no clock stands still for a visit that is over.
    """
    note = Text.said(body.note) if body.note else None
    command = Fail(body.reason, body.next_step, note.id if note else None)
    return await crew.run(work_order_id, command, body, texts=[note] if note else [], story=failure, extra=_next)


def failure(work_order_id: str, command: WorkOrderCommand) -> Story:
    """The end of the visit, the engineer's day without it, and the visit that follows: all or nothing."""
    change = yield work_order.on(work_order_id, command)
    yield from follow(work_order_id, change)
    for event in change:
        if isinstance(event, VisitFailed):
            ordered = yield job.on(event.ticket_id, OrderFurther(event.work_order_id, event.next_step))
            for visit in ordered:
                yield work_order.on(visit.work_order_id, CreateWorkOrder(visit))


def _next(decided: Sequence[Decided]) -> dict[str, Any]:
    (failed,) = [each.event for each in decided[0].events if isinstance(each.event, VisitFailed)]
    return {"next_work_order_id": failed.next_work_order_id}
