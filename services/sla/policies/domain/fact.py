"""A fact: what this service keeps of an event that it heard about a ticket."""

from datetime import datetime

import msgspec

from libs.events import AnyRecorded, Evidence
from libs.events.contracts.evidence import EvidenceAccepted, EvidenceRefused
from libs.events.contracts.intake import tickets as intake
from libs.events.contracts.language import about_tickets
from libs.services import EVENT_SERVICES
from services.sla.calendars.domain.interval import utc

_OF_OTHERS = about_tickets("sla")

RULING = tuple(cls for cls in _OF_OTHERS if issubclass(cls, EvidenceAccepted | EvidenceRefused))
"""The events that say whether verdicts may rest on late evidence."""

TELLING = tuple(cls for cls in _OF_OTHERS if cls not in (*RULING, intake.TicketStatusChanged))
"""The events about a ticket that a policy may name: all but those, and but a status, which follows from the others."""

ASKED = (
    "level",
    "reason",
    "kind",
    "channel",
    "urgency",
    "customer_id",
    "maintenance_type",
    "cause",
    "job_type",
    "payable",
    "verdict",
    "outcome",
    "score",
    "work_order_id",
    "region",
    "contract",
    "timezone",
)
"""The fields of events that a policy may ask about. None is anybody's words."""

INSTANTS = ("start", "end")
"""The fields that tell when something is to be, such as an appointment's end. They are kept as RFC 3339."""

Attribute = str | int | float | bool | None


ENDS = frozenset({"intake.TicketClosed", "intake.TicketCancelled", "intake.TicketMarkedDuplicate"})
"""What ends a ticket, and every clock of it with it. At one instant it comes after all else."""

MERGED, UNMERGED = "intake.TicketMarkedDuplicate", "intake.TicketUnmerged"
"""An end that may be taken back, and that it was: at one instant each stands where its service said it."""

WITHDRAWN, REOPENED = "intake.TicketCancelled", "intake.TicketReopened"
"""The end that is for good, and that a closing was not."""

LAST = ENDS | {UNMERGED, REOPENED}
"""What every clock listens to, whatever its policy says."""


WAY = {service: place for place, service in enumerate(EVENT_SERVICES)}


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """One event of another service: `id` is its own, `happened_at` when it happened there.

    `epoch` and `seq` are its place among its service's news, which orders what happened at the same instant. `late`: it
    counts once it, or the event `cause` that brought it about, was accepted as evidence. `cycle` is the round of work
    that it is about, if it is about one.
    """

    type: str
    id: str
    happened_at: datetime
    epoch: int
    seq: int
    attributes: dict[str, Attribute]
    late: bool = False
    cause: str | None = None
    cycle: int | None = None

    def is_over(self, cycle: int) -> bool:
        """Whether it is of an earlier round of work than this one, which it says nothing about."""
        return self.cycle is not None and self.cycle < cycle

    @property
    def order(self) -> tuple[datetime, bool, int, int, int, str]:
        """When it happened; never when it arrived. At one instant as a ticket goes through the services, each service's
        by seq, and a ticket's end last: a fault is classified before the visit that follows, in the same second, too.
        """
        place = WAY.get(self.type.partition(".")[0], len(WAY))
        return self.happened_at, self.type in LAST, place, self.epoch, self.seq, self.id

    @property
    def at(self) -> datetime:
        """When it happened, in UTC."""
        return utc(self.happened_at)

    def instant(self, name: str) -> datetime | None:
        """The instant that a field tells, in UTC; None where it tells none."""
        told = self.attributes.get(name)
        try:
            at = datetime.fromisoformat(told) if isinstance(told, str) else None
        except ValueError:
            return None
        return None if at is None or at.tzinfo is None else utc(at)


def fact_of(heard: AnyRecorded) -> Fact:
    """The fact in an event as it was heard."""
    event = heard.event
    return Fact(
        type=event.type_name,
        id=heard.id,
        happened_at=heard.occurred_at,
        epoch=heard.epoch,
        seq=heard.seq,
        late=isinstance(event, Evidence) and event.late,
        cause=heard.causation_id,
        cycle=getattr(event, "cycle", None),
        attributes={name: getattr(event, name) for name in ASKED if hasattr(event, name)}
        | {name: getattr(event, name).isoformat() for name in INSTANTS if hasattr(event, name)},
    )
