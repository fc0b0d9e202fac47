"""What dispatch (派工) tells the others: visits, from the work order to the customer's signature."""

from libs.events.contracts.dispatch import engineers, work_orders

CONCEPTS = (
    engineers,
    work_orders,
)
