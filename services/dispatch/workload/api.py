"""HTTP of the workload: who has how many visits on which day."""

from typing import Annotated, Any

from pydantic import BaseModel, Field

from libs.chassis.http import DEFAULT, UUID, Cursor, Limit, Page, Reads, Router
from libs.chassis.lists.filters import several
from services.dispatch.roles import PLANNERS
from services.dispatch.workload.view import workloads

router = Router(prefix="/v1/workload", tags=["workload"])

Day = Annotated[str, Field(strict=True, pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$", examples=["2027-03-04"])]


class Workload(BaseModel):
    """工作量 / One engineer's visits on one day, by their agreed times."""

    engineer_id: UUID = Field(description="维修人员 / Engineer")
    day: Day = Field(description="日期 / The department's date")
    open: int = Field(ge=0, description="未完成 / Visits to be made or under way", examples=[3])
    done: int = Field(ge=0, description="已完成 / Visits whose repair is completed", examples=[2])


@router.get("", operation_id="list_workload", dependencies=[PLANNERS], response_model=Page[Workload])
async def list_workload(
    reads: Reads,
    day: Annotated[list[Day], several("日期 / Of this day")],
    engineer_id: Annotated[list[UUID], several("维修人员 / Of this engineer")],
    limit: Limit = DEFAULT,
    cursor: Cursor = None,
) -> Any:
    """工作量 / Visits per engineer and day, earliest day first. A visit without an agreed time is on none."""
    return await reads.sums(workloads, Workload, {"day": day, "engineer_id": engineer_id}, limit, cursor)
