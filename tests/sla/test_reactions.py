"""What this service hears, and what it keeps of it."""

from libs.events import Recorded
from libs.events.contracts.dispatch.work_orders import WorkPaused
from libs.events.contracts.triage.cases import FaultClassified
from services.sla.clocks.domain.clocks import FireDue, HearFact, clocks
from services.sla.policies.domain.fact import RULING, TELLING, fact_of
from services.sla.policies.domain.shipped import DEMO
from services.sla.reactions import hear, reactions
from services.sla.timers import fall_due
from tests.sla.ticket import T, on
from tests.spec import MONDAY


def heard(event: FaultClassified | WorkPaused) -> Recorded[FaultClassified | WorkPaused]:
    return Recorded(event=event, id="e1", stream="x", version=1, occurred_at=on("mon 09:00"), recorded_at=MONDAY, seq=7)


def test_it_hears_whatever_a_policy_may_name_for_a_draft_may_be_tried_on_the_past() -> None:
    assert set(reactions) == {*TELLING, *RULING}
    assert {event.type_name for event in reactions} >= DEMO.events


def test_a_fact_keeps_what_a_policy_may_ask_and_nobodys_words() -> None:
    fact = fact_of(heard(WorkPaused(ticket_id=T, work_order_id="w1", reason="waiting_parts", note_id="text-1")))
    assert fact.attributes == {"reason": "waiting_parts", "work_order_id": "w1"}
    assert (fact.id, fact.happened_at, fact.seq) == ("e1", on("mon 09:00"), 7)


def test_hearing_is_one_command_for_the_tickets_clocks() -> None:
    event = heard(FaultClassified(ticket_id=T, level=2, maintenance_type="corrective"))
    (do,) = hear(event)
    assert (do.stream, do.command) == (clocks.stream(T), HearFact(ticket_id=T, fact=fact_of(event)))


def test_a_timer_is_one_command_for_the_tickets_clocks() -> None:
    (do,) = fall_due("c1", T, MONDAY)
    assert (do.stream, do.command) == (clocks.stream(T), FireDue(clock_id="c1", due_at=MONDAY))
