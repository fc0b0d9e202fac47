"""What a set of facts says about one clock: a pure function, whatever order the facts arrived in."""

from collections.abc import Iterable
from datetime import datetime
from operator import attrgetter

from services.sla.clocks.domain.clock import clock_id
from services.sla.clocks.domain.evaluation import Evaluation
from services.sla.clocks.domain.evidence import Adoption, Evidence
from services.sla.clocks.domain.notices import ClockNotices
from services.sla.policies.domain.rulebook import Library


def judge(library: Library, evidence: Evidence, metric: str, released: datetime | None = None) -> Evaluation | None:
    """The clock as the evidence has it, its own timer having let time pass to `released`; None before its start."""
    heard = listens(library, evidence.adoptions, metric)
    facts = sorted((fact for fact in evidence.facts if fact.type in heard), key=attrgetter("order"))
    run = Evaluation(
        library, ClockNotices(evidence.ticket_id, clock_id(evidence.ticket_id, metric), metric), evidence.facts
    )
    baseline, *changes = evidence.adoptions
    run.adopt(baseline, [])
    for number, fact in enumerate(facts):
        while changes and changes[0].at < fact.happened_at:
            run.adopt(changes.pop(0), facts[:number])
        run.hear(fact)
    for adoption in changes:
        run.adopt(adoption, facts)
    if released is not None:
        run.release(released)
    return run if run.notices else None


def listens(library: Library, adoptions: Iterable[Adoption], metric: str) -> frozenset[str]:
    """The type names that can change this clock, by any of the rules that the ticket ever went by."""
    books = (library.rulebook(adoption.policies, adoption.calendars) for adoption in adoptions)
    return frozenset[str]().union(*(book.listens.get(metric, ()) for book in books))
