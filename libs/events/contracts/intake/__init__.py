"""What intake (受理) tells the others: customers and tickets."""

from libs.events.contracts.intake import customers, tickets

CONCEPTS = (
    customers,
    tickets,
)
