"""HTTP of late evidence: what waits for a decision, and the decision of somebody who did not record it."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, TypeAlias

import sqlalchemy as sa
from pydantic import BaseModel, Field

from libs.chassis.http import (
    DEFAULT,
    UUID,
    CommandBody,
    Commands,
    Cursor,
    Instant,
    Limit,
    Page,
    Reads,
    Response,
    Router,
    allow,
)
from libs.chassis.input.fields import Words
from libs.chassis.lists.filters import several
from libs.events import Decider
from libs.events.database.schema import evidence_ruling, late_evidence, text
from libs.events.filters import one_of
from libs.events.log.actors import name_of
from libs.events.log.evidence import AcceptEvidence, EvidenceDecider, Late, RefuseEvidence, Ruling, rule
from libs.events.texts import Text

AnyDecider: TypeAlias = Decider[Any, Any, Any]

MANAGERS, READERS = allow("manager"), allow("manager", "director", "auditor")

STATUS = sa.case(
    (evidence_ruling.c.id.is_(None), "pending"), (evidence_ruling.c.accepted, "accepted"), else_="refused"
).label("status")


class LateEvidence(BaseModel):
    """补录证据 / An event that was recorded so late that verdicts leave it out until a manager accepts it."""

    id: UUID = Field(description="事件编号 / The event")
    ticket_id: UUID = Field(description="工单编号 / Ticket")
    type: str = Field(description="事件 / Type name", examples=["dispatch.OnSiteArrived"])
    occurred_at: Instant = Field(description="发生时间 / When it happened, as it was told")
    recorded_at: Instant = Field(description="记录时间 / When it was recorded")
    actor: str = Field(
        description="记录者 / Pseudonym of who recorded it", examples=["01955c1e-7b00-8000-8000-000000000002"]
    )
    actor_name: str | None = Field(description="记录者姓名 / Their name, as far as it is known here", examples=["李敏"])
    status: Ruling = Field(description="状态 / Pending, accepted or refused")
    ruled_at: Instant | None = Field(description="裁定时间 / When it was decided")
    ruled_by: UUID | None = Field(description="裁定者 / Pseudonym of who decided")
    reason: str | None = Field(description="理由 / Why it was refused; null if erased", examples=["与门禁记录不符"])


class EvidenceAcceptance(CommandBody):
    """采信 / Let verdicts rest on it."""


class EvidenceRefusal(CommandBody):
    """不采信 / Leave it out of verdicts for good."""

    reason: Annotated[Words, Field(description="理由 / Why", examples=["与门禁记录不符"])]


def _listed() -> sa.Select[Any]:
    ruling = late_evidence.outerjoin(evidence_ruling, evidence_ruling.c.id == late_evidence.c.id)
    joined = ruling.outerjoin(text, text.c.id == evidence_ruling.c.reason_id)
    return sa.select(
        *(column for column in late_evidence.c if column.name != "stream"),
        name_of(late_evidence.c.actor).label("actor_name"),
        STATUS,
        evidence_ruling.c.ruled_at,
        evidence_ruling.c.ruled_by,
        text.c.body.label("reason"),
    ).select_from(joined)


async def _report(reads: Reads, event_id: UUID) -> list[Mapping[str, Any]]:
    """The late event and, behind it, those that the same command recorded. Raises a 404 problem."""
    row = await reads.one(sa.select(late_evidence).where(late_evidence.c.id == str(event_id)), "late evidence")
    same = (late_evidence.c[name] == row[name] for name in ("stream", "actor", "occurred_at", "recorded_at"))
    others = sa.select(late_evidence).where(*same, late_evidence.c.id != row["id"]).order_by(late_evidence.c.id)
    return [row, *await reads.rows(others)]


def _late(row: Mapping[str, Any]) -> Late:
    return Late(row["id"], row["ticket_id"], row["actor"], row["recorded_at"])


async def _customer(reads: Reads, row: Mapping[str, Any], streams: Sequence[AnyDecider]) -> str:
    """Whom the evidence is about, whose erasure deletes what is said of it."""
    name, _, id = row["stream"].partition("-")
    decider = next(decider for decider in streams if decider.name == name)
    state, _ = await reads.state(decider, id)
    return decider.subject(state) or row["ticket_id"]


def evidence_router(evidence: EvidenceDecider, streams: Sequence[AnyDecider]) -> Router:
    """The routes of one service's late evidence, which stands in these streams of it."""
    router = Router(prefix="/v1/evidence", tags=["evidence"])

    @router.get("", operation_id="list_evidence", dependencies=[READERS], response_model=Page[LateEvidence])
    async def list_evidence(
        reads: Reads,
        status: Annotated[list[Literal["pending", "accepted", "refused"]], several("状态 / With this status")],
        ticket_id: Annotated[list[UUID], several("工单编号 / Of this ticket")],
        limit: Limit = DEFAULT,
        cursor: Cursor = None,
    ) -> Any:
        """补录证据 / Late evidence, newest first."""
        query = _listed().where(one_of(STATUS.element, status), one_of(late_evidence.c.ticket_id, ticket_id))
        return await reads.page(query, late_evidence, limit, cursor, "-recorded_at")

    @router.post("/{event_id}/acceptance", operation_id="accept_evidence", dependencies=[MANAGERS])
    async def accept_evidence(
        event_id: UUID, reads: Reads, commands: Commands, body: EvidenceAcceptance | None = None
    ) -> Response:
        """采信 / It counts from now on as if it had come in time, with all that was recorded at once with it.

        Clocks are worked out again. The body may be left out.
        """
        by = commands.principal.actor_id
        rulings = [AcceptEvidence(_late(row), by) for row in await _report(reads, event_id)]
        body = body or EvidenceAcceptance(occurred_at=None)
        return await commands.run(lambda: rule(evidence, rulings), body, creates=True, status=200)

    @router.post("/{event_id}/refusal", operation_id="refuse_evidence", dependencies=[MANAGERS])
    async def refuse_evidence(event_id: UUID, body: EvidenceRefusal, reads: Reads, commands: Commands) -> Response:
        """不采信 / It stays out of verdicts, with all that was recorded at once with it."""
        rows = await _report(reads, event_id)
        by, reason = commands.principal.actor_id, Text.of(await _customer(reads, rows[0], streams), body.reason)
        rulings = [RefuseEvidence(_late(row), by, reason.id) for row in rows]
        return await commands.run(lambda: rule(evidence, rulings), body, texts=[reason], creates=True, status=200)

    return router
