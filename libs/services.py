"""The services of this product: the one list, which everything reads that starts, lists, migrates or tests them."""

EVENT_SERVICES = ("intake", "triage", "dispatch", "sla", "survey")
"""Those with a log of their own, in the order of a ticket's way: each publishes to its topic `<name>.events`."""

PROCESSES = ("gateway",)
"""Those without one: they have a database and HTTP, and publish nothing."""

SERVICES = (*EVENT_SERVICES, *PROCESSES)
"""All, in the order of their ports."""
