"""What sla (时限) tells the others: clocks, and what is late or about to be."""

from libs.events.contracts.sla import clocks, rules

CONCEPTS = (
    clocks,
    rules,
)
