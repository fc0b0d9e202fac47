"""Jobs: the kinds of work that the services speak of alike."""

from typing import Literal

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
