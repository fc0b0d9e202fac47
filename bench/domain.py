"""What the benchmarks record: notes on a job, of about the size of a real event, and a view of one row a job."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
import sqlalchemy as sa

from libs.events import AnyRecorded, Catalogue, Decider, event
from libs.events.database.schema import timer
from libs.events.event import AboutTicket
from libs.events.view import View

WORDS = "x" * 250
metadata = sa.MetaData()


@event("bench.NoteTaken")
class NoteTaken(AboutTicket, frozen=True, kw_only=True):
    """About 380 bytes of JSON, as the services' events on average."""

    number: int
    author: str
    words: str
    due_at: datetime | None = None


@dataclass(frozen=True)
class TakeNote:
    """One more note on the job, or `times` more; with `due_at` the job's alarm is set."""

    ticket_id: str
    times: int = 1
    due_at: datetime | None = None


def decide(command: TakeNote, count: int, at: datetime) -> Sequence[NoteTaken]:
    return [
        NoteTaken(ticket_id=command.ticket_id, number=count + n, author="bench", words=WORDS, due_at=command.due_at)
        for n in range(1, command.times + 1)
    ]


job: Decider[TakeNote, int, NoteTaken] = Decider(
    "job", Catalogue(NoteTaken), 0, decide, lambda count, _: count + 1, lambda count: "open" if count else "new"
)

jobs = sa.Table(
    "jobs",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("notes", sa.Integer, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
)


class JobRow(msgspec.Struct, frozen=True):
    """A job as a list shows it."""

    id: str
    notes: int
    author: str
    touched_at: datetime


def apply(before: JobRow | None, recorded: AnyRecorded) -> JobRow | None:
    """The job's row after one more note."""
    note = recorded.event
    return JobRow(note.ticket_id, (before.notes if before else 0) + 1, note.author, recorded.occurred_at)


def key(recorded: AnyRecorded) -> str | None:
    """The row of the job that the note is about."""
    return recorded.event.ticket_id if isinstance(recorded.event, NoteTaken) else None


own_view = View.of(job, jobs, JobRow, apply)
heard_view = View(jobs, JobRow, key, apply, hears=job.events)


class Alarm(msgspec.Struct, frozen=True):
    """An armed timer."""

    id: str
    stream_id: str
    due_at: datetime


def arm(before: Alarm | None, recorded: AnyRecorded) -> Alarm | None:
    """The job's alarm as its newest note sets it."""
    note = recorded.event
    return None if note.due_at is None else Alarm(note.ticket_id, note.ticket_id, note.due_at)


alarms = View(timer, Alarm, key, arm)
