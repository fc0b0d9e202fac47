"""HTTP of what triage engineers decide on a case: level, remote support, cause, leave to work."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from libs.chassis.http import UUID, CommandAnswer, CommandBody, Commands, Response, Router, allow
from libs.chassis.http.routers.steps import Steps
from libs.chassis.input.fields import Code, Said
from libs.events.contracts.jobs import JobType
from libs.events.contracts.triage.cases import Cause, MaintenanceType
from libs.events.texts import Text
from services.triage.cases.domain import (
    AuthoriseWork,
    CaseCommand,
    ClassifyFault,
    DetermineCause,
    Remote,
    ReportRemoteSupport,
    Status,
    case,
)

router = Router(prefix="/v1/cases/{ticket_id}", tags=["cases"])


class CaseAnswer(CommandAnswer):
    """A command on a case was carried out."""

    status: Status = Field(description="研判状态 / The case's status")


async def _run(
    commands: Commands, ticket_id: UUID, command: CaseCommand, body: CommandBody, texts: Sequence[Text]
) -> Response:
    return await commands.run(case.on(str(ticket_id), command), body, texts=texts)


step: Steps[CaseCommand] = Steps(
    router,
    allow("triage", "manager", "service"),
    Commands,
    _run,
    CaseAnswer,
    refused=("before-ticket", "case-ended"),
)


@step.post("/classification", "Classification", "故障定级 / How urgent the fault is.")
def classify_fault(
    ticket_id: UUID,
    level: Annotated[int, Field(ge=1, le=4, description="故障级别 / Fault level, 1 critical to 4 minor", examples=[2])],
    maintenance_type: Annotated[
        MaintenanceType, Field(description="维护类型 / Type of maintenance", examples=["corrective"])
    ],
) -> ClassifyFault:
    """故障定级 / Set fault level and type of maintenance; may change later, and is told to others when it differs."""
    return ClassifyFault(str(ticket_id), level, maintenance_type)


@step.post(
    "/remote-support",
    "RemoteSupport",
    "远程支持 / How remote support goes.",
    (
        "before-previous-step",
        "remote-support-not-started",
        "remote-support-over",
        "remote-support-running",
        "work-authorised",
    ),
)
def report_remote_support(
    ticket_id: UUID,
    outcome: Annotated[Remote, Field(description="进展 / started, then succeeded or failed", examples=["started"])],
    note: Annotated[Said | None, Field(description="说明 / Note", examples=["电话指导重启"])] = None,
) -> ReportRemoteSupport:
    """远程支持 / Say that remote support started, and then how it ended."""
    return ReportRemoteSupport(str(ticket_id), outcome, note.id if note else None)


@step.post("/cause", "Finding", "故障原因 / Whose fault it is.")
def determine_cause(
    ticket_id: UUID,
    cause: Annotated[Cause, Field(description="原因 / Cause", examples=["normal_wear"])],
    explanation: Annotated[Said, Field(description="说明 / Explanation", examples=["压缩机轴承磨损"])],
) -> DetermineCause:
    """故障原因 / Say whose fault it is, and why."""
    return DetermineCause(str(ticket_id), cause, explanation.id)


@step.post(
    "/authorisation",
    "Authorisation",
    "维修授权 / Leave to work on site.",
    ("classification-required", "consent-required", "remote-support-over", "work-authorised"),
)
def authorise_work(
    ticket_id: UUID,
    job_type: Annotated[JobType, Field(description="服务类别 / Type of job", examples=["repair"])],
    payable: Annotated[bool, Field(description="是否有偿 / Whether the customer pays", examples=[False])],
    skills: Annotated[list[Code], Field(max_length=20, description="所需技能 / Skills needed", examples=[["hvac"]])],
) -> AuthoriseWork:
    """维修授权 / Let dispatch send somebody: once, after classification, and unpaid work only until quotes exist."""
    return AuthoriseWork(str(ticket_id), job_type, payable, tuple(dict.fromkeys(skills)))
