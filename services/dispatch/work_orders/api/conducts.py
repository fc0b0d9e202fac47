"""HTTP of the code of conduct on a visit: what the engineer says was kept."""

from typing import Annotated

from pydantic import Field

from libs.chassis.http import UUID, CommandBody, Response, Router
from services.dispatch.roles import CREW
from services.dispatch.work_orders.api.crew import Crew
from services.dispatch.work_orders.domain.visit import CheckConduct

router = Router(prefix="/v1/work-orders/{work_order_id}", tags=["visits"])

ItemId = Annotated[str, Field(pattern="^[a-z_]{1,40}$")]


class ConductCheck(CommandBody):
    """行为规范 / What of the code of conduct was kept; what is not named was not."""

    items: list[ItemId] = Field(
        max_length=50, description="已做到的各项 / Ids of the list that the type of job asks", examples=[["uniform"]]
    )


@router.post("/conduct", operation_id="check_conduct", dependencies=[CREW])
async def check_conduct(work_order_id: UUID, body: ConductCheck, crew: Crew) -> Response:
    """行为规范 / The engineer goes through the code of conduct, on site; the last word counts."""
    return await crew.run(work_order_id, CheckConduct(tuple(body.items)), body)
