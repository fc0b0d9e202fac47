"""HTTP of contract templates: the terms of each plan that states a length of warranty, to begin a contract with."""

from typing import Any

from msgspec.structs import asdict
from pydantic import BaseModel, Field

from libs.chassis.http import Router
from services.intake.contracts.api.contracts import READERS
from services.intake.contracts.api.forms import TermForm
from services.intake.warranty.domain.template import TEMPLATES

router = Router(prefix="/v1/contract-templates", tags=["contracts"])


class TemplateItem(BaseModel):
    """合同模板 / The terms of one plan."""

    row: str = Field(description="方案 / Row of the table of plans", examples=["PP-06a"])
    title: dict[str, str] = Field(description="名称 / What it is called, by language")
    sources: list[str] = Field(description="依据 / The requirements that it comes from", examples=[["R097"]])
    terms: list[TermForm] = Field(description="保修条款 / Terms by class")
    adapt: dict[str, str] | None = Field(description="须自定 / What the plan left open, by language")


class Templates(BaseModel):
    """合同模板 / All of them."""

    items: list[TemplateItem]


@router.get("", operation_id="list_contract_templates", dependencies=[READERS], response_model=Templates)
async def list_contract_templates() -> Any:
    """合同模板 / What each plan that states a length of warranty promises: terms to begin a contract with."""
    return {"items": [asdict(template) | {"terms": template.terms} for template in TEMPLATES]}
