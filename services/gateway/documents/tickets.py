"""From a ticket as intake answers it to what its forms say."""

from dataclasses import dataclass
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from libs.documents.ticket_forms import CustomerReceipt, TicketForm
from services.gateway.documents.domain import ERASED, Answer, phone_of, place_of, time_of, warranty_of
from services.gateway.documents.labels import CHANNEL, TICKET_KIND, URGENCY

F = TypeVar("F", bound=TicketForm)


@dataclass(frozen=True)
class SettledTicket:
    """A ticket that was closed by an answer; `closing` is that event of its history, `answer` its words."""

    ticket: Answer
    closing: Answer
    answer: str | None


def receipt(settled: SettledTicket, address: str, zone: ZoneInfo) -> CustomerReceipt:
    """《客户回执》."""
    ticket, closing = settled.ticket, settled.closing
    return filled_in(
        CustomerReceipt,
        ticket,
        address,
        zone,
        answer=ERASED if is_erased(ticket) else settled.answer,
        answered_by=closing["actor_name"],
        answered_at=time_of(closing["occurred_at"], zone_of(ticket, zone)) or "",
    )


def closes(event: Answer) -> bool:
    """Whether this event of a ticket's history closed it."""
    return bool(event["type"] == "intake.TicketClosed")


def answers(closing: Answer) -> bool:
    """Whether what closed a ticket was an answer."""
    return closing["fields"].get("answer_id") is not None


def filled_in(form: type[F], ticket: Answer, address: str, zone: ZoneInfo, **own: Any) -> F:
    """The form. Instants are told in the site's zone, or else in `zone`; what is hidden from the reader stays blank."""
    customer = ticket["customer"] or {}
    erased = is_erased(ticket)
    phones = "、".join(phone_of(phone) for phone in customer.get("phones") or ())
    return form(
        number=ticket["number"],
        version=ticket["version"],
        address=address,
        received=time_of(ticket["opened_at"], zone_of(ticket, zone)) or "",
        channel=CHANNEL[ticket["channel"]],
        urgency=URGENCY[ticket["urgency"]],
        customer=ERASED if erased else customer.get("name"),
        phones=ERASED if erased else phones or None,
        site=ERASED if erased else place_of(ticket) or customer.get("address"),
        region=ticket["region"],
        contract=ticket["contract"],
        kind=TICKET_KIND[ticket["kind"]],
        warranty=warranty_of(ticket["warranty"]),
        summary=ERASED if erased else ticket["summary"],
        requirements=ERASED if erased else ticket["requirements"],
        **own,
    )


def is_erased(ticket: Answer) -> bool:
    """Whether the customer is: each ticket has its matter in words until then."""
    return ticket["summary"] is None


def zone_of(ticket: Answer, zone: ZoneInfo) -> ZoneInfo:
    return ZoneInfo(ticket["timezone"]) if ticket["timezone"] else zone
