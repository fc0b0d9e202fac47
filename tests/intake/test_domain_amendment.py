"""What a ticket says is put right with a reason, until it ends."""

from typing import Any

import pytest
from msgspec import structs

from libs.events import Event
from libs.events.contracts.intake.tickets import Amended, TicketAmended, TicketCancelled, TicketClosed
from services.intake.tickets.domain.amendment import AmendTicket
from services.intake.tickets.domain.ticket import ticket
from services.intake.tickets.view.tickets import ticket_view
from tests.intake.story import ASSESSED, OPENED, T, noted, recorded
from tests.spec import Given

spec = Given(ticket)
fault = spec.given(OPENED, ASSESSED)
asked = spec.given(structs.replace(OPENED, kind="consultation"), ASSESSED)


def amended(before: dict[str, Any], **now: Any) -> TicketAmended:
    return TicketAmended(ticket_id=T, customer_id="c1", reason_id="why", before=Amended(**before), **now)


def test_an_amendment_says_what_is_other_now_and_what_was_before() -> None:
    wish = AmendTicket(T, "why", urgency="low", region="华东", contract="HT-9", summary_id="s2")
    event = amended(
        {"urgency": "high", "contract": "HT-2026-0113", "summary_id": "summary"},
        urgency="low",
        contract="HT-9",
        summary_id="s2",
    )
    assert fault.when(wish) == [event]
    assert fault.given(event).when(wish) == []


@pytest.mark.requirement("R244", "R251")
def test_a_question_that_turns_out_to_be_a_fault_becomes_one_with_a_reason() -> None:
    event = amended({"kind": "consultation"}, kind="repair")
    assert asked.when(AmendTicket(T, "why", kind="repair")) == [event]
    assert asked.given(event, *noted("triage.TriageStarted")).status == "in_triage"
    assert asked.when(AmendTicket(T, "why", kind="complaint"))


def test_who_takes_up_a_question_that_became_a_fault_hears_the_site_that_it_names() -> None:
    at_site = spec.given(structs.replace(OPENED, kind="consultation", site_id="s1"), ASSESSED)
    (event,) = at_site.when(AmendTicket(T, "why", kind="repair"))
    assert isinstance(event, TicketAmended)
    assert event.site_id == "s1"


@pytest.mark.parametrize("history", [[], noted("triage.TriageStarted")])
def test_a_fault_becomes_no_question(history: list[Event]) -> None:
    with fault.given(*history).refuses("kind-stands") as refused:
        refused.when(AmendTicket(T, "why", kind="consultation"))
    assert fault.given(*history).when(AmendTicket(T, "why", kind="inspection"))


def test_what_work_was_authorised_for_keeps_its_kind_and_takes_other_amendments() -> None:
    authorised = fault.given(*noted("triage.WorkAuthorised"))
    with authorised.refuses("kind-stands") as refused:
        refused.when(AmendTicket(T, "why", kind="inspection"))
    assert authorised.when(AmendTicket(T, "why", urgency="low"))


@pytest.mark.parametrize(
    ("end", "code"),
    [(TicketClosed(ticket_id=T), "ticket-closed"), (TicketCancelled(ticket_id=T), "ticket-cancelled")],
)
def test_what_has_ended_is_not_amended(end: Event, code: str) -> None:
    with fault.given(end).refuses(code) as refused:
        refused.when(AmendTicket(T, "why", urgency="low"))


def test_the_register_says_what_the_last_amendment_said() -> None:
    events = [OPENED, ASSESSED, amended({"urgency": "high"}, urgency="low"), amended({"region": "华东"}, region="华南")]
    line = ticket_view.fold([recorded(event, version) for version, event in enumerate(events, 1)])[T]
    assert line is not None
    assert (line.urgency, line.region, line.contract, line.version) == ("low", "华南", "HT-2026-0113", 4)
