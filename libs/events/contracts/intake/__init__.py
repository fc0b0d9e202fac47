"""What intake (受理) tells the others: customers, their contracts and assets, and tickets."""

from libs.events.contracts.intake import assets, contracts, customers, tickets

CONCEPTS = (
    customers,
    contracts,
    assets,
    tickets,
)
