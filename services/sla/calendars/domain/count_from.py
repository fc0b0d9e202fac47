"""From which date business days are counted."""

from typing import Literal

CountFrom = Literal["next_business_day", "day_of_receipt"]
"""The day from which none counts itself, for a start outside working hours: the day of its next opening (which makes
Saturday's ticket Monday's), or the local date of the start, open or not (Civil Code of China, article 201)."""
