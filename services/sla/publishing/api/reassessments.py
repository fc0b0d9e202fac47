"""HTTP of reassessments: how far the orders to work open tickets out again have come. Rules' routes take the orders."""

from typing import Any

from pydantic import Field

from libs.chassis.http import ANYONE, UUID
from libs.chassis.http.routers.jobs import JobItem, JobRoutes, job_router
from services.sla.publishing.api.rules import AUTHORS
from services.sla.publishing.domain.reassessment import reassessments
from services.sla.publishing.view.reassessments import reassessment_list, reassessment_view
from services.sla.publishing.view.rules import KindName


class ReassessmentItem(JobItem):
    """重新计算 / An order to work open tickets out again; the other rules hold from when it was asked for."""

    kind: KindName = Field(description="类别 / Whether a policy or a calendar was the reason")
    rule: str = Field(description="规则编号 / Its id", examples=["demo"])
    ordered_by: str = Field(
        description="下令人 / Who ordered it: `by` of the deadlines that it moves",
        examples=["01955c1e-7b00-8000-8000-000000000002"],
    )
    metric: str | None = Field(description="指标 / Only tickets with an open clock of it", examples=["on_site"])
    ticket_ids: list[UUID] | None = Field(description="工单 / Only these tickets")
    changed: int = Field(ge=0, description="已变更 / Tickets so far whose clocks have something to tell")


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ReassessmentItem.model_fields.keys() - JobItem.model_fields.keys()}


router = job_router(
    JobRoutes(
        name="reassessment",
        plural="reassessments",
        tag="policies",
        chinese="重新计算",
        cancelling="Tickets that were worked out by then stay as they are.",
        readers=ANYONE,
        owners=AUTHORS,
        item=ReassessmentItem,
        details_item=ReassessmentItem,
        decider=reassessments,
        view=reassessment_view,
        listed=reassessment_list,
        shown=_shown,
    )
)
