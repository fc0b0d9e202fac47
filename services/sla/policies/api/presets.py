"""HTTP of presets: the time limits of the source's plans as policies to begin with. None is in force by itself."""

from typing import Annotated, Any

from fastapi import Path
from pydantic import BaseModel, Field

from libs.chassis.http import ANYONE, Page, Router, missing
from libs.chassis.links import links
from services.sla.policies.domain.preset import PRESETS, Preset

router = Router(prefix="/v1/presets", tags=["policies"])
PresetId = Annotated[
    str, Path(max_length=40, pattern="^[a-z][a-z0-9-]*$", description="预设编号 / Preset id", examples=["pp-12a"])
]


class PresetSummary(BaseModel):
    """预设 / A preset in short."""

    id: str = Field(description="预设编号 / Preset id, and the id of its policy", examples=["pp-12a"])
    row: str = Field(description="需求表中的行 / Row of the requirements' table of plans", examples=["PP-12a"])
    title: dict[str, str] = Field(description="名称 / Title by language")
    metrics: list[str] = Field(
        description="指标 / Metrics that its policy has clocks for", examples=[["on_site", "fix"]]
    )


class BlankItem(BaseModel):
    """须确认之处 / A place of the policy that whoever adopts it has to look at."""

    place: str = Field(description="位置 / Place in the policy", examples=["targets[0].within"])
    why: dict[str, str] = Field(description="原因 / Why, by language")


class UnmeasuredItem(BaseModel):
    """不计时的数值 / A number of the plan that is no clock."""

    what: dict[str, str] = Field(description="内容 / What it is about, by language")
    value: dict[str, str] = Field(description="数值 / Its value in words, by language")
    sources: list[str] = Field(description="需求编号 / Requirements", examples=[["R220"]])
    why: dict[str, str] = Field(description="不计时的原因 / Why nothing times it, by language")


class PresetItem(PresetSummary):
    """预设全文 / A preset with its policy."""

    fill_in: list[BlankItem] = Field(description="待填 / What the plan left open: without it the policy cannot work")
    adapt: list[BlankItem] = Field(description="待替换 / What stands for something of your own, such as a region")
    policy: dict[str, Any] | None = Field(
        description="时限政策全文 / The policy, as it can be drafted; null where nothing of the row can be timed"
    )
    not_measured: list[UnmeasuredItem] = Field(description="不计时的数值 / Numbers of the row that are no clocks")


@router.get(
    "",
    operation_id="list_presets",
    dependencies=[ANYONE],
    response_model=Page[PresetSummary],
    responses=links(200, "get_preset", id="items/0/id"),
)
async def list_presets() -> Any:
    """预设列表 / Every row of the source's plans that has a number, in order."""
    return {"items": [_summary(preset) for preset in PRESETS.values()], "next_cursor": None}


@router.get("/{id}", operation_id="get_preset", dependencies=[ANYONE], response_model=PresetItem)
async def get_preset(id: PresetId) -> Any:
    """预设详情 / One preset: its policy to draft, and what of the row has no clock and why."""
    if id not in PRESETS:
        raise missing("preset")
    preset = PRESETS[id]
    return _summary(preset) | {name: getattr(preset, name) for name in ("fill_in", "adapt", "policy", "not_measured")}


def _summary(preset: Preset) -> dict[str, Any]:
    return {"id": preset.id, "row": preset.row, "title": preset.title, "metrics": preset.metrics}
