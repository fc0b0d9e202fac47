"""HTTP of the call that an engineer makes to the customer before they leave."""

from typing import Annotated

from pydantic import Field

from libs.chassis.fields import Words
from libs.chassis.http import UUID, CommandBody, Response, Router
from libs.events.contracts.dispatch.work_orders import CallOutcome
from libs.events.texts import Text
from services.dispatch.roles import CREW
from services.dispatch.work_orders.api.crew import Crew
from services.dispatch.work_orders.domain.visit import NoteCall

router = Router(prefix="/v1/work-orders/{work_order_id}", tags=["visits"])


class CustomerCall(CommandBody):
    """联系客户 / What came of a call to the customer."""

    outcome: CallOutcome = Field(description="结果 / What came of it", examples=["reached"])
    note: Annotated[Words | None, Field(description="说明 / In your own words", examples=["客户下午在家"])] = None


@router.post("/customer-call", operation_id="note_call", dependencies=[CREW])
async def note_call(work_order_id: UUID, body: CustomerCall, crew: Crew) -> Response:
    """联系客户 / The engineer rang the customer about the visit, as often as it takes, until the visit is over."""
    note = Text.said(body.note) if body.note else None
    command = NoteCall(body.outcome, note.id if note else None)
    return await crew.run(work_order_id, command, body, texts=[note] if note else [])
