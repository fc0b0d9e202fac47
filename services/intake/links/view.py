"""The links of tickets: whose they are, what they are for, and whether they still open anything."""

from datetime import datetime
from typing import Annotated, Any, Literal, assert_never

import msgspec
import sqlalchemy as sa
from msgspec.structs import replace

from libs.events import AnyRecorded
from libs.events.filters import Values, fits
from libs.events.table import Note, newest_first, table
from libs.events.view import View
from services.intake.links.domain import USES, LinkEvent, LinkIssued, LinkRevoked, LinkUsed, Purpose, link
from services.intake.tables import metadata

Status = Literal["open", "used", "revoked", "expired"]


class LinkRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the list; `answers_left` is how many answers it still takes, null where it takes none at all."""

    id: str
    ticket_id: str
    purpose: Purpose
    object_id: Annotated[str | None, Note("what it answers, of the service that asks")]
    token_hash: Annotated[str, Note("SHA-256 of the token, in hex")]
    expires_at: datetime
    answers_left: int | None
    answers: Annotated[list[str], Note("ids of the answers that it took")] = []
    revoked: bool = False
    version: int
    opened_at: datetime


links = table("link", LinkRow, metadata, newest_first("ticket_id"))
sa.Index("link_token_hash", links.c.token_hash, unique=True)


def apply(row: LinkRow | None, recorded: AnyRecorded) -> LinkRow | None:
    """The row after one more event of the link's stream."""
    event = recorded.event
    if isinstance(event, LinkIssued):
        return LinkRow(
            id=event.link_id,
            ticket_id=event.ticket_id,
            purpose=event.purpose,
            object_id=event.object_id,
            token_hash=event.token_hash,
            expires_at=event.expires_at,
            answers_left=USES[event.purpose] or None,
            version=recorded.version,
            opened_at=recorded.occurred_at,
        )
    return replace(_changed(row, event), version=recorded.version) if row else None


def _changed(row: LinkRow, event: LinkEvent) -> LinkRow:
    match event:
        case LinkIssued():
            return row
        case LinkRevoked():
            return replace(row, revoked=True)
        case LinkUsed():
            return replace(row, answers=[*row.answers, event.answer_id], answers_left=(row.answers_left or 0) - 1)
        case _:
            assert_never(event)


link_view = View.of(link, links, LinkRow, apply)

STATUS = sa.case(
    (links.c.revoked, "revoked"),
    (links.c.answers_left <= 0, "used"),
    (links.c.expires_at <= sa.func.clock_now(), "expired"),
    else_="open",
).label("status")


def listed(ticket_ids: Values) -> sa.Select[Any]:
    """The links of these tickets, each with its status now."""
    return sa.select(links, STATUS).where(*fits(links, {"ticket_id": ticket_ids}))


def by_token(token_hash: str) -> sa.Select[Any]:
    """The link whose token has this hash, with its status now; no row if there is none."""
    return sa.select(links, STATUS).where(links.c.token_hash == token_hash)
