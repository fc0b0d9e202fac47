"""HTTP of cases: the list, and what triage engineers find out and decide."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from fastapi import Query
from pydantic import BaseModel, Field, StringConstraints

from libs.chassis.auth import ROLES
from libs.chassis.http import (
    DEFAULT,
    UUID,
    CommandAnswer,
    CommandBody,
    Commands,
    Cursor,
    Limit,
    MinVersion,
    Page,
    Reads,
    Response,
    Router,
    allow,
)
from libs.events.contracts.intake import JobType
from libs.events.contracts.triage import Cause, MaintenanceType
from libs.events.texts import Text
from services.triage.domain.case import (
    AuthoriseWork,
    ClassifyFault,
    DetermineCause,
    Remote,
    ReportRemoteSupport,
    Status,
    case,
)
from services.triage.views.cases import case_list, case_view, one_case, said

router = Router(prefix="/v1/cases", tags=["cases"])
STAFF = allow(*ROLES)
TRIAGE = allow("triage", "manager", "service")

Words = Annotated[str, StringConstraints(min_length=1, max_length=4000, pattern=r"^[^\x00]*\S[^\x00]*$")]
"""People's words: not blank."""
Skill = Annotated[str, StringConstraints(max_length=40, pattern=r"^[a-z0-9][a-z0-9_.-]*$")]
"""The code of a skill."""
Level = Annotated[
    int, Field(ge=1, le=4, description="故障级别 / Fault level, 1 critical to 4 minor (R398)", examples=[2])
]


class Classification(CommandBody):
    """故障定级 / How urgent the fault is."""

    level: Level
    maintenance_type: MaintenanceType = Field(
        description="维护类型 / Type of maintenance (R048)", examples=["corrective"]
    )


class RemoteSupport(CommandBody):
    """远程支持 / How help from afar goes (R360)."""

    outcome: Remote = Field(description="进展 / started, then succeeded or failed", examples=["started"])
    note: Annotated[Words | None, Field(description="说明 / Note", examples=["电话指导重启"])] = None


class Finding(CommandBody):
    """故障原因 / Whose fault it is (R008)."""

    cause: Cause = Field(description="原因 / Cause", examples=["normal_wear"])
    explanation: Annotated[Words, Field(description="说明 / Explanation", examples=["压缩机轴承磨损"])]


class Authorisation(CommandBody):
    """维修授权 / Leave to work on site."""

    job_type: JobType = Field(description="服务类别 / Type of job", examples=["repair"])
    payable: bool = Field(strict=True, description="是否有偿 / Whether the customer pays (R057)", examples=[False])
    skills: Annotated[list[Skill], Field(max_length=20, description="所需技能 / Skills needed", examples=[["hvac"]])]


class CaseAnswer(CommandAnswer):
    """A command on a case was carried out."""

    status: Status = Field(description="研判状态 / The case's status")


class CaseItem(BaseModel):
    """研判 / One line of the list."""

    ticket_id: UUID = Field(description="工单编号 / Ticket id")
    status: Status = Field(description="研判状态 / Status")
    level: int | None = Field(ge=1, le=4, description="故障级别 / Fault level")
    maintenance_type: MaintenanceType | None = Field(description="维护类型 / Type of maintenance")
    remote_support: Remote | None = Field(description="远程支持 / Remote support")
    cause: Cause | None = Field(description="原因 / Cause")
    job_type: JobType | None = Field(description="服务类别 / Type of the authorised job")
    payable: bool | None = Field(description="是否有偿 / Whether the customer pays")
    skills: list[str] = Field(description="所需技能 / Skills needed")
    version: int = Field(ge=1, description="版本 / Version of the case's stream that this reflects")
    opened_at: datetime = Field(description="开始时间 / When triage started")


class CaseDetails(CaseItem):
    """研判详情 / One case, with what was written; null where nothing was, or once erased."""

    explanation: str | None = Field(description="原因说明 / Explanation of the cause")
    remote_note: str | None = Field(description="远程支持说明 / Last note on remote support")


OPERATIONS = ("get_case", "classify_fault", "report_remote_support", "determine_cause", "authorise_work")
LINKS = {
    name: {"operationId": name, "parameters": {"ticket_id": "$response.body#/items/0/ticket_id"}} for name in OPERATIONS
}


@router.get(
    "",
    operation_id="list_cases",
    dependencies=[STAFF],
    response_model=Page[CaseItem],
    responses={200: {"links": LINKS}},
)
async def list_cases(
    reads: Reads,
    status: Annotated[Status | None, Query(description="研判状态 / Status")] = None,
    level: Annotated[int | None, Query(ge=1, le=4, description="故障级别 / Fault level")] = None,
    ticket_id: Annotated[list[UUID], Query(max_length=200, description="工单编号 / Of these tickets")] = [],  # noqa: B006 - FastAPI copies it
    limit: Limit = DEFAULT,
    cursor: Cursor = None,
) -> Any:
    """研判列表 / The cases, newest first."""
    query = case_list(status, level, [str(id) for id in ticket_id])
    page = await reads.page(query, case_view.table, limit, cursor)
    return page | {"items": [line(row) for row in page["items"]]}


@router.get("/{ticket_id}", operation_id="get_case", dependencies=[STAFF], response_model=CaseDetails)
async def get_case(ticket_id: UUID, reads: Reads, min_version: MinVersion = None) -> Response:
    """研判 / The case of one ticket."""
    await reads.wait(case.stream(str(ticket_id)), min_version)
    row = await reads.one(one_case(str(ticket_id)), "case")
    words = await reads.one(said(row))
    return reads.answer(line(row) | words, version=row["version"])


@router.post(
    "/{ticket_id}/classification", operation_id="classify_fault", dependencies=[TRIAGE], response_model=CaseAnswer
)
async def classify_fault(ticket_id: UUID, body: Classification, commands: Commands) -> Response:
    """故障定级 / Set fault level and type of maintenance; may change later, and is told to others when it differs."""
    id = str(ticket_id)
    return await commands.run(case.on(id, ClassifyFault(id, body.level, body.maintenance_type)), body)


@router.post(
    "/{ticket_id}/remote-support",
    operation_id="report_remote_support",
    dependencies=[TRIAGE],
    response_model=CaseAnswer,
)
async def report_remote_support(ticket_id: UUID, body: RemoteSupport, commands: Commands) -> Response:
    """远程支持 / Say that help from afar started, and then how it ended."""
    id, note = str(ticket_id), Text.of(str(ticket_id), body.note) if body.note else None
    command = ReportRemoteSupport(id, body.outcome, note.id if note else None)
    return await commands.run(case.on(id, command), body, texts=[note] if note else [])


@router.post("/{ticket_id}/cause", operation_id="determine_cause", dependencies=[TRIAGE], response_model=CaseAnswer)
async def determine_cause(ticket_id: UUID, body: Finding, commands: Commands) -> Response:
    """故障原因 / Say whose fault it is, and why."""
    id, explanation = str(ticket_id), Text.of(str(ticket_id), body.explanation)
    return await commands.run(case.on(id, DetermineCause(id, body.cause, explanation.id)), body, texts=[explanation])


@router.post(
    "/{ticket_id}/authorisation", operation_id="authorise_work", dependencies=[TRIAGE], response_model=CaseAnswer
)
async def authorise_work(ticket_id: UUID, body: Authorisation, commands: Commands) -> Response:
    """维修授权 / Let dispatch send somebody: once, after classification, and unpaid work only until quotes exist."""
    id = str(ticket_id)
    return await commands.run(case.on(id, AuthoriseWork(id, body.job_type, body.payable, tuple(body.skills))), body)


def line(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the view as it is answered."""
    return {"ticket_id": row["id"], **{name: row[name] for name in CaseItem.model_fields if name != "ticket_id"}}
