"""Evidence: all that a verdict rests on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from services.sla.policies.domain.fact import Fact
from services.sla.policies.domain.rulebook import Names


class Adoption(msgspec.Struct, frozen=True):
    """From `at` on the ticket goes by these policies and calendars; `by` is who had it worked out anew."""

    at: datetime
    policies: Names
    calendars: Names
    by: str = ""


Rulings = Mapping[str, bool]
"""By the id of a late event, whether it was accepted as evidence. One that is missing waits for somebody to decide."""


def counts(fact: Fact, rulings: Rulings) -> bool:
    """Whether verdicts rest on a fact: not on late evidence that was not accepted, nor on what it brought about."""
    return not fact.late or rulings.get(fact.id, False) or rulings.get(fact.cause or "", False)


def counted(facts: Iterable[Fact], rulings: Rulings) -> list[Fact]:
    """The facts that verdicts rest on."""
    return [fact for fact in facts if counts(fact, rulings)]


@dataclass(frozen=True)
class Evidence:
    """The rules that a ticket goes by, in order, the facts about it in any order, and what a timer has let pass."""

    ticket_id: str
    adoptions: Sequence[Adoption]
    facts: Iterable[Fact]
