"""HTTP of delays: whose time it was, over one ticket or any set of clocks."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import Query
from pydantic import BaseModel, Field

from libs.chassis.http import ANYONE, UUID, Instant, Problem, Reads, Router
from libs.chassis.lists.filters import check_span, several
from services.sla.clocks.api.clocks import Metrics
from services.sla.clocks.api.verdicts import begin, judged
from services.sla.clocks.view.clocks import clock_set
from services.sla.explanations.api import ledgers
from services.sla.explanations.api.ledgers import COUNTED, SECONDS, WORKING, ShareItem
from services.sla.explanations.domain.delay import Party, Share, delays, holds
from services.sla.explanations.domain.ledger import accounts

router = Router(prefix="/v1/delays", tags=["explanations"])
Level = Annotated[int, Field(ge=1, le=4)]
PolicyName = Annotated[str, Field(max_length=60)]

MOST = 5_000
"""Clocks of one question: each is judged anew, which takes about half a millisecond."""

Group = Literal["metric", "level", "policy", "calendar", "status", "breached"]


@dataclass
class Summary:
    """Some clocks' shares, added up as they come."""

    clocks: int = 0
    parties: defaultdict[Party, Share] = field(default_factory=lambda: defaultdict(Share))

    def add(self, shares: Mapping[Party, Share]) -> None:
        """One more clock."""
        self.clocks += 1
        for party, share in shares.items():
            self.parties[party] += share

    def told(self) -> dict[str, Any]:
        """What they come to."""
        total = sum(self.parties.values(), Share())
        return {"clocks": self.clocks, **ledgers.seconds(total), "parties": ledgers.shares(self.parties)}


class DelayItem(BaseModel):
    """合计 / The time of some clocks, and whose it was. The parties' seconds add up to these exactly."""

    clocks: int = Field(ge=0, description="时钟数 / Clocks")
    seconds: float = Field(ge=0, description=SECONDS)
    working_seconds: float = Field(ge=0, description=WORKING)
    counted_seconds: float = Field(ge=0, description=COUNTED)
    parties: list[ShareItem] = Field(description="各责任方 / Every party, also those with nothing")


class DelayGroup(DelayItem):
    """分组合计 / The same of the clocks that share a value."""

    value: str | int | bool = Field(description="分组值 / What they share", examples=["on_site"])


class DelayReport(DelayItem):
    """责任归属 / Whose time it was, in the present cycle of each clock; an open one counts up to now."""

    now: datetime = Field(description="截至 / Now by the service's clock")
    groups: list[DelayGroup] = Field(description="分组 / By the value of `group_by`; empty without it")


@router.get("", operation_id="get_delays", dependencies=[ANYONE], response_model=DelayReport)
async def get_delays(
    reads: Reads,
    ticket_id: Annotated[list[UUID], several("工单编号 / Of this ticket")],
    metric: Metrics,
    level: Annotated[list[Level], several("故障级别 / Of this fault level")],
    policy: Annotated[list[PolicyName], several("时限政策 / Under this policy version", examples=[["demo/1"]])],
    breached: Annotated[bool | None, Query(description="是否超时 / Whether late")] = None,
    started_from: Annotated[Instant | None, Query(alias="from", description="起 / Started at or after")] = None,
    started_to: Annotated[Instant | None, Query(alias="to", description="止 / Started before")] = None,
    group_by: Annotated[Group | None, Query(description="分组 / Group the clocks by this")] = None,
) -> Any:
    """责任归属 / Whose time it was: customer, triage, dispatch, engineer, parts, supplier or other.

    Of all clocks that fit every filter, at most 5,000: more is refused (422, `too-many-clocks`). Ask
    for shorter times then and add the answers up.
    """
    check_span(started_from, started_to, ("from", "to"))
    wanted: dict[str, list[Any]] = {"ticket_id": ticket_id, "metric": metric, "level": level, "policy": policy}
    rows = await reads.rows(clock_set(wanted, breached, started_from, started_to).limit(MOST + 1))
    if len(rows) > MOST:
        raise Problem(422, "too-many-clocks", f"More than {MOST} clocks fit: narrow the time or add a filter.")
    now = await begin(reads)
    whole, groups = Summary(), defaultdict[Any, Summary](Summary)
    async for one in judged(reads, rows, now):
        shares = delays(accounts(one.run, now)[-1], holds(one.facts))
        whole.add(shares)
        if group_by is not None:
            groups[one.row["state" if group_by == "status" else group_by]].add(shares)
    grouped = [{"value": value, **groups[value].told()} for value in sorted(groups)]
    return {"now": now, **whole.told(), "groups": grouped}
