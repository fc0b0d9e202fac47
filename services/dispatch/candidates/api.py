"""HTTP of candidates: whom a dispatcher can send, with reasons."""

from datetime import timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import Query
from pydantic import BaseModel, Field

from libs.chassis.department import department
from libs.chassis.http import UUID, Instant, Reads, Router
from libs.events.filters import by_id
from services.dispatch.candidates.domain import Obstacle, Person, candidates
from services.dispatch.candidates.view import people
from services.dispatch.roles import PLANNERS
from services.dispatch.work_orders.view import work_orders

router = Router(prefix="/v1/work-orders/{work_order_id}/candidates", tags=["work orders"])

Start = Annotated[
    Instant, Query(description="开始 / When the visit would begin", examples=["2027-03-04T09:00:00+08:00"])
]
Minutes = Annotated[int, Query(ge=15, le=14 * 24 * 60, description="时长（分钟） / How long it would take")]
Most = Annotated[int, Query(ge=1, le=50, description="最多几人 / At most so many")]


class Candidate(BaseModel):
    """人选 / An engineer who can go."""

    engineer_id: UUID
    name: str | None = Field(description="姓名 / Name; null once erased", examples=["李强"])
    region: str = Field(description="区域 / Region", examples=["华北"])
    visits: int = Field(ge=0, description="当日未完成 / Visits still to be made on that day", examples=[2])
    knows_customer: bool = Field(description="曾上门 / Whether this customer was served by this engineer before")


class Blocked(BaseModel):
    """不可派 / How many cannot go, by why not."""

    code: Obstacle = Field(description="原因 / The code that a plan would be refused with")
    engineers: int = Field(ge=1, description="人数 / How many", examples=[31])


class Candidates(BaseModel):
    """推荐人选 / Who can go at this time, best first, and why others cannot."""

    items: list[Candidate]
    blocked: list[Blocked]


@router.get("", operation_id="list_candidates", dependencies=[PLANNERS], response_model=Candidates)
async def list_candidates(
    work_order_id: UUID, reads: Reads, start: Start, minutes: Minutes = 120, limit: Most = 8
) -> Any:
    """推荐人选 / Who can make the visit then. Whom the customer knows comes first, then who has least to do that day.

    An engineer who cannot go is counted once, by what a plan would be refused with.
    """
    order = await reads.one(by_id(work_orders, str(work_order_id)), "work order")
    day = start.astimezone(ZoneInfo(department().timezone)).date()
    query = people(order["id"], order["customer_id"], day, start, start + timedelta(minutes=minutes))
    rows = {row["id"]: row for row in await reads.rows(query)}
    found, blocked = candidates(map(_person, rows.values()), frozenset(order["skills"]))
    best = [rows[person.engineer_id] for person in found[:limit]]
    names = await reads.texts(best, "name_id")
    return {
        "items": [_candidate(row, names.get(row["name_id"])) for row in best],
        "blocked": [{"code": code, "engineers": number} for code, number in blocked.items()],
    }


def _person(row: dict[str, Any]) -> Person:
    return Person(row["id"], frozenset(row["skills"]), row["visits"], row["is_taken"], row["knows_customer"])


def _candidate(row: dict[str, Any], name: str | None) -> dict[str, Any]:
    shown = {field: row[field] for field in Candidate.model_fields if field in row}
    return shown | {"engineer_id": row["id"], "name": name}
