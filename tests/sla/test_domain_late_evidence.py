"""Late evidence in verdicts: left out until somebody accepts it, and then as good as any other."""

from collections.abc import Sequence

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from libs.events.contracts.sla.clocks import BreachWithdrawn, ClockMet, ClockStarted
from services.sla.clocks.domain.clocks import EvidenceRuled, FactHeard, RuleEvidence
from services.sla.policies.domain.fact import Fact
from services.sla.policies.domain.rulebook import Library
from tests.sla.test_domain_laws import RICH, SETTINGS, tickets, verdicts
from tests.sla.ticket import T, Ticket, fact, on


def late(one: Fact, cause: str | None = None) -> Fact:
    return msgspec.structs.replace(one, late=True, cause=cause)


def rule(ticket: Ticket, id: str, accepted: bool = True) -> Sequence[object]:
    command = RuleEvidence(ticket_id=T, evidence_id=id, accepted=accepted, ruling_id=f"ruling of {id}")
    return ticket.run(command)


def test_an_arrival_that_came_late_meets_nothing_until_it_is_accepted() -> None:
    ticket = Ticket()
    ticket.tell("opened", "mon 09:00")
    arrival = late(fact("arrived", "mon 10:00"))
    assert [type(event) for event in ticket.hear(arrival)] == [FactHeard]
    ticket.release(on("fri 18:00"))
    assert ticket.clock("on_site").state == "running"
    assert ticket.clock("on_site").breached
    told = rule(ticket, arrival.id)
    assert isinstance(told[0], EvidenceRuled)
    assert {ClockMet, BreachWithdrawn} <= {type(event) for event in told}
    assert (ticket.clock("on_site").state, ticket.clock("on_site").breached) == ("met", False)


def test_refused_evidence_stays_out_and_is_decided_once() -> None:
    ticket = Ticket()
    ticket.tell("opened", "mon 09:00")
    arrival = late(fact("arrived", "mon 10:00"))
    ticket.hear(arrival)
    assert [type(event) for event in rule(ticket, arrival.id, accepted=False)] == [EvidenceRuled]
    assert rule(ticket, arrival.id) == []
    assert ticket.clock("on_site").state == "running"


def test_what_late_evidence_brought_about_waits_with_it() -> None:
    ticket = Ticket()
    opening = late(fact("opened", "mon 09:00"))
    ticket.hear(opening, late(fact("assessed", "mon 09:00", verdict="expired"), cause=opening.id))
    assert ticket.state.judged == {}
    assert any(isinstance(event, ClockStarted) for event in rule(ticket, opening.id))


@SETTINGS
@given(tickets(), st.data(), st.sampled_from([Ticket().rules, RICH]))
def test_evidence_that_nobody_accepted_changes_no_verdict_and_accepted_it_counts_as_if_it_had_come_in_time(
    facts: list[Fact], data: st.DataObject, rules: Library
) -> None:
    chosen = data.draw(st.lists(st.booleans(), min_size=len(facts), max_size=len(facts)))
    marked = [late(one) if is_late else one for one, is_late in zip(facts, chosen, strict=True)]
    without, everything, ticket = Ticket(rules), Ticket(rules), Ticket(rules)
    without.hear(*(one for one in marked if not one.late))
    everything.hear(*facts)
    ticket.hear(*data.draw(st.permutations(marked)))
    assert verdicts(ticket) == verdicts(without)
    for one in data.draw(st.permutations([one for one in marked if one.late])):
        rule(ticket, one.id)
    assert verdicts(ticket) == verdicts(everything)
