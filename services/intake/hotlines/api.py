"""HTTP of hotlines: managers keep them, everybody reads them, and their history says who changed what."""

from typing import Annotated, Any

from pydantic import BaseModel, Field, StringConstraints

from libs.chassis.http import UUID, CommandBody, Router, allow
from libs.chassis.http.routers.kept_list import Changed, EntryRoutes, When, Who
from libs.chassis.input.fields import Label
from services.intake.hotlines.domain import DEPARTMENT, Hotline, HotlineEvent, HotlineKept, hotlines

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
    change: Changed
    hours: str | None = Field(description="时间 / From then on; null: it was removed", examples=["7×24"])
    answered_by: str | None = Field(description="接听 / From then on", examples=["技术支持一组"])
    occurred_at: When
    actor_name: Who


def changed(event: HotlineEvent) -> dict[str, Any]:
    """What an event says, as it is answered."""
    if isinstance(event, HotlineKept):
        kept = event.hotline
        named = {"number": kept.number, "region": kept.region, "change": "kept"}
        return {**named, "hours": kept.hours, "answered_by": kept.answered_by}
    named = {"number": event.number, "region": event.region, "change": "removed"}
    return {**named, "hours": None, "answered_by": None}


router = EntryRoutes(
    router=Router(tags=["hotlines"]),
    roles=allow("manager"),
    noun="hotline",
    chinese="热线",
    path="/v1/hotlines",
    form=NewHotline,
    keep="增加热线 / One more number; the answer's `hotline_id` names it.",
    amend="修改热线 / All about a number, as it is from now on.",
    remove="删除热线 / Nobody is told to call it any more; tickets keep the region that they have by it.",
).department(
    hotlines,
    DEPARTMENT,
    Hotline,
    (HotlineList, "热线 / The numbers that customers call, when somebody answers, and who."),
    HotlineChange,
    changed,
)
