"""HTTP of the call that an engineer makes to the customer before they leave."""

from typing import Annotated

from pydantic import Field

from libs.chassis.http import Router
from libs.chassis.input.fields import Said
from libs.events.contracts.dispatch.work_orders import CallOutcome
from services.dispatch.work_orders.api.crew import steps
from services.dispatch.work_orders.domain.visit import NoteCall

router = Router(prefix="/v1/work-orders/{work_order_id}", tags=["visits"])
step = steps(router)


@step.post("/customer-call", "CustomerCall", "联系客户 / What came of a call to the customer.")
def note_call(
    outcome: Annotated[CallOutcome, Field(description="结果 / What came of it", examples=["reached"])],
    note: Annotated[Said | None, Field(description="说明 / In your own words", examples=["客户下午在家"])] = None,
) -> NoteCall:
    """联系客户 / The engineer rang the customer about the visit, as often as it takes, until the visit is over."""
    return NoteCall(outcome, note.id if note else None)
