"""HTTP of reassessments: how far the orders to work open tickets out again have come."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from libs.chassis.http import ANYONE, DEFAULT, UUID, Cursor, Limit, Page, Reads, Router
from libs.chassis.links import links
from libs.events.filters import by_id
from services.sla.publishing.view.reassessments import reassessment_list, reassessment_table
from services.sla.publishing.view.rules import KindName

router = Router(prefix="/v1/reassessments", tags=["policies"])


class ReassessmentItem(BaseModel):
    """重新计算 / An order to work open tickets out again, and how far it has come."""

    id: UUID = Field(description="单号 / Id")
    kind: KindName = Field(description="类别 / Whether a policy or a calendar was the reason")
    rule: str = Field(description="规则编号 / Its id", examples=["demo"])
    ordered_by: str = Field(
        description="下令人 / Who ordered it: `by` of the deadlines that it moves",
        examples=["01955c1e-7b00-8000-8000-000000000002"],
    )
    metric: str | None = Field(description="指标 / Only tickets with an open clock of it", examples=["on_site"])
    ticket_ids: list[UUID] | None = Field(description="工单 / Only these tickets")
    tickets: int = Field(ge=0, description="工单数 / Tickets with an open clock when it was ordered")
    seen: int = Field(ge=0, description="已处理 / Tickets worked out so far")
    changed: int = Field(ge=0, description="已变更 / Of those, the ones whose clocks have something to tell")
    opened_at: datetime = Field(description="下令时间 / When it was ordered; the other rules hold from then on")
    finished_at: datetime | None = Field(description="完成时间 / When all were worked out")


@router.get(
    "",
    operation_id="list_reassessments",
    dependencies=[ANYONE],
    response_model=Page[ReassessmentItem],
    responses=links(200, "get_reassessment", id="items/0/id"),
)
async def list_reassessments(reads: Reads, limit: Limit = DEFAULT, cursor: Cursor = None) -> Any:
    """重新计算列表 / The orders, newest first."""
    page = await reads.page(reassessment_list(), reassessment_table, limit, cursor)
    return page | {"items": [_item(row) for row in page["items"]]}


@router.get("/{id}", operation_id="get_reassessment", dependencies=[ANYONE], response_model=ReassessmentItem)
async def get_reassessment(id: UUID, reads: Reads) -> Any:
    """重新计算进度 / One order and its progress."""
    return _item(await reads.one(by_id(reassessment_table, id), "reassessment"))


def _item(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ReassessmentItem.model_fields}
