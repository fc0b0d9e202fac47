"""Imports at work: a step checks the next rows and puts the sound ones on file by one append.

The id of what a row makes is derived from the import's and the row's number, and a step is one transaction: whoever is
killed in it, nothing is on file twice.
"""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from time import thread_time
from typing import Any
from uuid import UUID

import msgspec
import structlog
from msgspec.structs import replace

from libs.events import Refused
from libs.events.background.job import AnyJobDecider, Completed
from libs.events.background.job_kind import Hopeless, Kind, Moved, Step
from libs.events.errors import traced
from libs.events.log.intent import Intent
from libs.events.log.unit import Unit
from libs.events.view import View
from libs.imports.columns import REPEATED, Column, Columns, Flawed, placed, repetitions, values
from libs.imports.job import ImportCompleted, ImportRequested
from libs.imports.outcome import Outcome, Wrong
from libs.imports.reading import read
from libs.imports.sheet import Line, Sheet, Unreadable
from libs.imports.subject import Filled, Plan, Subject

log = structlog.get_logger(__name__)

ROWS = 200
"""Of one step."""

FUTURE = "lies in the future"
DEFECT = "cannot be put on file: tell the operators"

FILE = "SELECT content FROM import_file WHERE id = $1"
FORGET = "DELETE FROM import_file WHERE id = $1"
NOTE = "INSERT INTO import_outcome (import_id, number, outcomes, wrong) VALUES ($1, $2, $3, $4)"


class Reached(msgspec.Struct, frozen=True):
    """Where an import is: so many rows of the file are done, so many of them sound."""

    rows: int = 0
    created: int = 0


class Opened(msgspec.Struct, frozen=True):
    """A file that was read, for the steps of one process."""

    id: str
    sheet: Sheet
    where: Mapping[int, Column]
    repeated: Mapping[int, str]


class Importer(Kind[ImportRequested, Reached]):
    """The imports of one service; `subjects` are what it imports, by kind."""

    most = ROWS
    place = Reached

    def __init__(self, decider: AnyJobDecider, view: View[Any], subjects: Mapping[str, Subject]) -> None:
        self.decider, self.view, self.subjects = decider, view, subjects
        self._opened: Opened | None = None

    async def count(self, step: Step[ImportRequested, Reached]) -> int:
        """The rows of the file. Raises Hopeless for one that cannot be read to its end."""
        return len((await self._open(step)).sheet.lines)

    async def step(self, step: Step[ImportRequested, Reached]) -> Moved[Reached]:
        """Check the next rows, and put the sound ones on file unless it is a dry run."""
        opened, begun = await self._open(step), step.reached or Reached()
        lines = opened.sheet.lines[begun.rows : begun.rows + step.most]
        subject = self.subjects[step.request.kind]
        rows, busy = await asyncio.to_thread(_checked, step.request.id, subject, opened, lines)
        outcomes = await self._carried_out(step, subject, rows)
        return await self._moved(step, opened, outcomes, busy / 2)

    async def pass_over(self, step: Step[ImportRequested, Reached], error: Exception) -> Moved[Reached]:
        """The row that raises this alone is wrong, and the others go on."""
        opened, begun = await self._open(step), step.reached or Reached()
        number = opened.sheet.lines[begun.rows].number
        log.error("row of an import left out", job=step.request.id, row=number, error=traced(error))
        return await self._moved(step, opened, [Outcome(row=number, errors=(Wrong("", DEFECT),))], 0.0)

    async def complete(self, step: Step[ImportRequested, Reached], parts: Sequence[bytes]) -> Completed:
        """How many rows were sound; nobody needs the file any more."""
        reached = step.reached or Reached()
        await step.connection.execute(FORGET, step.request.id)
        self._opened = None
        (completed,) = (cls for cls in self.decider.events if issubclass(cls, ImportCompleted))
        return completed(id=step.request.id, created=reached.created, wrong=reached.rows - reached.created)

    @property
    def holds(self) -> str | None:
        """The import whose file this process keeps between two steps."""
        return self._opened.id if self._opened else None

    def let_go(self) -> None:
        """The file of an import that was cancelled, or failed, is kept no longer."""
        self._opened = None

    async def _open(self, step: Step[ImportRequested, Reached]) -> Opened:
        """The file of the import that this process is at: reading it takes longer than a step."""
        if self._opened is None or self._opened.id != step.request.id:
            content = await step.connection.fetchval(FILE, step.request.id)
            if content is None:
                raise Hopeless("file-gone")
            columns = self.subjects[step.request.kind].columns
            try:
                self._opened = await asyncio.to_thread(_opened, step.request.id, columns, content)
            except Unreadable as error:
                raise Hopeless(error.code) from None
            except Flawed:
                raise Hopeless("columns") from None
        return self._opened

    async def _carried_out(
        self, step: Step[ImportRequested, Reached], subject: Subject, rows: Sequence[Outcome | Filled]
    ) -> list[Outcome]:
        """What came of each row, in their order."""
        sound = [row for row in rows if isinstance(row, Filled)]
        planned = dict(zip((row.id for row in sound), await subject.plans(step, sound), strict=True))
        streams = [stream for plan in planned.values() if isinstance(plan, Plan) for stream in plan.streams]
        unit = await step.store.unit(streams, step.connection)
        trial = await step.store.unit(streams, step.connection, unit.now)
        outcomes: list[Outcome] = []
        for row in rows:
            if isinstance(row, Outcome):
                outcomes.append(row)
                continue
            plan = planned[row.id]
            wrong = await _tried(step, trial, plan, subject.may_refuse) if isinstance(plan, Plan) else plan
            if isinstance(plan, Plan) and not wrong and not step.request.dry_run:
                await unit.decide(plan.work, _intent(step, plan))
            made = None if wrong or step.request.dry_run else row.id
            outcomes.append(Outcome(row=row.row, id=made, errors=wrong))
        await step.store.append(unit, step.connection)
        return outcomes

    async def _moved(
        self, step: Step[ImportRequested, Reached], opened: Opened, outcomes: Sequence[Outcome], rest: float
    ) -> Moved[Reached]:
        begun = step.reached or Reached()
        wrong = sum(bool(outcome.errors) for outcome in outcomes)
        reached = Reached(begun.rows + len(outcomes), begun.created + len(outcomes) - wrong)
        noted = msgspec.json.encode(outcomes).decode()
        await step.connection.execute(NOTE, step.request.id, begun.rows, noted, wrong > 0)
        is_last = reached.rows >= len(opened.sheet.lines)
        return Moved(done=len(outcomes), reached=reached, is_last=is_last, rest_seconds=rest)


def row_id(import_id: str, number: int) -> str:
    """The id of what a row makes: a uuid7 of the import's moment, so that what is new stands first in lists."""
    moment = UUID(import_id).int >> 80
    told = int.from_bytes(hashlib.sha256(f"{import_id} {number}".encode()).digest()[:6], "big")
    high, low = (7 << 12) | (number >> 8 & 0xFFF), (2 << 62) | (number & 0xFF) << 48 | told
    return str(UUID(int=moment << 80 | high << 64 | low))


def _opened(id: str, columns: Columns, content: bytes) -> Opened:
    sheet = read(content)
    where = placed(columns, sheet.header)
    return Opened(id, sheet, where, repetitions(columns, where, sheet))


def _checked(
    import_id: str, subject: Subject, opened: Opened, lines: Sequence[Line]
) -> tuple[list[Outcome | Filled], float]:
    """The rows through their readers and the form, away from the event loop, and the seconds that it took."""
    began = thread_time()
    return [_row(import_id, subject, opened, line) for line in lines], thread_time() - began


def _row(import_id: str, subject: Subject, opened: Opened, line: Line) -> Outcome | Filled:
    said, errors = values(opened.where, line, opened.sheet.since_1904)
    if line.number in opened.repeated:
        errors.append((opened.repeated[line.number], REPEATED))
    wrong: tuple[Wrong, ...] = tuple(Wrong(*error) for error in errors)
    filled = wrong or subject.filled(line.number, row_id(import_id, line.number), said)
    if isinstance(filled, Filled):
        return filled
    return Outcome(row=line.number, errors=filled)


async def _tried(step: Step[ImportRequested, Reached], trial: Unit, plan: Plan, may_refuse: bool) -> tuple[Wrong, ...]:
    """Why a plan would be refused. It is decided in a unit that nobody writes, for a refusal spoils its unit."""
    if plan.occurred_at is not None and plan.occurred_at > trial.now:
        return (Wrong("", FUTURE),)
    if not may_refuse:
        return ()
    try:
        await trial.decide(plan.work, _intent(step, plan))
    except Refused as refusal:
        return (Wrong("", refusal.sentence),)
    return ()


def _intent(step: Step[ImportRequested, Reached], plan: Plan) -> Intent:
    """The circumstances of what a row does: when it happened, if the row says so."""
    occurred_at = plan.occurred_at or step.at
    return replace(step.intent, occurred_at=occurred_at, texts=plan.texts, rows=plan.rows)
