"""HTTP of the code of conduct on a visit: what the engineer says was kept."""

from typing import Annotated

from pydantic import Field

from libs.chassis.http import Router
from services.dispatch.work_orders.api.crew import steps
from services.dispatch.work_orders.domain.visit import CheckConduct

router = Router(prefix="/v1/work-orders/{work_order_id}", tags=["visits"])
step = steps(router)

ItemId = Annotated[str, Field(pattern="^[a-z_]{1,40}$")]
Items = Annotated[
    list[ItemId],
    Field(
        max_length=50, description="已做到的各项 / Ids of the list that the type of job asks", examples=[["uniform"]]
    ),
]


@step.post(
    "/conduct",
    "ConductCheck",
    "行为规范 / What of the code of conduct was kept; what is not named was not.",
    ("not-on-site", "unknown-conduct"),
)
def check_conduct(items: Items) -> CheckConduct:
    """行为规范 / The engineer goes through the code of conduct, on site; the last word counts."""
    return CheckConduct(tuple(items))
