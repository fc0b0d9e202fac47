"""Customers (业主, 客户): who has a file, and who is forgotten."""

from libs.events.event import Published, event


@event("intake.CustomerRegistered")
class CustomerRegistered(Published, frozen=True, kw_only=True):
    """A customer (业主, 客户) has a file. Name, phones and address are the contact row of that id, never the event."""

    customer_id: str


@event("intake.CustomerErased")
class CustomerErased(Published, frozen=True, kw_only=True):
    """The customer is forgotten: an order to every service to delete their contact and all texts about them."""

    customer_id: str
