"""A ticket as its clocks hear of it: facts told in any order, timers that fall due, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from zoneinfo import ZoneInfo

from services.sla.clocks.domain.clock import ClockJudged, clock_id
from services.sla.clocks.domain.clocks import AdoptRules, ClockEvent, Clocks, Command, FireDue, HearFact, clocks_under
from services.sla.policies.domain.fact import Attribute, Fact
from services.sla.policies.domain.rulebook import Library
from services.sla.policies.domain.shipped import LIBRARY

ZONE = ZoneInfo("Europe/Stockholm")
T = "0198c0de-0000-7000-8000-000000000001"
NAMES = {
    "opened": "intake.TicketOpened",
    "cancelled": "intake.TicketCancelled",
    "merged": "intake.TicketMarkedDuplicate",
    "classified": "triage.FaultClassified",
    "remote_started": "triage.RemoteSupportStarted",
    "remote_succeeded": "triage.RemoteSupportSucceeded",
    "arrived": "dispatch.OnSiteArrived",
    "paused": "dispatch.WorkPaused",
    "resumed": "dispatch.WorkResumed",
    "completed": "dispatch.RepairCompleted",
    "rejected": "dispatch.RepairRejected",
    "assessed": "intake.WarrantyAssessed",
    "reassessed": "intake.WarrantyReassessed",
    "remote_failed": "triage.RemoteSupportFailed",
    "appointed": "dispatch.AppointmentConfirmed",
    "authorised": "triage.WorkAuthorised",
    "cause_found": "triage.CauseDetermined",
    "assigned": "dispatch.CrewAssigned",
    "rung": "dispatch.CustomerCalled",
    "failed": "dispatch.VisitFailed",
    "closed": "intake.TicketClosed",
    "duplicate": "intake.TicketMarkedDuplicate",
    "unmerged": "intake.TicketUnmerged",
    "amended": "intake.TicketAmended",
    "reopened": "intake.TicketReopened",
}
_sequence = count(1)


def on(text: str, zone: ZoneInfo = ZONE) -> datetime:
    """Office time in Stockholm: `mon 09:00` is in the week of 2 March 2026, `mon+1` the Monday after."""
    day, wall = text.split()
    name, _, weeks = day.partition("+")
    number = 2 + ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].index(name) + 7 * int(weeks or 0)
    hour, minute = wall.split(":")
    return datetime(2026, 3, number, int(hour), int(minute), tzinfo=zone)


def fact(what: str, when: str | datetime, seq: int | None = None, **attributes: Attribute) -> Fact:
    """Something that another service tells."""
    seq = next(_sequence) if seq is None else seq
    at = on(when) if isinstance(when, str) else when
    return Fact(type=NAMES[what], id=f"{what}-{seq}", happened_at=at, epoch=1, seq=seq, attributes=dict(attributes))


@dataclass
class Ticket:
    """One ticket's stream, as the store would hold it, under these rules."""

    rules: Library = field(default_factory=lambda: LIBRARY)
    history: list[ClockEvent] = field(default_factory=list)
    state: Clocks = field(default_factory=Clocks)

    def run(self, command: Command, at: datetime | None = None) -> Sequence[ClockEvent]:
        """What a command gives, which then is history."""
        clocks = clocks_under(self.rules)
        events = clocks.decide(command, self.state, at or on("mon 00:00"))
        self.history.extend(events)
        self.state = clocks.fold(events, self.state)
        return events

    def hear(self, *facts: Fact) -> list[ClockEvent]:
        """What these facts give, one after the other."""
        return [event for one in facts for event in self.run(HearFact(ticket_id=T, fact=one))]

    def tell(self, what: str, when: str | datetime, **attributes: Attribute) -> list[ClockEvent]:
        """What one fact gives."""
        return self.hear(fact(what, when, None, **attributes))

    def adopt(self, when: str | datetime, by: str = "director-1") -> Sequence[ClockEvent]:
        """What it gives to have the open clocks worked out anew by the rules in force."""
        return self.run(AdoptRules(by=by), on(when) if isinstance(when, str) else when)

    def fire(self, metric: str, due_at: str | datetime) -> Sequence[ClockEvent]:
        """What a timer gives."""
        at = on(due_at) if isinstance(due_at, str) else due_at
        return self.run(FireDue(clock_id=clock_id(T, metric), due_at=at))

    def release(self, until: datetime) -> None:
        """Let every timer up to `until` fall due, as the kernel's loop would."""
        for _ in range(100):
            due = [(at, clock.metric) for clock in self.state.judged.values() if (at := clock.next_at) and at <= until]
            if not due:
                return
            at, metric = min(due)
            assert self.fire(metric, at), "a timer that falls due has something to say"
        raise AssertionError("timers fall due without end")

    def clock(self, metric: str) -> ClockJudged:
        """What is known of one clock."""
        return self.state.judged[metric]

    def said(self, kind: type[ClockEvent], metric: str) -> list[ClockEvent]:
        """The words of one kind about one clock."""
        return [event for event in self.history if isinstance(event, kind) and getattr(event, "metric", None) == metric]
