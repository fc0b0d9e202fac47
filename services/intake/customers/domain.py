"""A customer (业主, 客户): that there is a file, and that it is erased once two managers want it.

Name, phones and address stand beside the log, in a contact, so that an erasure leaves every event as it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, assert_never, get_args

from libs.events import Catalogue, Decider, Event, Refused, event
from libs.events.contracts.intake.customers import CustomerErased, CustomerRegistered

Reason = Literal["customer_request", "retention_over", "recorded_by_mistake", "legal_order"]


@event("intake.ErasureRequested")
class ErasureRequested(Event, frozen=True, kw_only=True):
    """A manager asked for the customer's erasure; `by` is their pseudonym."""

    customer_id: str
    reason: Reason
    by: str


@event("intake.ErasureWithdrawn")
class ErasureWithdrawn(Event, frozen=True, kw_only=True):
    """The request is off: nothing was erased."""

    customer_id: str
    by: str


@event("intake.CustomerAmended")
class CustomerAmended(Event, frozen=True, kw_only=True):
    """Name, phones, address or sites changed: the contact has this version now. What it said before is gone."""

    customer_id: str
    contact_version: int


@dataclass(frozen=True, slots=True)
class RegisterCustomer:
    """Open a file for a customer."""

    customer_id: str


@dataclass(frozen=True, slots=True)
class AmendCustomer:
    """Put another contact in place of the one whose version was read."""

    customer_id: str
    contact_version: int


@dataclass(frozen=True, slots=True)
class RequestErasure:
    """Ask for a customer's erasure; `by` is the manager's pseudonym."""

    customer_id: str
    reason: Reason
    by: str


@dataclass(frozen=True, slots=True)
class ConfirmErasure:
    """Confirm what another manager asked for: it cannot be undone."""

    customer_id: str
    by: str


@dataclass(frozen=True, slots=True)
class WithdrawErasure:
    """Take a request back, one's own or another's."""

    customer_id: str
    by: str


CustomerCommand = RegisterCustomer | AmendCustomer | RequestErasure | ConfirmErasure | WithdrawErasure
CustomerEvent = CustomerRegistered | CustomerAmended | ErasureRequested | ErasureWithdrawn | CustomerErased


@dataclass(frozen=True, slots=True)
class Customer:
    """What the next decision about a customer reads; `asked_by` is who wants the erasure."""

    registered: bool = False
    contact_version: int = 1
    asked_by: str | None = None
    erased: bool = False


def decide(command: CustomerCommand, customer: Customer, at: datetime) -> Sequence[CustomerEvent]:
    """The events of a command. A second registration emits nothing; an erasure takes two people."""
    match command:
        case RegisterCustomer(customer_id):
            return [] if customer.registered else [CustomerRegistered(customer_id=customer_id)]
        case AmendCustomer(customer_id, contact_version):
            _on_file(customer)
            if contact_version != customer.contact_version:
                raise Refused("contact-changed", "Somebody changed the contact meanwhile: read it again.")
            return [CustomerAmended(customer_id=customer_id, contact_version=contact_version + 1)]
        case RequestErasure(customer_id, reason, by):
            _on_file(customer)
            if customer.asked_by is not None:
                raise Refused("erasure-requested", "The erasure of this customer is requested already.")
            return [ErasureRequested(customer_id=customer_id, reason=reason, by=by)]
        case ConfirmErasure(customer_id, by):
            if _asked_by(customer) == by:
                raise Refused("second-manager-needed", "Another manager than the one who asked has to confirm.")
            return [CustomerErased(customer_id=customer_id)]
        case WithdrawErasure(customer_id, by):
            _asked_by(customer)
            return [ErasureWithdrawn(customer_id=customer_id, by=by)]
        case _:
            assert_never(command)


def _on_file(customer: Customer) -> None:
    if not customer.registered:
        raise Refused("unknown-customer", "No customer of this id is on file.")
    if customer.erased:
        raise Refused("customer-erased", "This customer was erased.")


def _asked_by(customer: Customer) -> str:
    _on_file(customer)
    if customer.asked_by is None:
        raise Refused("erasure-not-requested", "Nobody asks for the erasure of this customer.")
    return customer.asked_by


def evolve(customer: Customer, event: CustomerEvent) -> Customer:
    match event:
        case CustomerRegistered():
            return replace(customer, registered=True)
        case CustomerAmended():
            return replace(customer, contact_version=event.contact_version)
        case ErasureRequested():
            return replace(customer, asked_by=event.by)
        case ErasureWithdrawn():
            return replace(customer, asked_by=None)
        case CustomerErased():
            return replace(customer, asked_by=None, erased=True)
        case _:
            assert_never(event)


def status(customer: Customer) -> str:
    """One word for a command's answer."""
    if customer.erased:
        return "erased"
    if customer.asked_by is not None:
        return "erasure_requested"
    return "registered" if customer.registered else "unknown"


customer: Decider[CustomerCommand, Customer, CustomerEvent] = Decider(
    "customer",
    Catalogue(*get_args(CustomerEvent)),
    Customer(),
    decide,
    evolve,
    status,
)
