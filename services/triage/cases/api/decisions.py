"""HTTP of what triage engineers decide on a case: level, remote support, cause, leave to work."""

from typing import Annotated

from pydantic import Field

from libs.chassis.fields import Code, Words
from libs.chassis.http import UUID, CommandAnswer, CommandBody, Commands, Response, Router, allow
from libs.events.contracts.jobs import JobType
from libs.events.contracts.triage.cases import Cause, MaintenanceType
from libs.events.texts import Text
from services.triage.cases.domain import (
    AuthoriseWork,
    ClassifyFault,
    DetermineCause,
    Remote,
    ReportRemoteSupport,
    Status,
    case,
)

router = Router(prefix="/v1/cases", tags=["cases"])
TRIAGE = allow("triage", "manager", "service")

Level = Annotated[int, Field(ge=1, le=4, description="故障级别 / Fault level, 1 critical to 4 minor", examples=[2])]


class Classification(CommandBody):
    """故障定级 / How urgent the fault is."""

    level: Level
    maintenance_type: MaintenanceType = Field(description="维护类型 / Type of maintenance", examples=["corrective"])


class RemoteSupport(CommandBody):
    """远程支持 / How remote support goes."""

    outcome: Remote = Field(description="进展 / started, then succeeded or failed", examples=["started"])
    note: Annotated[Words | None, Field(description="说明 / Note", examples=["电话指导重启"])] = None


class Finding(CommandBody):
    """故障原因 / Whose fault it is."""

    cause: Cause = Field(description="原因 / Cause", examples=["normal_wear"])
    explanation: Annotated[Words, Field(description="说明 / Explanation", examples=["压缩机轴承磨损"])]


class Authorisation(CommandBody):
    """维修授权 / Leave to work on site."""

    job_type: JobType = Field(description="服务类别 / Type of job", examples=["repair"])
    payable: bool = Field(description="是否有偿 / Whether the customer pays", examples=[False])
    skills: Annotated[list[Code], Field(max_length=20, description="所需技能 / Skills needed", examples=[["hvac"]])]


class CaseAnswer(CommandAnswer):
    """A command on a case was carried out."""

    status: Status = Field(description="研判状态 / The case's status")


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
    """远程支持 / Say that remote support started, and then how it ended."""
    id, note = str(ticket_id), Text.said(body.note) if body.note else None
    command = ReportRemoteSupport(id, body.outcome, note.id if note else None)
    return await commands.run(case.on(id, command), body, texts=[note] if note else [])


@router.post("/{ticket_id}/cause", operation_id="determine_cause", dependencies=[TRIAGE], response_model=CaseAnswer)
async def determine_cause(ticket_id: UUID, body: Finding, commands: Commands) -> Response:
    """故障原因 / Say whose fault it is, and why."""
    id, explanation = str(ticket_id), Text.said(body.explanation)
    return await commands.run(case.on(id, DetermineCause(id, body.cause, explanation.id)), body, texts=[explanation])


@router.post(
    "/{ticket_id}/authorisation", operation_id="authorise_work", dependencies=[TRIAGE], response_model=CaseAnswer
)
async def authorise_work(ticket_id: UUID, body: Authorisation, commands: Commands) -> Response:
    """维修授权 / Let dispatch send somebody: once, after classification, and unpaid work only until quotes exist."""
    id, skills = str(ticket_id), tuple(dict.fromkeys(body.skills))
    return await commands.run(case.on(id, AuthoriseWork(id, body.job_type, body.payable, skills)), body)
