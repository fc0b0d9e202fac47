"""Ledgers and shares as JSON: seconds of real, working and counted time that add up to the microsecond."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel, Field

from libs.chassis.http import UUID
from services.sla.calendars.domain.trace import Rule
from services.sla.clocks.domain.segment_history import Kind as TurnKind
from services.sla.clocks.domain.segment_history import Turn
from services.sla.explanations.domain.delay import PARTIES, Hold, Party, Share
from services.sla.explanations.domain.ledger import KINDS, NOTHING, Account, Kind, Segment

SECONDS = "真实秒数 / Seconds of real time"
WORKING = "工作秒数 / Seconds in which the clock's calendar was open"
COUNTED = "计时秒数 / Seconds that counted: the calendar open and the clock running"


class BecauseItem(BaseModel):
    """缘由 / What began it: the turn of the clock, and the event that made it."""

    turn: TurnKind = Field(description="时钟变化 / What the clock did then", examples=["paused"])
    at: datetime = Field(description="时间 / When")
    reason: str = Field(
        description="原因 / A pause's reason; `resolved`: the time between met and reopened; `pause_at_most`: the "
        "pause had used up all the pausing that the target allows",
        examples=["waiting_parts"],
    )
    event: str | None = Field(
        description="事件类型 / The event; null where time itself did it", examples=["dispatch.WorkPaused"]
    )
    event_id: UUID | None = Field(description="事件编号 / Its id at the service that told it")


class SegmentItem(BaseModel):
    """时段 / A part of the ledger in which one rule of the calendar holds: [start, end)."""

    start: datetime = Field(description="起 / From", examples=["2026-03-02T09:00:00Z"])
    end: datetime = Field(description="止 / Until", examples=["2026-03-02T17:00:00Z"])
    kind: Kind = Field(
        description="类别 / running: time counts; closed: the clock runs, the calendar is shut; paused; stopped: met "
        "and reopened later, which counts as a pause",
        examples=["running"],
    )
    open: bool = Field(description="日历开放 / Whether the calendar was open, whatever the clock did")
    rule: Rule = Field(description="日历规则 / The calendar's rule that says so", examples=["weekly_hours"])
    detail: str = Field(description="规则所指 / The holiday's name, or the special opening's date", examples=[""])
    seconds: float = Field(ge=0, description=SECONDS, examples=[28800])
    counted_seconds: float = Field(ge=0, description=COUNTED, examples=[28800])
    because: BecauseItem


class CycleItem(BaseModel):
    """一轮 / The ledger of one cycle; its segments add up to these seconds exactly."""

    cycle: int = Field(ge=1, description="轮次 / 1; one more each time that reopening began it anew")
    started_at: datetime = Field(description="开始时间 / When it started")
    until: datetime = Field(description="截至 / Up to where this ledger goes: now, or when it was met or cancelled")
    breached: bool = Field(description="是否超时 / Whether more than the target was counted, as computed now")
    elapsed_seconds: float = Field(ge=0, description=SECONDS)
    working_seconds: float = Field(ge=0, description=WORKING)
    counted_seconds: float = Field(ge=0, description=COUNTED)
    totals: dict[Kind, float] = Field(
        description="各类合计 / Seconds of real time by kind of segment",
        examples=[{"running": 28800, "closed": 50400, "paused": 3600, "stopped": 0}],
    )
    segments: list[SegmentItem] = Field(description="时段 / The ledger, without a gap")


class ShareItem(BaseModel):
    """责任方时间 / The time in which it was a party's turn."""

    party: Party = Field(description="责任方 / Whose turn it was", examples=["parts"])
    seconds: float = Field(ge=0, description=SECONDS)
    working_seconds: float = Field(ge=0, description=WORKING)
    counted_seconds: float = Field(ge=0, description=COUNTED)


class HoldItem(BaseModel):
    """轮到谁 / From when on it was whose turn, and because of what."""

    since: datetime = Field(description="自何时起 / From then on, until the next")
    party: Party = Field(description="责任方 / Whose turn it was", examples=["dispatch"])
    event: str = Field(description="事件类型 / The event that said so", examples=["triage.WorkAuthorised"])
    event_id: UUID = Field(description="事件编号 / Its id")


def cycle(account: Account, breached: bool) -> dict[str, Any]:
    """A cycle with its verdict and its ledger."""
    segments = account.segments()
    return {
        "cycle": account.cycle,
        "started_at": account.started_at,
        "until": account.until,
        "breached": breached,
        "elapsed_seconds": account.elapsed.total_seconds(),
        "working_seconds": account.working.total_seconds(),
        "counted_seconds": account.counted.total_seconds(),
        "totals": {kind: _total(segments, kind) for kind in KINDS},
        "segments": [segment(one) for one in segments],
    }


def segment(one: Segment) -> dict[str, Any]:
    return {
        "start": one.start,
        "end": one.end,
        "kind": one.kind,
        "open": one.open,
        "rule": one.rule,
        "detail": one.detail,
        "seconds": one.length.total_seconds(),
        "counted_seconds": one.counted.total_seconds(),
        "because": _because(one.turn),
    }


def shares(of: Mapping[Party, Share]) -> list[dict[str, Any]]:
    """Every party's share."""
    return [{"party": party, **seconds(of.get(party, Share()))} for party in PARTIES]


def seconds(share: Share) -> dict[str, float]:
    """A share in seconds."""
    return {
        "seconds": share.elapsed.total_seconds(),
        "working_seconds": share.working.total_seconds(),
        "counted_seconds": share.counted.total_seconds(),
    }


def turns(holds: Iterable[Hold]) -> list[dict[str, Any]]:
    """Whose turn it was."""
    return [
        {"since": hold.start, "party": hold.party, "event": hold.fact.type, "event_id": hold.fact.id} for hold in holds
    ]


def _total(segments: Sequence[Segment], kind: Kind) -> float:
    lengths = (one.length for one in segments if one.kind == kind)
    total: timedelta = sum(lengths, NOTHING)
    return total.total_seconds()


def _because(turn: Turn) -> dict[str, Any]:
    return {
        "turn": turn.kind,
        "at": turn.at,
        "reason": "resolved" if turn.kind == "met" else turn.reason,
        "event": turn.fact.type if turn.fact else None,
        "event_id": turn.fact.id if turn.fact else None,
    }
