"""Whose turn it is: which party a ticket waited for at each moment, and so where a clock's time went.

It follows from the facts alone, by one table. No source at hand says who is to answer for which wait, so the table is
this project's own decision; docs/sla-explanations.md has it in words.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from operator import attrgetter
from typing import Literal, NamedTuple, get_args

from services.sla.explanations.domain.ledger import NOTHING, Account
from services.sla.policies.domain.fact import REOPENED, Fact

Party = Literal["customer", "triage", "dispatch", "engineer", "parts", "supplier", "other"]
PARTIES: tuple[Party, ...] = get_args(Party)

NEXT: Mapping[str, Party] = {
    "intake.TicketOpened": "triage",
    "intake.TicketUnmerged": "triage",
    "intake.TicketReopened": "triage",
    "triage.TriageStarted": "triage",
    "triage.RemoteSupportStarted": "triage",
    "triage.RemoteSupportFailed": "triage",
    "triage.WorkAuthorised": "dispatch",
    "dispatch.WorkOrderCreated": "dispatch",
    "dispatch.CrewAssigned": "dispatch",
    "dispatch.CrewUnassigned": "dispatch",
    "dispatch.AppointmentProposed": "customer",
    "dispatch.AppointmentConfirmed": "customer",
    "dispatch.AppointmentMoved": "customer",
    "dispatch.AppointmentWished": "dispatch",
    "dispatch.EngineerDeparted": "engineer",
    "dispatch.OnSiteArrived": "engineer",
    "dispatch.WorkResumed": "engineer",
    "dispatch.RepairCompleted": "customer",
    "dispatch.VisitFailed": "dispatch",
    "dispatch.RepairRejected": "dispatch",
    "dispatch.ReworkOrdered": "dispatch",
    "dispatch.RepairAccepted": "other",
    "triage.RemoteSupportSucceeded": "other",
    "intake.TicketClosed": "other",
    "intake.TicketCancelled": "other",
    "intake.TicketMarkedDuplicate": "other",
    "survey.CallbackScheduled": "other",
    "survey.CallbackAttempted": "other",
    "survey.CallbackCompleted": "other",
}
"""Whose turn it is after an event. After any other it is whose it was."""

WAITING: Mapping[str, Party] = {
    "waiting_customer": "customer",
    "waiting_access": "customer",
    "waiting_parts": "parts",
    "waiting_supplier": "supplier",
}
"""Whom work waits for when it is paused for a reason; for any other reason: other."""

AGREED = ("dispatch.AppointmentConfirmed", "dispatch.AppointmentMoved")
"""A time is agreed: until it begins the wait is the customer's wish, from then on the engineer is expected."""

CREWED: Mapping[str, Party] = {"dispatch.CrewAssigned": "engineer", "dispatch.CrewUnassigned": "dispatch"}
"""Who is expected when an agreed time begins, after these: the agreed time itself stands."""


class Hold(NamedTuple):
    """From `start` on it is the party's turn, because of the fact."""

    start: datetime
    party: Party
    fact: Fact


SINCE = attrgetter("start")


@dataclass(frozen=True)
class Share:
    """A party's part of a clock: real time, open time of the calendar, and time that counted."""

    elapsed: timedelta = NOTHING
    working: timedelta = NOTHING
    counted: timedelta = NOTHING

    def __add__(self, other: "Share") -> "Share":
        return Share(self.elapsed + other.elapsed, self.working + other.working, self.counted + other.counted)


def holds(facts: Iterable[Fact]) -> list[Hold]:
    """Whose turn it was, in order of time: a function of the set of facts."""
    turns: list[Hold] = []
    expected: Hold | None = None
    cycle = 1
    for fact in sorted(facts, key=attrgetter("order")):
        cycle += fact.type == REOPENED
        if fact.is_over(cycle):
            continue
        at = fact.at
        if expected is not None and expected.start <= at:
            turns.append(expected)
            expected = None
        party = _party(fact, agreed=expected is not None)
        if expected is not None and fact.type in CREWED:
            expected = expected._replace(party=CREWED[fact.type])
        if party is not None:
            turns.append(Hold(at, party, fact))
            expected = _expected(fact)
    return turns if expected is None else [*turns, expected]


def delays(account: Account, turns: Sequence[Hold]) -> dict[Party, Share]:
    """Each party's share of a clock's cycle. They add up to its elapsed, working and counted time exactly."""
    shares = dict.fromkeys(PARTIES, Share())
    for span in account.spans:
        for party, start, end in held(turns, span.start, span.end):
            working = account.calendar.elapsed(start, end)
            counted = working if span.phase == "running" else NOTHING
            shares[party] += Share(end - start, working, counted)
    return shares


def held(turns: Sequence[Hold], start: datetime, end: datetime) -> Iterator[tuple[Party, datetime, datetime]]:
    """Whose turn it was in [start, end), piece by piece; nobody's we know of before the first fact: other."""
    first, last = bisect_right(turns, start, key=SINCE), bisect_left(turns, end, key=SINCE)
    here = ((hold.start, hold.party) for hold in turns[max(first - 1, 0) : last])
    edges: list[tuple[datetime, Party]] = [(start, "other"), *here, (end, "other")]
    for (since, party), (until, _) in pairwise(edges):
        begin, stop = max(since, start), min(until, end)
        if begin < stop:
            yield party, begin, stop


def _party(fact: Fact, agreed: bool) -> Party | None:
    if fact.type == "dispatch.WorkPaused":
        return WAITING.get(str(fact.attributes.get("reason")), "other")
    if fact.type in CREWED and agreed:
        return None  # another engineer takes over, or nobody yet: the agreed time stands
    return NEXT.get(fact.type)


def _expected(fact: Fact) -> Hold | None:
    start = fact.instant("start") if fact.type in AGREED else None
    return None if start is None else Hold(max(start, fact.at), "engineer", fact)
