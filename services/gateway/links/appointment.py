"""A visit's time, and what its customer may answer: that it suits them, or which one they would rather have."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal, Self
from zoneinfo import ZoneInfo

import msgspec

from services.gateway.links.domain import answer_id_of

PARTS: Mapping[str, tuple[int, int]] = {"morning": (8, 12), "afternoon": (12, 18), "evening": (18, 21)}
"""The hours of a day that a customer may wish, at the site: [from, until)."""
FURTHEST = timedelta(days=180)
LONGEST_NOTE = 500

Choice = Literal["confirm", "wish"]


class Planned(msgspec.Struct, frozen=True):
    """What is planned, if anything is; `is_open` until the engineer sets out."""

    start: str | None
    end: str | None
    confirmed: bool
    is_open: bool


@dataclass(frozen=True)
class TimeAnswer:
    """What the form says. `answer_id` is the form's own; `start` and `end` are what it showed, as it showed them."""

    answer_id: str
    choice: Choice | None
    start: str
    end: str
    day: str
    part: str
    note: str

    @classmethod
    def of(cls, fields: Mapping[str, str]) -> Self | None:
        """None for what no form of ours says."""
        id, choice = answer_id_of(fields), fields.get("choice")
        if id is None:
            return None
        said = {name: fields.get(name, "") for name in ("start", "end", "day", "part", "note")}
        return cls(id, "confirm" if choice == "confirm" else "wish" if choice == "wish" else None, **said)

    def flaw(self, zone: ZoneInfo, now: datetime) -> str | None:
        """The word for what is wrong with it; None: nothing."""
        if self.choice is None:
            return "choice_missing"
        if self.choice == "wish" and self.slot(zone) is None:
            return "day_missing"
        if self.choice == "wish" and not self._is_ahead(zone, now):
            return "day_over"
        return "note_too_long" if len(self.note) > LONGEST_NOTE else None

    def slot(self, zone: ZoneInfo) -> tuple[str, str] | None:
        """The time that is confirmed as it was shown, or wished in hours of the site: RFC 3339."""
        if self.choice == "confirm":
            return self.start, self.end
        try:
            day, hours = date.fromisoformat(self.day), PARTS[self.part]
        except (ValueError, KeyError):
            return None
        start, end = (datetime.combine(day, time(hour), zone) for hour in hours)
        return start.isoformat(), end.isoformat()

    def _is_ahead(self, zone: ZoneInfo, now: datetime) -> bool:
        """Until the last day that the page lets people choose, that one included."""
        slot, last = self.slot(zone), now.astimezone(zone).date() + FURTHEST
        return slot is not None and now < datetime.fromisoformat(slot[1]) and date.fromisoformat(self.day) <= last
