"""Amendments (更正) of what a ticket says, each with a reason: what it said before stays in its story.

A question, a complaint or a suggestion that turns out to be a fault becomes one so; not the other way.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from libs.events import Refused
from libs.events.contracts.intake.tickets import TALKS, Amended, TicketAmended, TicketKind, TicketOpened, Urgency


@dataclass(frozen=True, slots=True)
class Matter:
    """What a ticket says that may be amended; `summary_id` is a text, `site_id` stands as it was opened."""

    kind: TicketKind = "repair"
    urgency: Urgency = "normal"
    region: str | None = None
    contract: str | None = None
    summary_id: str = ""
    site_id: str | None = None


@dataclass(frozen=True, slots=True)
class AmendTicket:
    """Put right what is given; why is a text."""

    ticket_id: str
    reason_id: str
    kind: TicketKind | None = None
    urgency: Urgency | None = None
    region: str | None = None
    contract: str | None = None
    summary_id: str | None = None


FIELDS = ("kind", "urgency", "region", "contract", "summary_id")


def matter_of(opened: TicketOpened) -> Matter:
    return Matter(opened.kind, opened.urgency, opened.region, opened.contract, opened.summary_id, opened.site_id)


def changes(event: TicketAmended) -> dict[str, Any]:
    """What is other than before, by field."""
    return {name: value for name in FIELDS if (value := getattr(event, name)) is not None}


def after(matter: Matter, event: TicketAmended) -> Matter:
    return replace(matter, **changes(event))


def amended(command: AmendTicket, customer_id: str, matter: Matter, authorised: bool) -> Sequence[TicketAmended]:
    """Nothing where it says so already. Raises Refused for a kind that others work by."""
    given = {name: getattr(command, name) for name in FIELDS}
    new = {name: value for name, value in given.items() if value not in (None, getattr(matter, name))}
    if not new:
        return []
    if "kind" in new:
        _other_kind(new["kind"], matter.kind, authorised)
    return [
        TicketAmended(
            ticket_id=command.ticket_id,
            customer_id=customer_id,
            site_id=matter.site_id,
            reason_id=command.reason_id,
            before=Amended(**{name: getattr(matter, name) for name in new}),
            **new,
        )
    ]


def _other_kind(kind: TicketKind, before: TicketKind, authorised: bool) -> None:
    if authorised or (kind in TALKS and before not in TALKS):
        raise Refused("kind-stands", "Triage or dispatch works on the ticket by its kind: that stands.")
