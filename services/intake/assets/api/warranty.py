"""HTTP of an asset's warranty: worked out when it is asked, of the asset and its contracts as they were on file."""

from datetime import date, datetime
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import Query
from pydantic import BaseModel, Field

from libs.chassis.http import UUID, AsOf, Instant, Reads, Router, invalid
from libs.chassis.input.fields import Label
from libs.events.contracts.intake.tickets import Verdict
from services.intake.assets.domain.asset import Asset, asset
from services.intake.assets.domain.verdict import Question, further, verdict
from services.intake.contracts.api.contracts import READERS
from services.intake.contracts.domain.contract import Contract, contract
from services.intake.models.domain import model, model_id
from services.intake.warranty.domain.cover import Clause
from services.intake.warranty.domain.question import Cause

router = Router(prefix="/v1/assets/{asset_id}/warranty", tags=["assets"])
NO_PART = "The asset has no component of this id."


class WarrantyClause(BaseModel):
    """条款 / Which contract's term for which class of components."""

    contract: str = Field(description="合同 / The contract's id", examples=["01955c1e-7b00-8000-8000-000000000002"])
    number: str | None = Field(description="合同编号 / Its number", examples=["HT-2026-0113"])
    component_class: str = Field(description="部件类别 / Class; *: every one", examples=["main_unit"])


class WarrantyReason(BaseModel):
    """理由 / A rule of the guide, and what came of it."""

    rule: str = Field(description="规则 / Number of the rule", examples=["W3"])
    sentence: str = Field(description="说明 / What it says here", examples=["It starts on acceptance."])


class WarrantyTurn(BaseModel):
    """变数 / Were the fact one of these, the verdict would be this; null where the fact is missing."""

    fact: str = Field(description="事实 / Which fact", examples=["cause"])
    to: list[str | bool] = Field(description="取值 / Its values; none: any day", examples=[["misuse"]])
    verdict: Verdict | None = Field(description="结论 / The verdict then")


class AssetWarranty(BaseModel):
    """保修结论 / What the warranty says of a component on a day, with its reasons."""

    component: str = Field(description="部件 / Of which component", examples=["compressor-1"])
    on: datetime = Field(description="时间 / When the fault was")
    verdict: Verdict = Field(description="结论 / Verdict")
    begin: date | None = Field(alias="from", description="起 / First day")
    until: date | None = Field(description="止 / Last day that is covered")
    clause: WarrantyClause | None = Field(description="条款 / The clause that decided")
    why: str = Field(description="主要理由 / The reason that decided", examples=["It starts on acceptance."])
    reasons: list[WarrantyReason] = Field(description="理由 / All reasons, each by its rule")
    would_change: list[WarrantyTurn] = Field(description="变数 / What would change it")


@router.get("", operation_id="get_warranty", dependencies=[READERS], response_model=AssetWarranty)
async def get_warranty(
    asset_id: UUID,
    reads: Reads,
    on: Annotated[Instant | None, Query(description="故障时间 / When the fault was; now, if not said")] = None,
    component: Annotated[
        Label | None, Query(description="部件 / Component; the first, if not said", examples=["compressor-1"])
    ] = None,
    cause: Annotated[Cause | None, Query(description="原因 / Cause, if it is known")] = None,
    discoverable: Annotated[
        bool | None, Query(description="保修期内可发现 / Whether an inspection within the warranty would have found it")
    ] = None,
    as_of: AsOf = None,
) -> Any:
    """保修查询 / Whether a component is under warranty: by which clause, why, and what would change that."""
    state, _ = await reads.state(asset, str(asset_id), as_of, "asset")
    found = await contracts_of(reads, state, as_of)
    question = Question(on or await now(reads), component, cause, discoverable)
    assert state.installed
    default = await reads.store.read(model.stream(model_id(state.installed.identity.model)), as_of)
    answer = verdict(state, found, question, model.replay(default))
    if answer is None:
        raise invalid("query.component", NO_PART)
    return {
        "component": component or state.parts[0].id,
        "on": question.on,
        "verdict": answer.verdict,
        "from": answer.begin,
        "until": answer.until,
        "clause": clause(answer.clause, found),
        "why": answer.why,
        "reasons": [{"rule": reason.rule, "sentence": reason.sentence} for reason in answer.reasons],
        "would_change": answer.would_change,
    }


async def now(reads: Reads) -> datetime:
    """The database's clock."""
    at: datetime = (await reads.one(sa.select(sa.func.clock_now().label("now"))))["now"]
    return at


async def contracts_of(reads: Reads, state: Asset, as_of: datetime | None) -> dict[str, Contract]:
    """The contracts that may cover an asset, as they were known then; one that nobody knew then promises nothing."""
    found: dict[str, Contract] = {}
    while (id := further(state, found)) is not None:
        found[id] = contract.replay(await reads.store.read(contract.stream(id), as_of))
    return found


def clause(found: Clause | None, contracts: dict[str, Contract]) -> dict[str, Any] | None:
    """A clause as it is answered, with its contract's number."""
    if found is None:
        return None
    signed = contracts[found.contract].signed if found.contract in contracts else None
    return {
        "contract": found.contract,
        "number": signed.number if signed else None,
        "component_class": found.component_class,
    }
