"""The sheet of a work order (《维护任务单》) as it is answered: its row, with people's words put in."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from pydantic import BaseModel, Field

from libs.chassis.http import UUID, Instant, Reads
from libs.events.contracts.dispatch.work_orders import (
    CallOutcome,
    DeclineReason,
    FailureReason,
    NextStep,
    PauseReason,
)
from libs.events.contracts.jobs import JobType
from services.dispatch.work_orders.api.crew import OFFICE
from services.dispatch.work_orders.view import Status

ASKED = OFFICE | {"agent", "engineer"}
"""Who is asked about a visit, or makes it: they answer the customer, plan what comes next, and do it."""
SEES: Mapping[str, frozenset[str]] = {
    "signed_by_id": ASKED,
    "pause_note_id": ASKED,
    "reasons_id": ASKED | {"triage"},
}
"""Whose work needs these words; triage looks for the cause of what was not accepted. Nobody else reads them."""

NOTES = ("decline_note_id", "call_note_id", "pause_note_id", "failure_note_id")
TEXTS = (*NOTES, "wish_note_id", "result_id", "signed_by_id", "reasons_id")


class Appointment(BaseModel):
    """预约 / A time on site: from start until before end."""

    start: Instant
    end: Instant
    confirmed: bool = Field(description="客户是否已确认 / Whether the customer agreed")


class Wish(BaseModel):
    """改期意愿 / A time that the customer would rather have: from start until before end."""

    start: Instant
    end: Instant
    note: str | None = Field(description="客户说明 / What they said beside it", examples=["下班后都可以"])


class WorkOrderSheet(BaseModel):
    """维护任务单 / One visit to the customer. Words that were erased, or that the caller's roles need not, are null."""

    id: UUID
    ticket_id: UUID = Field(description="工单编号 / Ticket")
    customer_id: UUID = Field(description="客户编号 / Customer")
    visit: int = Field(ge=1, description="第几次上门 / Visit, counted on the ticket")
    job_type: JobType
    skills: list[str] = Field(examples=[["hvac"]])
    rework_of: UUID | None = Field(description="返工自 / The rejected work order that this one makes good")
    rework_work_order_id: UUID | None = Field(description="返工单 / The work order that makes this one good")
    follows: UUID | None = Field(description="接续自 / The visit without completion that this one follows")
    awaits: NextStep | None = Field(description="下一步 / What that one said was to come before this one, or with it")
    status: Status = Field(description="状态 / How far it came; a pause is a fact beside it")
    engineer_id: UUID | None = Field(description="维修人员 / Engineer")
    crew_confirmed_at: Instant | None = Field(description="接受派工 / When the engineer took the visit")
    decline_reason: DeclineReason | None = Field(description="拒绝原因 / Why the last engineer did not take it")
    decline_note: str | None = Field(examples=["当天已有两次上门"])
    called_at: Instant | None = Field(description="联系客户 / When the engineer last rang the customer")
    call_outcome: CallOutcome | None
    call_note: str | None = Field(examples=["客户下午在家"])
    appointment: Appointment | None = Field(description="预约 / Agreed, or if nothing was agreed yet, on offer")
    proposal: Appointment | None = Field(description="改约 / On offer beside an agreed time")
    wish: Wish | None = Field(description="改期意愿 / What the customer wished by a link since a time was planned last")
    paused: bool = Field(description="是否暂停 / Whether work is paused")
    pause_reason: PauseReason | None
    pause_note: str | None = Field(examples=["等待压缩机到货"])
    failure_reason: FailureReason | None = Field(description="未完成原因 / Why it ended without completion")
    next_step: NextStep | None = Field(description="下一步 / What is to come next")
    failure_note: str | None = Field(examples=["需更换控制板，仓库无货"])
    next_work_order_id: UUID | None = Field(description="后续任务单 / The work order that goes on for this one")
    result: str | None = Field(description="维修结果 / What was done", examples=["更换压缩机"])
    signed_by: str | None = Field(description="验收人 / Who signed the acceptance", examples=["王芳"])
    rejection_reasons: list[str] | None = Field(
        description="拒收原因 / Why the customer did not accept", examples=[["噪音仍然偏大"]]
    )
    conduct: list[str] | None = Field(
        description="行为规范 / What of it was kept, by id; null: nothing was said", examples=[["uniform", "badge"]]
    )
    arrived_at: Instant | None
    completed_at: Instant | None
    version: int = Field(ge=1)
    opened_at: Instant


async def sheets(reads: Reads, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """These rows as sheets, with one more question for all their words."""
    roles = reads.principal.roles
    texts = await reads.texts(rows, *(name for name in TEXTS if not SEES.get(name, roles).isdisjoint(roles)))
    return [_sheet(row, texts) for row in rows]


def _sheet(row: dict[str, Any], texts: dict[str, str]) -> dict[str, Any]:
    reasons = texts.get(row["reasons_id"])
    agreed, offered = _appointment(row, "agreed"), _appointment(row, "offered")
    columns = {name: row[name] for name in WorkOrderSheet.model_fields if name in row}
    return columns | {
        "appointment": agreed or offered,
        "proposal": offered if agreed else None,
        "wish": _wish(row, texts),
        **{note.removesuffix("_id"): texts.get(row[note]) for note in NOTES},
        "result": texts.get(row["result_id"]),
        "signed_by": texts.get(row["signed_by_id"]),
        "rejection_reasons": msgspec.json.decode(reasons) if reasons else None,
    }


def _wish(row: dict[str, Any], texts: dict[str, str]) -> dict[str, Any] | None:
    start, end = row["wished_start"], row["wished_end"]
    return {"start": start, "end": end, "note": texts.get(row["wish_note_id"])} if start else None


def _appointment(row: dict[str, Any], which: str) -> dict[str, Any] | None:
    start, end = row[f"{which}_start"], row[f"{which}_end"]
    return {"start": start, "end": end, "confirmed": which == "agreed"} if start else None
