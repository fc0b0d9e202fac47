"""HTTP of cases: the list, and one case with all that was found out. What is decided on them is in decisions.py."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal

import sqlalchemy as sa
from fastapi import Depends, Query
from pydantic import BaseModel, Field

from libs.chassis.http import (
    ANYONE,
    DEFAULT,
    TAGGED,
    UUID,
    Counts,
    Cursor,
    Instant,
    Limit,
    MinVersion,
    Page,
    Reads,
    Response,
    Router,
)
from libs.chassis.links import links, operations
from libs.chassis.lists.filters import opened, several, sorting
from libs.events.contracts.jobs import JobType
from libs.events.contracts.triage.cases import Cause, MaintenanceType
from libs.events.filters import Values, by_id, fitting
from services.triage.cases.api import decisions
from services.triage.cases.domain import Remote, Status, case
from services.triage.cases.view import LEVEL, cases

router = Router(prefix="/v1/cases", tags=["cases"])
Level = Annotated[int, Field(ge=1, le=4)]
Sort = Literal["opened_at", "-opened_at", "level", "-level"]


class CaseItem(BaseModel):
    """研判 / One line of the list."""

    id: UUID = Field(description="研判编号 / Case id: a ticket has one case, and both have one id")
    ticket_id: UUID = Field(description="工单编号 / Ticket id")
    status: Status = Field(description="研判状态 / Status")
    level: int | None = Field(ge=1, le=4, description="故障级别 / Fault level")
    maintenance_type: MaintenanceType | None = Field(description="维护类型 / Type of maintenance")
    remote_support: Remote | None = Field(description="远程支持 / Remote support")
    cause: Cause | None = Field(description="原因 / Cause")
    job_type: JobType | None = Field(description="服务类别 / Type of the authorised job")
    payable: bool | None = Field(description="是否有偿 / Whether the customer pays")
    skills: list[str] = Field(description="所需技能 / Skills needed", examples=[["hvac"]])
    version: int = Field(ge=1, description="版本 / Version of the case's stream that this reflects")
    opened_at: datetime = Field(description="开始时间 / When triage started")


class CaseDetails(CaseItem):
    """研判详情 / One case, with what was written; null where nothing was, or once erased."""

    explanation: str | None = Field(description="原因说明 / Explanation of the cause", examples=["压缩机老化"])
    remote_note: str | None = Field(
        description="远程支持说明 / Last note on remote support", examples=["已指导重启控制器"]
    )


@dataclass(frozen=True, kw_only=True)
class CaseFilters:
    """Which cases a list shows, or counts."""

    status: Annotated[list[Status], several("研判状态 / Status")]
    level: Annotated[list[Level], several("故障级别 / Fault level")]
    ticket_id: Annotated[list[UUID], several("工单编号 / Of this ticket")]
    opened_from: Annotated[Instant | None, Query(description="开始起 / Triage started at or after")] = None
    opened_to: Annotated[Instant | None, Query(description="开始止 / Triage started before")] = None

    def query(self) -> sa.Select[Any]:
        """The cases that fit. Raises a 422 problem for a span that ends before it begins."""
        filters: dict[str, Values] = {"status": self.status, "level": self.level, "id": self.ticket_id}
        return fitting(cases, filters).where(*opened(cases, self.opened_from, self.opened_to))


@router.get(
    "",
    operation_id="list_cases",
    dependencies=[ANYONE],
    response_model=Page[CaseItem],
    responses=links(200, "get_case", *operations(decisions.router), ticket_id="items/0/id"),
)
async def list_cases(
    reads: Reads,
    filters: Annotated[CaseFilters, Depends()],
    sort: Annotated[Sort, sorting("排序 / Order")] = "-opened_at",
    min_version: MinVersion = None,
    limit: Limit = DEFAULT,
    cursor: Cursor = None,
) -> Any:
    """研判列表 / The cases, newest first unless `sort` says otherwise: `level` has the gravest first.

    `min_version` waits for the case of the one `ticket_id`.
    """
    await reads.wait_for_one(case, filters.ticket_id, min_version)
    page = await reads.page(filters.query(), cases, limit, cursor, sort, {"level": LEVEL})
    return page | {"items": [line(row) for row in page["items"]]}


@router.get("/counts", operation_id="list_case_counts", dependencies=[ANYONE], response_model=Counts)
async def list_case_counts(
    reads: Reads,
    filters: Annotated[CaseFilters, Depends()],
    group_by: Annotated[Literal["status", "level"], Query(description="分组 / Count by this")],
) -> Any:
    """研判数量 / How many cases fit the filters, by a value that they share."""
    return await reads.counts(filters.query(), cases.c[group_by])


@router.get(
    "/{ticket_id}", operation_id="get_case", dependencies=[ANYONE], response_model=CaseDetails, responses=TAGGED
)
async def get_case(ticket_id: UUID, reads: Reads, min_version: MinVersion = None) -> Response:
    """研判 / The case of one ticket."""
    await reads.wait(case.stream(str(ticket_id)), min_version)
    row = await reads.one(by_id(cases, ticket_id), "case")
    texts = await reads.texts([row], "explanation_id", "remote_note_id")
    words = {"explanation": texts.get(row["explanation_id"]), "remote_note": texts.get(row["remote_note_id"])}
    return reads.answer(line(row) | words, version=row["version"])


def line(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the view as it is answered."""
    return {"ticket_id": row["id"], **{name: row[name] for name in CaseItem.model_fields if name != "ticket_id"}}
