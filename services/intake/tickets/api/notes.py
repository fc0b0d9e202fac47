"""HTTP of notes: what colleagues write about a ticket, and what its customer was told."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from libs.chassis.http import ANYONE, UUID, Commands, Reads, Response, Router, allow
from libs.events import Event
from libs.events.contracts.intake.tickets import TicketAmended, TicketClosed, TicketReopened, TicketWaitChanged
from libs.events.filters import by_id
from libs.events.texts import Text
from services.intake.tickets.api.forms import Note
from services.intake.tickets.api.history import NOBODY_KNOWN, actors_of
from services.intake.tickets.api.tickets import TicketAnswer
from services.intake.tickets.domain.note import AddNote, Audience, TicketNoted
from services.intake.tickets.domain.ticket import ticket
from services.intake.tickets.view.tickets import tickets

router = Router(prefix="/v1/tickets", tags=["tickets"])
WRITERS = allow("agent", "manager", "triage", "dispatcher")


class NoteItem(BaseModel):
    """备注 / A note on a ticket."""

    id: UUID = Field(description="备注编号 / Id of the event")
    text: str | None = Field(description="内容 / What was noted; null once erased", examples=["业主周三以后在家"])
    audience: Audience = Field(description="对象 / Among colleagues, or what the customer was told")
    occurred_at: datetime = Field(description="时间 / When it was noted")
    actor: str | None = Field(
        description="操作者 / Pseudonym of who wrote it", examples=["01955c1e-7b00-8000-8000-000000000002"]
    )
    actor_name: str | None = Field(description="操作者姓名 / Name, as far as it is known here", examples=["李敏"])


class Notes(BaseModel):
    """备注 / The notes on a ticket."""

    items: list[NoteItem] = Field(description="由新到旧 / Newest first")


@router.get("/{ticket_id}/notes", operation_id="list_notes", dependencies=[ANYONE], response_model=Notes)
async def list_notes(ticket_id: UUID, reads: Reads) -> Any:
    """备注 / What was written by hand about a ticket, newest first; why it was closed, amended, reopened, waits."""
    id = str(ticket_id)
    story = await reads.history(ticket, id, what="ticket")
    rows: list[dict[str, Any]] = [
        {"id": one.id, "occurred_at": one.occurred_at, "note_id": found[0], "audience": found[1]}
        for one in reversed(story)
        if (found := written(one.event))
    ]
    texts, acted = await reads.texts(rows, "note_id"), await actors_of(reads, id)
    items = [row | {"text": texts.get(row["note_id"])} | acted.get(row["id"], NOBODY_KNOWN) for row in rows]
    return {"items": [{name: item[name] for name in NoteItem.model_fields} for item in items]}


def written(event: Event) -> tuple[str, Audience] | None:
    """The text that an event of a ticket says, and to whom; an answer that closes is told to the customer."""
    match event:
        case TicketNoted():
            return event.note_id, event.audience
        case TicketClosed(answer_id=str() as answer_id):
            return answer_id, "customer"
        case TicketReopened(reason_id=str() as why) | TicketAmended(reason_id=str() as why):
            return why, "internal"
        case TicketWaitChanged(reason_id=str() as why):
            return why, "internal"
        case _:
            return None


@router.post("/{ticket_id}/notes", operation_id="add_note", dependencies=[WRITERS], response_model=TicketAnswer)
async def add_note(ticket_id: UUID, body: Note, commands: Commands, reads: Reads) -> Response:
    """备注 / Write a note on a ticket, whatever became of it. It is erased with its customer."""
    id = str(ticket_id)
    row = await reads.one(by_id(tickets, id), "ticket")
    note = Text.of(row["customer_id"], body.text)
    return await commands.run(ticket.on(id, AddNote(id, note.id, body.audience)), body, texts=[note])
