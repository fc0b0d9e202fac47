"""When a customer accepts a repair, a callback is scheduled: for every one, without asking."""

from collections.abc import Callable, Mapping

from libs.events import AnyRecorded, Event, Story
from libs.events.contracts.dispatch.work_orders import RepairAccepted
from services.survey.callbacks.domain import Schedule, callback, callback_id_of


def schedule_callback(heard: AnyRecorded) -> Story:
    """A repair was accepted: schedule its callback."""
    said: RepairAccepted = heard.event
    yield callback.on(
        callback_id_of(said.work_order_id), Schedule(said.ticket_id, said.work_order_id, said.customer_id)
    )


reactions: Mapping[type[Event], Callable[[AnyRecorded], Story]] = {RepairAccepted: schedule_callback}
