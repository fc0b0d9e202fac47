"""From a ticket as intake answers it to what its forms say."""

from zoneinfo import ZoneInfo

from libs.documents.ticket_forms import TicketForm
from services.gateway.documents.domain import ERASED, Answer, phone_of, time_of, warranty_of
from services.gateway.documents.labels import CHANNEL, JOB_TYPE, URGENCY


def filled_in(form: type[TicketForm], ticket: Answer, address: str, zone: ZoneInfo) -> TicketForm:
    """The form. Instants are told in the site's zone, or else in `zone`; what is hidden from the reader stays blank."""
    customer = ticket["customer"] or {}
    erased = ticket["summary"] is None
    phones = "、".join(phone_of(phone) for phone in customer.get("phones") or ())
    return form(
        number=ticket["number"],
        version=ticket["version"],
        address=address,
        received=time_of(ticket["opened_at"], ZoneInfo(ticket["timezone"]) if ticket["timezone"] else zone) or "",
        channel=CHANNEL[ticket["channel"]],
        urgency=URGENCY[ticket["urgency"]],
        customer=ERASED if erased else customer.get("name"),
        phones=ERASED if erased else phones or None,
        site=ERASED if erased else customer.get("address"),
        region=ticket["region"],
        contract=ticket["contract"],
        kind=JOB_TYPE[ticket["kind"]],
        warranty=warranty_of(ticket["warranty"]),
        summary=ERASED if erased else ticket["summary"],
        requirements=ERASED if erased else ticket["requirements"],
    )
