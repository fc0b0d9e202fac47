"""HTTP of the code of conduct: the list that phones keep, by type of job."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from libs.chassis.http import ANYONE, Router
from libs.events.contracts.jobs import JobType
from services.dispatch.conduct.domain import CHECKLIST, ConductItem

router = Router(prefix="/v1/conduct", tags=["conduct"])


class ConductWords(BaseModel):
    """要求 / What it asks, in both languages."""

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)

    zh: str = Field(alias="zh-CN", examples=["佩戴本人工牌"])
    en: str = Field(examples=["Wear your own badge"])


class Conduct(BaseModel):
    """行为规范 / One item of the code of conduct."""

    id: str = Field(examples=["badge"])
    requirement: str = Field(description="出处 / The requirement behind it", examples=["R022"])
    text: ConductWords
    job_types: list[JobType] | None = Field(description="服务类型；null 为全部 / Types of job; null: every one")


class Conducts(BaseModel):
    """行为规范 / All items, in the order of the visit."""

    items: list[Conduct]


@router.get("", operation_id="list_conduct", dependencies=[ANYONE], response_model=Conducts)
async def list_conduct() -> Any:
    """行为规范 / What an engineer goes through at the customer's, of every type of job."""
    return {"items": [_shown(item) for item in CHECKLIST]}


def _shown(item: ConductItem) -> dict[str, Any]:
    text = {"zh-CN": item.text.zh, "en": item.text.en}
    return {"id": item.id, "requirement": item.requirement, "text": text, "job_types": item.job_types}
