"""Jobs: the kinds of work that the services speak of alike."""

from typing import Annotated, Literal

import msgspec

JobType = Literal[
    "repair",
    "inspection",
    "installation",
    "training",
    "relocation",
    "expansion",
    "system_change",
    "performance_tuning",
    "event_duty",
    "resident_engineer",
]

Cycle = Annotated[int, msgspec.Meta(ge=1)]
"""A round of work on a ticket, counted from 1: one more each time that the ticket was opened again."""
