"""The cases: the triage engineers' list, and what was found out about each fault."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, assert_never

import msgspec
import sqlalchemy as sa
from msgspec.structs import replace
from sqlalchemy.dialects.postgresql import JSONB

from libs.events import AnyRecorded
from libs.events.contracts.intake import JobType
from libs.events.contracts.triage import (
    Cause,
    CauseDetermined,
    FaultClassified,
    MaintenanceType,
    RemoteSupportFailed,
    RemoteSupportStarted,
    RemoteSupportSucceeded,
    TriageStarted,
    WorkAuthorised,
)
from libs.events.filters import Values, fits
from libs.events.view import View
from services.triage.cases.domain import Case, CaseEnded, CaseEvent, Remote, Status, status
from services.triage.tables import metadata

cases = sa.Table(
    "triage_case",
    metadata,
    sa.Column("id", sa.Text, primary_key=True, comment="the ticket's id"),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("level", sa.Integer, comment="1 critical to 4 minor"),
    sa.Column("maintenance_type", sa.Text),
    sa.Column("remote_support", sa.Text, comment="started, succeeded or failed"),
    sa.Column("remote_note_id", sa.Text, comment="a text: the last note"),
    sa.Column("cause", sa.Text),
    sa.Column("explanation_id", sa.Text, comment="a text"),
    sa.Column("job_type", sa.Text),
    sa.Column("payable", sa.Boolean),
    sa.Column("skills", JSONB, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
)
PLACE = (cases.c.opened_at.desc(), cases.c.id.desc())
sa.Index("triage_case_opened_at", *PLACE)
sa.Index("triage_case_status", cases.c.status, *PLACE)
sa.Index("triage_case_level", cases.c.level, *PLACE)


class CaseRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the list."""

    id: str
    status: Status
    level: int | None = None
    maintenance_type: MaintenanceType | None = None
    remote_support: Remote | None = None
    remote_note_id: str | None = None
    cause: Cause | None = None
    explanation_id: str | None = None
    job_type: JobType | None = None
    payable: bool | None = None
    skills: list[str] = []
    version: int
    opened_at: datetime


def apply(row: CaseRow | None, recorded: AnyRecorded) -> CaseRow | None:
    """The row after one more event of the case's stream; a ticket that ended before its triage began has none."""
    event = recorded.event
    if isinstance(event, TriageStarted):
        return CaseRow(id=event.ticket_id, status="open", version=recorded.version, opened_at=recorded.occurred_at)
    return replace(_changed(row, event), version=recorded.version) if row else None


def _changed(row: CaseRow, event: CaseEvent) -> CaseRow:
    if isinstance(event, CaseEnded):
        return replace(row, status="ended")
    found = _found(row, event)
    return replace(found, status=status(_case(found)))


def _found(row: CaseRow, event: CaseEvent) -> CaseRow:
    match event:
        case FaultClassified():
            return replace(row, level=event.level, maintenance_type=event.maintenance_type)
        case RemoteSupportStarted():
            return replace(row, remote_support="started", remote_note_id=event.note_id)
        case RemoteSupportSucceeded():
            return replace(row, remote_support="succeeded", remote_note_id=event.note_id)
        case RemoteSupportFailed():
            return replace(row, remote_support="failed", remote_note_id=event.note_id)
        case CauseDetermined():
            return replace(row, cause=event.cause, explanation_id=event.explanation_id)
        case WorkAuthorised():
            return replace(row, job_type=event.job_type, payable=event.payable, skills=event.skills)
        case TriageStarted() | CaseEnded():
            return row
        case _:
            assert_never(event)


def _case(row: CaseRow) -> Case:
    classified = (row.level, row.maintenance_type) if row.level and row.maintenance_type else None
    return Case(classified=classified, remote=row.remote_support, authorised=row.job_type is not None)


def key(recorded: AnyRecorded) -> str | None:
    """The case that an event is about."""
    stream, _, id = recorded.stream.partition("-")
    return id if stream == "case" else None


case_view = View(cases, CaseRow, key, apply)


def case_list(filters: Mapping[str, Values]) -> sa.Select[Any]:
    """All cases that fit the filters, column by column."""
    return sa.select(cases).where(*fits(cases, filters))


def one_case(ticket_id: str) -> sa.Select[Any]:
    """The case of one ticket."""
    return sa.select(cases).where(cases.c.id == ticket_id)
