"""The tickets: the register, where each ticket stands, and what its warranty says."""

from datetime import datetime
from typing import Annotated, Any, assert_never, get_args

import msgspec
import sqlalchemy as sa
from msgspec.structs import replace
from sqlalchemy.dialects.postgresql import JSONB

from libs.events import AnyRecorded
from libs.events.contracts.intake import tickets as intake
from libs.events.contracts.intake.tickets import Channel, TicketKind, TicketStatus, Urgency, Verdict, WaitsFor
from libs.events.database.schema import idempotency
from libs.events.table import Note, newest_first, table
from libs.events.view import View
from services.intake.customers.view import contact
from services.intake.tables import metadata
from services.intake.tickets.domain.amendment import changes
from services.intake.tickets.domain.merging import DuplicateReturned, DuplicateTaken, MergeEvent
from services.intake.tickets.domain.note import TicketNoted
from services.intake.tickets.domain.progress import Desk, Fact, Progress, Visit
from services.intake.tickets.domain.ticket import TicketEvent, TicketProgressed, ticket
from services.intake.tickets.domain.warranty import CauseNoted

SERIAL = sa.Sequence("ticket_serial", metadata=metadata)


class TicketRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the register."""

    id: str
    number: str
    customer_id: str
    channel: Channel
    kind: TicketKind
    urgency: Urgency
    summary_id: Annotated[str, Note("a text")]
    requirements_id: Annotated[str | None, Note("a text")]
    region: str | None
    contract: Annotated[str | None, Note("its number as the customer has it")]
    timezone: Annotated[str | None, Note("the site's IANA zone")]
    status: TicketStatus
    duplicate_of: Annotated[str | None, Note("the ticket that goes on for this one")]
    verdict: Verdict
    reasons: list[str]
    desk: Annotated[Desk, Note("how far triage's news alone bring it")]
    visit: Annotated[Visit | None, Note("how far dispatch's news alone bring it")]
    called_back: Annotated[bool, Note("by survey's news")]
    version: int
    opened_at: datetime
    owner_id: Annotated[str | None, Note("pseudonym of the one person whom the customer deals with")] = None
    asset_id: Annotated[str | None, Note("the asset that it is about, if one was named")] = None
    part_id: Annotated[str | None, Note("the component of the asset")] = None
    site_id: Annotated[str | None, Note("the customer's site that it names")] = None
    follows: Annotated[str | None, Note("the customer's ticket that ended before and that this one follows")] = None
    closed_at: Annotated[datetime | None, Note("while it is closed")] = None
    team: Annotated[str | None, Note("by its name")] = None
    waits_for: WaitsFor | None = None
    wait_reason_id: Annotated[str | None, Note("a text: why it waits")] = None
    look_again_at: Annotated[datetime | None, Note("when somebody looks at a ticket that waits")] = None


tickets = table(
    "ticket", TicketRow, metadata, newest_first("status", "customer_id", "channel", "kind", "urgency", "region")
)
sa.Index("ticket_number", tickets.c.number, unique=True)
sa.Index(
    "ticket_owner_id",
    tickets.c.owner_id,
    tickets.c.opened_at.desc(),
    tickets.c.id.desc(),
    postgresql_where=tickets.c.owner_id.is_not(None),
)
"""Without the tickets that are nobody's: who opens one has no more to write."""
sa.Index(
    "ticket_asset_id",
    tickets.c.asset_id,
    tickets.c.opened_at.desc(),
    tickets.c.id.desc(),
    postgresql_where=tickets.c.asset_id.is_not(None),
)
sa.Index(
    "ticket_contract",
    tickets.c.contract,
    tickets.c.opened_at.desc(),
    tickets.c.id.desc(),
    postgresql_where=tickets.c.contract.is_not(None),
)
sa.Index(
    "ticket_team",
    tickets.c.team,
    tickets.c.opened_at.desc(),
    tickets.c.id.desc(),
    postgresql_where=tickets.c.team.is_not(None),
)
sa.Index(
    "ticket_waits_for",
    tickets.c.waits_for,
    tickets.c.opened_at.desc(),
    tickets.c.id.desc(),
    postgresql_where=tickets.c.waits_for.is_not(None),
)
_CLOSED = sa.literal_column("ticket.status = 'closed'", sa.Boolean)
"""Written out, as the index of some rows has it."""
sa.Index("ticket_closed_at", tickets.c.closed_at, postgresql_where=sa.text("status = 'closed'"))
sa.Index("ticket_duplicate_of", tickets.c.duplicate_of, postgresql_where=tickets.c.duplicate_of.is_not(None))


def apply(row: TicketRow | None, recorded: AnyRecorded) -> TicketRow | None:
    """The row after one more event of the ticket's stream."""
    if isinstance(recorded.event, intake.TicketOpened):
        return _opened(recorded.event, recorded)
    return replace(_changed(row, recorded), version=recorded.version) if row else None


def _opened(event: intake.TicketOpened, recorded: AnyRecorded) -> TicketRow:
    return TicketRow(
        id=event.ticket_id,
        number=event.number,
        customer_id=event.customer_id,
        channel=event.channel,
        kind=event.kind,
        urgency=event.urgency,
        summary_id=event.summary_id,
        requirements_id=event.requirements_id,
        region=event.region,
        contract=event.contract,
        timezone=event.timezone,
        status="open",
        duplicate_of=None,
        verdict="unknown",
        reasons=[],
        desk="open",
        visit=None,
        called_back=False,
        version=recorded.version,
        opened_at=recorded.occurred_at,
        site_id=event.site_id,
        follows=event.follows,
    )


def _changed(row: TicketRow, recorded: AnyRecorded) -> TicketRow:
    event: TicketEvent = recorded.event
    if isinstance(event, MergeEvent):
        return _merged(row, event)
    if isinstance(event, intake.TicketOwnerChanged | intake.TicketTeamChanged | intake.TicketWaitChanged):
        return _at_the_desk(row, event)
    match event:
        case intake.WarrantyAssessed() | intake.WarrantyReassessed():
            return replace(row, verdict=event.verdict, reasons=event.reasons)
        case intake.TicketAssetNamed():
            return replace(row, asset_id=event.asset_id, part_id=event.part_id)
        case TicketProgressed():
            return row if event.is_over else _progressed(row, Fact(event.fact, event.detail))
        case intake.TicketAmended():
            return replace(row, **changes(event))
        case intake.TicketCancelled() | intake.TicketClosed() | intake.TicketReopened():
            return _turned(row, event, recorded.occurred_at)
        case intake.TicketOpened() | intake.TicketStatusChanged() | CauseNoted() | TicketNoted():
            return row
        case _:
            assert_never(event)


def _at_the_desk(
    row: TicketRow, event: intake.TicketOwnerChanged | intake.TicketTeamChanged | intake.TicketWaitChanged
) -> TicketRow:
    match event:
        case intake.TicketOwnerChanged():
            return replace(row, owner_id=event.owner_id)
        case intake.TicketTeamChanged():
            return replace(row, team=event.team)
        case intake.TicketWaitChanged():
            waits = {"waits_for": event.waits_for, "wait_reason_id": event.reason_id}
            return replace(row, look_again_at=event.look_again_at, **waits)
        case _:
            assert_never(event)


def _ended(row: TicketRow, status: TicketStatus) -> TicketRow:
    """An ended ticket waits for nobody."""
    return replace(row, status=status, waits_for=None, wait_reason_id=None, look_again_at=None)


def _merged(row: TicketRow, event: MergeEvent) -> TicketRow:
    match event:
        case intake.TicketMarkedDuplicate():
            return replace(_ended(row, "cancelled"), duplicate_of=event.of)
        case intake.TicketUnmerged():
            progress = Progress(row.desk, row.visit, row.called_back)
            return replace(row, status=progress.status, duplicate_of=None)
        case DuplicateTaken() | DuplicateReturned():
            return row
        case _:
            assert_never(event)


def _turned(
    row: TicketRow, event: intake.TicketCancelled | intake.TicketClosed | intake.TicketReopened, at: datetime
) -> TicketRow:
    match event:
        case intake.TicketCancelled():
            return _ended(row, "cancelled")
        case intake.TicketClosed():
            return replace(_ended(row, "closed"), closed_at=at)
        case intake.TicketReopened():
            return _reopened(row)
        case _:
            assert_never(event)


def _reopened(row: TicketRow) -> TicketRow:
    anew = Progress(row.desk, row.visit, row.called_back).anew
    return replace(
        row, status=anew.status, desk=anew.desk, visit=anew.visit, called_back=anew.called_back, closed_at=None
    )


def _progressed(row: TicketRow, fact: Fact) -> TicketRow:
    now = Progress(row.desk, row.visit, row.called_back).after(fact)
    status = row.status if row.status in ("closed", "cancelled") else now.status
    return replace(row, desk=now.desk, visit=now.visit, called_back=now.called_back, status=status)


ticket_view = View.of(ticket, tickets, TicketRow, apply)


def claimed(unclaimed: bool | None) -> list[sa.ColumnElement[bool]]:
    """That a ticket is nobody's, or that it is somebody's; None: either."""
    if unclaimed is None:
        return []
    return [tickets.c.owner_id.is_(None) if unclaimed else tickets.c.owner_id.is_not(None)]


GOING_ON = tuple(status for status in get_args(TicketStatus) if status not in ("closed", "cancelled"))


def shelved(archived: bool | None, months: int) -> list[sa.ColumnElement[bool]]:
    """That a ticket ended more than so many months ago, or that it did not; None: either.

    Each way to have ended lately is one that an index finds. Of a cancelled one it is not kept when: it was opened
    long ago.
    """
    if archived is None:
        return []
    since = sa.func.clock_now() - sa.func.make_interval(0, months)
    closed = sa.or_(tickets.c.closed_at >= since, tickets.c.closed_at.is_(None))
    lately = sa.or_(
        tickets.c.status.in_(GOING_ON),
        sa.and_(_CLOSED, closed),
        sa.and_(tickets.c.status == "cancelled", tickets.c.opened_at >= since),
    )
    return [sa.not_(lately) if archived else lately]


def to_look_at(until: datetime | None) -> list[sa.ColumnElement[bool]]:
    """That a ticket waits, and somebody looks at it again before this time; None: any ticket."""
    return [] if until is None else [tickets.c.waits_for.is_not(None), tickets.c.look_again_at < until]


asked = (
    sa.func.jsonb_to_recordset(sa.bindparam("asked", type_=JSONB))
    .table_valued(
        sa.column("place", sa.Integer),
        sa.column("customer_id", sa.Text),
        sa.column("scope", sa.Text),
        sa.column("key", sa.Text),
        sa.column("earliest", sa.DateTime(timezone=True)),
        name="asked",
    )
    .render_derived(with_types=True)
)


def stands(row: sa.Select[Any]) -> sa.ColumnElement[bool]:
    """Whether there is this one row. EXISTS could be planned to read all rows, and is where statistics are young."""
    return row.correlate(asked).scalar_subquery().is_not(None)


SOME = sa.select(sa.true())
KNOWN = stands(SOME.where(contact.c.id == asked.c.customer_id))
REPEATED = stands(SOME.where(idempotency.c.scope == asked.c.scope, idempotency.c.key == asked.c.key))
TOO_EARLY = sa.func.coalesce(asked.c.earliest > sa.func.clock_now(), sa.false())
OPENING = (
    sa.select(
        sa.func.clock_now().label("now"),
        KNOWN.label("known"),
        sa.case(
            (REPEATED | TOO_EARLY | (asked.c.customer_id.is_not(None) & ~KNOWN), None), else_=SERIAL.next_value()
        ).label("serial"),
    )
    .select_from(asked)
    .order_by(asked.c.place)
)
"""What new tickets need to know, in one question: now, whether that customer has a contact, and the next serial.

There is none, and none is used up, for a repeated command, an unknown customer, and a command that is not to be taken
before `earliest`, by its own time.
"""
