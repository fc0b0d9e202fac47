"""Evidence: all that a verdict rests on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from services.sla.domain.fact import Fact
from services.sla.domain.rulebook import Names


class Adoption(msgspec.Struct, frozen=True):
    """From `at` on the ticket goes by these policies and calendars; `by` is who had it worked out anew."""

    at: datetime
    policies: Names
    calendars: Names
    by: str = ""


@dataclass(frozen=True)
class Evidence:
    """The rules that a ticket goes by, in order, the facts about it in any order, and what a timer has let pass."""

    ticket_id: str
    adoptions: Sequence[Adoption]
    facts: Iterable[Fact]
