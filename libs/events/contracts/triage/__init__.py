"""What triage (研判) tells the others: how urgent a fault is, whose it is, and whether work may start."""

from libs.events.contracts.triage import cases

CONCEPTS = (cases,)
