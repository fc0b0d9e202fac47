"""A customer (业主, 客户): that there is a file (R129). Name, phones and address stand beside the log, in a contact."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from libs.events import Catalogue, Decider
from libs.events.contracts.intake import CustomerRegistered


@dataclass(frozen=True, slots=True)
class RegisterCustomer:
    """Open a file for a customer."""

    customer_id: str


@dataclass(frozen=True, slots=True)
class Customer:
    """What the next decision about a customer reads."""

    registered: bool = False


def decide(command: RegisterCustomer, customer: Customer, at: datetime) -> Sequence[CustomerRegistered]:
    """One file a customer: a second registration says nothing."""
    return [] if customer.registered else [CustomerRegistered(customer_id=command.customer_id)]


def evolve(customer: Customer, event: CustomerRegistered) -> Customer:
    """The customer after an event."""
    return Customer(registered=True)


def status(customer: Customer) -> str:
    """One word for a command's answer."""
    return "registered" if customer.registered else "unknown"


customer: Decider[RegisterCustomer, Customer, CustomerRegistered] = Decider(
    "customer", Catalogue(CustomerRegistered), Customer(), decide, evolve, status
)
