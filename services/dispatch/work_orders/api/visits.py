"""HTTP of a visit, sent from the engineer's phone: departure, arrival, pauses, completion. Perhaps later, offline."""

from typing import Annotated

import msgspec
from pydantic import Field

from libs.chassis.fields import Words
from libs.chassis.http import UUID, CommandBody, Response, Router
from libs.events.contracts.dispatch.work_orders import PauseReason
from libs.events.texts import Text
from services.dispatch.roles import CREW
from services.dispatch.work_orders.api.crew import Crew
from services.dispatch.work_orders.domain import visit

router = Router(prefix="/v1/work-orders/{work_order_id}", tags=["visits"])


class Departure(CommandBody):
    """出发 / Nothing to say but, offline, when it happened."""


class Resumption(CommandBody):
    """恢复 / Nothing to say but, offline, when it happened."""


class Arrival(CommandBody):
    """到场 / Where the phone is (WGS 84, degrees), and how sure it is of that."""

    latitude: Annotated[float, Field(ge=-90, le=90, description="纬度 / Latitude", examples=[39.9087])]
    longitude: Annotated[float, Field(ge=-180, le=180, description="经度 / Longitude", examples=[116.397])]
    accuracy_m: Annotated[
        float, Field(ge=0, le=1_000_000, description="精度（米） / Radius in metres", examples=[12.5])
    ]


class NewPause(CommandBody):
    """暂停 / Why work cannot go on."""

    reason: PauseReason = Field(
        description="原因代码 / A code that policies know; `waiting` where none of the others is meant",
        examples=["waiting_parts"],
    )
    note: Annotated[Words | None, Field(description="说明 / In your own words", examples=["等压缩机到货"])] = None


class Completion(CommandBody):
    """完工 / What was done."""

    result: Annotated[Words, Field(description="维修结果 / What was done", examples=["更换压缩机电容，试机正常"])]


@router.post("/departure", operation_id="depart", dependencies=[CREW])
async def depart(work_order_id: UUID, crew: Crew, body: Departure | None = None) -> Response:
    """出发 / The engineer sets out, and is nowhere else then (409 `overlap`). The body may be left out."""
    return await crew.run(work_order_id, visit.Depart(), body or Departure(occurred_at=None))


@router.post("/arrival", operation_id="arrive", dependencies=[CREW])
async def arrive(work_order_id: UUID, body: Arrival, crew: Crew) -> Response:
    """到场 / The engineer is on site. The position is kept beside the log: where a customer lives is personal."""
    position = msgspec.json.encode({"latitude": body.latitude, "longitude": body.longitude}).decode()
    location = Text.said(position, "application/json")
    return await crew.run(work_order_id, visit.Arrive(location.id, body.accuracy_m), body, texts=[location])


@router.post("/pause", operation_id="pause", dependencies=[CREW])
async def pause(work_order_id: UUID, body: NewPause, crew: Crew) -> Response:
    """暂停 / Work cannot go on: why as a code, and perhaps in words beside it."""
    note = Text.said(body.note) if body.note else None
    command = visit.Pause(body.reason, note.id if note else None)
    return await crew.run(work_order_id, command, body, texts=[note] if note else [])


@router.post("/resumption", operation_id="resume", dependencies=[CREW])
async def resume(work_order_id: UUID, crew: Crew, body: Resumption | None = None) -> Response:
    """恢复 / Work goes on. The body may be left out."""
    return await crew.run(work_order_id, visit.Resume(), body or Resumption(occurred_at=None))


@router.post("/completion", operation_id="complete", dependencies=[CREW])
async def complete(work_order_id: UUID, body: Completion, crew: Crew) -> Response:
    """完工 / The repair is done; the customer has yet to accept it. A paused one is to be resumed first."""
    result = Text.said(body.result)
    return await crew.run(work_order_id, visit.Complete(result.id), body, texts=[result])
