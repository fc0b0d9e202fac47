"""The ledger of erased customers: a confirmed erasure writes its row, and the database deletes with it."""

from libs.events import AnyRecorded
from libs.events.contracts.intake.customers import CustomerErased
from libs.events.log.erasure import erasures


def customer(recorded: AnyRecorded) -> str | None:
    """Whom an event of this log erases."""
    return recorded.event.customer_id if isinstance(recorded.event, CustomerErased) else None


erasure_view = erasures(customer)
