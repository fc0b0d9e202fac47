"""The cases: the triage engineers' list, and what was found out about each fault."""

from datetime import datetime
from typing import Annotated, assert_never

import msgspec
from msgspec.structs import replace

from libs.events import AnyRecorded
from libs.events.contracts.jobs import JobType
from libs.events.contracts.triage import cases as triage
from libs.events.contracts.triage.cases import Cause, MaintenanceType
from libs.events.order import Order
from libs.events.table import Note, newest_first, table
from libs.events.view import View
from services.triage.cases.domain import (
    Case,
    CaseEnded,
    CaseEvent,
    CaseReopened,
    CaseResumed,
    Remote,
    Status,
    case,
    status,
)
from services.triage.tables import metadata


class CaseRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the list."""

    id: Annotated[str, Note("the ticket's id")]
    status: Status
    level: Annotated[int | None, Note("1 critical to 4 minor")] = None
    maintenance_type: MaintenanceType | None = None
    remote_support: Annotated[Remote | None, Note("started, succeeded or failed")] = None
    remote_note_id: Annotated[str | None, Note("a text: the last note")] = None
    cause: Cause | None = None
    explanation_id: Annotated[str | None, Note("a text")] = None
    job_type: JobType | None = None
    payable: bool | None = None
    skills: list[str] = []
    version: int
    opened_at: datetime


cases = table("triage_case", CaseRow, metadata, newest_first("status", "level"))
LEVEL = Order(cases.c.level)
LEVEL.index()
LEVEL.index(where="status IN ('open', 'classified', 'remote_support')")


def apply(row: CaseRow | None, recorded: AnyRecorded) -> CaseRow | None:
    """The row after one more event of the case's stream; a ticket that ended before its triage began has none."""
    event = recorded.event
    if isinstance(event, triage.TriageStarted):
        return CaseRow(id=event.ticket_id, status="open", version=recorded.version, opened_at=recorded.occurred_at)
    return replace(_changed(row, event), version=recorded.version) if row else None


def _changed(row: CaseRow, event: CaseEvent) -> CaseRow:
    if isinstance(event, CaseEnded):
        return replace(row, status="ended")
    found = _found(row, event)
    return replace(found, status=status(_case(found)))


def _found(row: CaseRow, event: CaseEvent) -> CaseRow:
    match event:
        case triage.FaultClassified():
            return replace(row, level=event.level, maintenance_type=event.maintenance_type)
        case triage.RemoteSupportStarted():
            return replace(row, remote_support="started", remote_note_id=event.note_id)
        case triage.RemoteSupportSucceeded():
            return replace(row, remote_support="succeeded", remote_note_id=event.note_id)
        case triage.RemoteSupportFailed():
            return replace(row, remote_support="failed", remote_note_id=event.note_id)
        case triage.CauseDetermined():
            return replace(row, cause=event.cause, explanation_id=event.explanation_id)
        case triage.WorkAuthorised():
            return replace(row, job_type=event.job_type, payable=event.payable, skills=event.skills)
        case CaseReopened():
            return replace(row, remote_support=None, remote_note_id=None, job_type=None, payable=None, skills=[])
        case triage.TriageStarted() | CaseEnded() | CaseResumed():
            return row
        case _:
            assert_never(event)


def _case(row: CaseRow) -> Case:
    classified = (row.level, row.maintenance_type) if row.level and row.maintenance_type else None
    return Case(classified=classified, remote=row.remote_support, authorised=row.job_type is not None)


case_view = View.of(case, cases, CaseRow, apply)
