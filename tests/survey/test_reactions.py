"""What survey hears: accepted repairs, however often and in whatever order; each gets one callback."""

from collections import defaultdict
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.events import Event
from libs.events.contracts.dispatch.work_orders import RepairAccepted
from libs.events.contracts.survey.callbacks import CallbackScheduled
from services.survey.callbacks.domain import callback_id_of
from services.survey.reactions import reactions
from tests.spec import MONDAY
from tests.survey.story import ACCEPTED, SCHEDULED, T, recorded

OTHERS = [
    RepairAccepted(ticket_id=ticket, customer_id="c1", work_order_id=f"w{n}", signed_by_id="n", signature_id="s")
    for n, ticket in enumerate([T, "t2", "t3"])
]


def hear(*events: Event) -> dict[str, list[Any]]:
    """All histories after these events were heard."""
    streams: dict[str, list[Any]] = defaultdict(list)
    for event in events:
        for do in reactions[type(event)](recorded(event)):
            history = streams[do.stream]
            history += do.decider.decide(do.command, do.decider.fold(history), MONDAY)
    return streams


@pytest.mark.requirement("R064")
def test_an_accepted_repair_schedules_its_callback() -> None:
    assert list(hear(ACCEPTED).values()) == [[SCHEDULED]]


@pytest.mark.requirement("R083")
@given(st.permutations([ACCEPTED, *OTHERS] * 2))
def test_every_accepted_repair_gets_one_callback_in_any_order(events: list[RepairAccepted]) -> None:
    streams = hear(*events)
    scheduled = [event for history in streams.values() for event in history]
    assert sorted(event.callback_id for event in scheduled) == sorted(
        {callback_id_of(event.work_order_id) for event in events}
    )
    assert all(isinstance(event, CallbackScheduled) for event in scheduled)
