"""What survey (回访) tells the others: that the customer was called back, and how content they are."""

from libs.events.contracts.survey import callbacks

CONCEPTS = (callbacks,)
