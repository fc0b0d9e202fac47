"""HTTP of a visit, sent from the engineer's phone: departure, arrival, pauses, completion. Perhaps later, offline."""

from typing import Annotated

import msgspec
from pydantic import Field

from libs.chassis.http import UUID, CommandBody, Response, Router
from libs.chassis.input.fields import Said
from libs.events.contracts.dispatch.work_orders import PauseReason
from libs.events.texts import Text
from services.dispatch.roles import CREW
from services.dispatch.work_orders.api.crew import Crew, steps
from services.dispatch.work_orders.domain import visit

router = Router(prefix="/v1/work-orders/{work_order_id}", tags=["visits"])
step = steps(router)


class Arrival(CommandBody):
    """到场 / Where the phone is (WGS 84, degrees), and how sure it is of that."""

    latitude: Annotated[float, Field(ge=-90, le=90, description="纬度 / Latitude", examples=[39.9087])]
    longitude: Annotated[float, Field(ge=-180, le=180, description="经度 / Longitude", examples=[116.397])]
    accuracy_m: Annotated[
        float, Field(ge=0, le=1_000_000, description="精度（米） / Radius in metres", examples=[12.5])
    ]


@step.post(
    "/departure",
    "Departure",
    "出发 / Nothing to say but, offline, when it happened.",
    ("already-departed", "already-on-site"),
)
def depart() -> visit.Depart:
    """出发 / The engineer sets out, and is nowhere else then (409 `overlap`). The body may be left out."""
    return visit.Depart()


@router.post("/arrival", operation_id="arrive", dependencies=[CREW])
async def arrive(work_order_id: UUID, body: Arrival, crew: Crew) -> Response:
    """到场 / The engineer is on site. The position is kept beside the log: where a customer lives is personal."""
    position = msgspec.json.encode({"latitude": body.latitude, "longitude": body.longitude}).decode()
    location = Text.said(position, "application/json")
    return await crew.run(work_order_id, visit.Arrive(location.id, body.accuracy_m), body, texts=[location])


@step.post("/pause", "NewPause", "暂停 / Why work cannot go on.", ("already-paused", "not-on-site"))
def pause(
    reason: Annotated[
        PauseReason,
        Field(
            description="原因代码 / A code that policies know; `waiting` where none of the others is meant",
            examples=["waiting_parts"],
        ),
    ],
    note: Annotated[Said | None, Field(description="说明 / In your own words", examples=["等压缩机到货"])] = None,
) -> visit.Pause:
    """暂停 / Work cannot go on: why as a code, and perhaps in words beside it."""
    return visit.Pause(reason, note.id if note else None)


@step.post(
    "/resumption", "Resumption", "恢复 / Nothing to say but, offline, when it happened.", ("not-on-site", "not-paused")
)
def resume() -> visit.Resume:
    """恢复 / Work goes on. The body may be left out."""
    return visit.Resume()


@step.post("/completion", "Completion", "完工 / What was done.", ("not-on-site", "work-paused"))
def complete(
    result: Annotated[Said, Field(description="维修结果 / What was done", examples=["更换压缩机电容，试机正常"])],
) -> visit.Complete:
    """完工 / The repair is done; the customer has yet to accept it. A paused one is to be resumed first."""
    return visit.Complete(result.id)
