"""The incident log: a real service desk's work, as it was written down. Where it comes from stands in README.md."""

import gzip
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import msgspec

LOG = Path(__file__).with_name("bpic2013_incidents.jsonl.gz")
ZONE = "Europe/Stockholm"
"""Where the service desk worked: the department's zone while the demo runs."""
WEEK = (date(2012, 4, 23), date(2012, 4, 29))
"""First and last day of the demo's week, both included."""


class Change(msgspec.Struct, frozen=True):
    """One line of a history: at `at` (aware) the status became `status`/`sub_status`, in the hands of `group`."""

    at: datetime
    status: str
    sub_status: str
    impact: str
    group: str
    country: str


class Incident(msgspec.Struct, frozen=True):
    """One incident: `events` are its changes, earliest first, never empty."""

    case: str
    product: str
    impact: str
    events: list[Change]

    @property
    def opened_on(self) -> date:
        """The local day of the first change, by the log's own offset."""
        return self.events[0].at.date()


def read(path: Path = LOG) -> Iterator[Incident]:
    """Every incident of the log, in the log's order."""
    decoder = msgspec.json.Decoder(Incident)
    with gzip.open(path, "rb") as lines:
        yield from map(decoder.decode, lines)


def choose(which: str = "week") -> list[Incident]:
    """The incidents to run, earliest opened first.

    `which` is "week" (opened on one of the days of WEEK), "all", or a number: that many, the week's first.
    """
    if which == "all":
        return sorted(read(), key=_opening)
    first, last = WEEK
    week = sorted(
        (incident for incident in read() if first <= incident.opened_on <= last),
        key=_opening,
    )
    return week if which == "week" else week[: int(which)]


def _opening(incident: Incident) -> tuple[datetime, str]:
    return incident.events[0].at, incident.case
