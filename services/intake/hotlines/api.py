"""HTTP of hotlines: managers keep them, everybody reads them, and their history says who changed what."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints

from libs.chassis.fields import Label
from libs.chassis.http import ANYONE, UUID, CommandAnswer, CommandBody, Commands, Reads, Response, Router, allow, new_id
from libs.chassis.links import links
from libs.events.log.actors import acted_on
from services.intake.hotlines.domain import (
    DEPARTMENT,
    Hotline,
    HotlineEvent,
    HotlineKept,
    KeepHotline,
    RemoveHotline,
    hotlines,
)

router = Router(tags=["hotlines"])
KEEPERS = allow("manager")
NEXT = ("amend_hotline", "remove_hotline")
HISTORY = 100
Number = Annotated[str, StringConstraints(min_length=3, max_length=30, pattern=r"^\+?[0-9][0-9 ()-]*[0-9]$")]
"""A number as it is printed: digits, and what parts them."""


class NewHotline(CommandBody):
    """热线 / A number that customers call."""

    number: Number = Field(description="号码 / As customers are told it", examples=["400-889-9428"])
    region: Annotated[
        Label | None, Field(description="区域 / For customers there; null: for all", examples=["华东"])
    ] = None
    hours: Annotated[Label, Field(description="时间 / When somebody answers", examples=["7×24"])]
    answered_by: Annotated[
        Label, Field(description="接听 / Who answers: a team or a place, no person", examples=["技术支持一组"])
    ]


class HotlineRemoval(CommandBody):
    """删除热线 / Nothing to say but when it happened."""


class HotlineAnswer(CommandAnswer):
    """A command on a hotline was carried out."""

    hotline_id: UUID = Field(description="热线编号 / Id of the hotline")


class HotlineItem(BaseModel):
    """热线 / A number that customers call."""

    id: UUID = Field(description="热线编号 / Id of the hotline")
    number: str = Field(description="号码 / As customers are told it", examples=["400-889-9428"])
    region: str | None = Field(description="区域 / For customers there; null: for all", examples=["华东"])
    hours: str = Field(description="时间 / When somebody answers", examples=["7×24"])
    answered_by: str = Field(description="接听 / Who answers", examples=["技术支持一组"])


class HotlineList(BaseModel):
    """热线 / All that there are."""

    items: list[HotlineItem] = Field(description="热线 / Those kept first in front, at most 100")
    version: int = Field(ge=0, description="版本 / Version of the list; 0: there was none yet")


class HotlineChange(BaseModel):
    """变更 / What became of a hotline."""

    number: str = Field(description="号码 / Its number", examples=["400-889-9428"])
    region: str | None = Field(description="区域 / For customers there; null: for all", examples=["华东"])
    change: Literal["kept", "removed"] = Field(description="变更 / Kept as it is there, or removed")
    hours: str | None = Field(description="时间 / From then on; null: it was removed", examples=["7×24"])
    answered_by: str | None = Field(description="接听 / From then on", examples=["技术支持一组"])
    occurred_at: datetime = Field(description="时间 / When")
    actor_name: str | None = Field(description="操作者 / Who, as far as the name is known here", examples=["李敏"])


class HotlineHistory(BaseModel):
    """变更记录 / What became of the hotlines."""

    items: list[HotlineChange] = Field(description="由新到旧 / Newest first, at most 100")


@router.get(
    "/v1/hotlines",
    operation_id="list_hotlines",
    dependencies=[ANYONE],
    response_model=HotlineList,
    responses=links(200, *NEXT, hotline_id="items/0/id"),
)
async def list_hotlines(reads: Reads) -> Response:
    """热线 / The numbers that customers call, when somebody answers, and who."""
    history = await reads.store.read(hotlines.stream(DEPARTMENT))
    kept, version = hotlines.replay(history), history[-1].version if history else 0
    return reads.answer({"items": kept.lines, "version": version}, version=version or None)


@router.get(
    "/v1/hotline-changes", operation_id="list_hotline_changes", dependencies=[ANYONE], response_model=HotlineHistory
)
async def list_hotline_changes(reads: Reads) -> Any:
    """变更记录 / Who kept, changed and removed which, newest first."""
    stream = hotlines.stream(DEPARTMENT)
    history = (await reads.store.read(stream))[-HISTORY:]
    names = {row["id"]: row["actor_name"] for row in await reads.rows(acted_on(stream))}
    return {
        "items": [
            {**changed(one.event), "occurred_at": one.occurred_at, "actor_name": names.get(one.id)}
            for one in reversed(history)
        ]
    }


def changed(event: HotlineEvent) -> dict[str, Any]:
    """What an event says, as it is answered."""
    if isinstance(event, HotlineKept):
        kept = event.hotline
        named = {"number": kept.number, "region": kept.region, "change": "kept"}
        return {**named, "hours": kept.hours, "answered_by": kept.answered_by}
    named = {"number": event.number, "region": event.region, "change": "removed"}
    return {**named, "hours": None, "answered_by": None}


@router.post("/v1/hotlines", operation_id="keep_hotline", dependencies=[KEEPERS], response_model=HotlineAnswer)
async def keep_hotline(body: NewHotline, commands: Commands) -> Response:
    """增加热线 / One more number; the answer's `hotline_id` names it."""
    return await keeping(commands, new_id(), body, known=False)


@router.post(
    "/v1/hotlines/{hotline_id}", operation_id="amend_hotline", dependencies=[KEEPERS], response_model=HotlineAnswer
)
async def amend_hotline(hotline_id: UUID, body: NewHotline, commands: Commands) -> Response:
    """修改热线 / All about a number, as it is from now on."""
    return await keeping(commands, str(hotline_id), body, known=True)


async def keeping(commands: Commands, id: str, body: NewHotline, *, known: bool) -> Response:
    """The command's answer. The first one begins the list."""
    said = body.model_dump(exclude={"occurred_at"})
    command = hotlines.on(DEPARTMENT, KeepHotline(Hotline(id=id, **said), known))
    return await commands.run(command, body, creates=True, status=200, extra={"hotline_id": id})


@router.post("/v1/hotlines/{hotline_id}/removal", operation_id="remove_hotline", dependencies=[KEEPERS])
async def remove_hotline(hotline_id: UUID, commands: Commands, body: HotlineRemoval | None = None) -> Response:
    """删除热线 / Nobody is told to call it any more; tickets keep the region that they have by it."""
    command = hotlines.on(DEPARTMENT, RemoveHotline(str(hotline_id)))
    return await commands.run(command, body or HotlineRemoval(occurred_at=None), creates=True, status=200)
