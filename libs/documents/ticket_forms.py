"""Forms of a ticket, whoever works on it: how it was registered, what is to be repaired, that nothing has to be."""

from libs.documents.forms import Document


class TicketForm(Document, frozen=True, kw_only=True):
    """Whose ticket it is, and what they want; the version is the ticket's."""

    received: str
    channel: str
    urgency: str
    customer: str | None
    phones: str | None
    site: str | None
    region: str | None
    contract: str | None
    kind: str
    warranty: str
    summary: str | None
    requirements: str | None


class FeedbackRegister(TicketForm, frozen=True, kw_only=True):
    """《客户咨询/反馈登记表》: a contact on any channel, as the customer service department registered it."""

    name = "customer-feedback-register"
    title = "客户咨询/反馈登记表"


class RepairFeedback(TicketForm, frozen=True, kw_only=True):
    """修理反馈书: what the call department hands to the engineering department once the warranty was checked."""

    name = "repair-feedback"
    title = "修理反馈书"


class CustomerReceipt(TicketForm, frozen=True, kw_only=True):
    """《客户回执》: what was asked and answered, and that nothing has to be maintained; the customer signs it."""

    name = "customer-receipt"
    title = "客户回执"

    answer: str | None
    answered_by: str | None
    answered_at: str


TICKET_FORMS: dict[str, type[TicketForm]] = {form.name: form for form in (FeedbackRegister, RepairFeedback)}
"""Those that every ticket has; an answer that closed it makes the receipt."""
