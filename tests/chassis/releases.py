"""A service in two releases, for tests in which both work on one log and one topic: notes on tickets.

RELEASE=2 writes version 2 of `triage.NoteTaken`, and a type of its own, `triage.NoteClosed`; RELEASE=1 reads neither,
unless RELEASE=1 READS=2, as a release does whose successor has version 2. SOURCE names the service that it hears.
"""

import os
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from libs.chassis.http import UUID, CommandBody, Commands, Reads, Response, Router, allow, new_id
from libs.chassis.running.event_process import run
from libs.chassis.running.service import Service
from libs.events import AnyRecorded, Catalogue, Decider, Event, Story, event
from libs.events.event import AboutTicket

RELEASE, READS = int(os.environ.get("RELEASE", "1")), int(os.environ.get("READS", "1"))
SOURCE = os.environ.get("SOURCE", "intake")


@event(f"{SOURCE}.TicketOpened")
class TicketOpened(AboutTicket, frozen=True, kw_only=True):
    """Heard of the source."""


@event("triage.NoteTaken", version=RELEASE)
class NoteTaken(Event, frozen=True, kw_only=True):
    """One more note; since version 2 with how long it took to write."""

    number: int
    seconds: int = 0


@event("triage.NoteClosed", written=RELEASE == 2)
class NoteClosed(Event, frozen=True, kw_only=True):
    """No more notes."""


@dataclass(frozen=True)
class TakeNote:
    """One more."""


@dataclass(frozen=True)
class CloseNote:
    """The last."""


def decide(command: TakeNote | CloseNote, count: int, at: datetime) -> list[Event]:
    return [NoteTaken(number=count + 1)] if isinstance(command, TakeNote) else [NoteClosed()]


def shorter(fields: dict[str, Any]) -> dict[str, Any]:
    return {"number": fields["number"]}


KNOWN = [NoteTaken, NoteClosed] if max(RELEASE, READS) == 2 else [NoteTaken]
UPCASTERS = {("triage.NoteTaken", 1): shorter} if RELEASE == 2 else {}
DOWNCASTERS = {("triage.NoteTaken", 2): shorter} if READS == 2 else {}

note: Decider[TakeNote | CloseNote, int, Event] = Decider(
    "note",
    Catalogue(*KNOWN, upcasters=UPCASTERS, downcasters=DOWNCASTERS),
    0,
    decide,
    lambda count, _: count + 1,
    str,
)

router = Router(prefix="/v1/notes", tags=["notes"])


class NoWords(CommandBody):
    """Nothing to say."""


@router.post("", status_code=201, dependencies=[allow("agent")])
async def take_note(body: NoWords, commands: Commands) -> Response:
    """The first note."""
    return await commands.run(note.create(new_id(), TakeNote()), body, creates=True)


@router.post("/{id}/more", dependencies=[allow("agent")])
async def take_more(id: UUID, body: NoWords, commands: Commands) -> Response:
    """One more."""
    return await commands.run(note.on(str(id), TakeNote()), body)


@router.post("/{id}/closure", dependencies=[allow("agent")])
async def close_note(id: UUID, body: NoWords, commands: Commands) -> Response:
    """No more."""
    return await commands.run(note.on(str(id), CloseNote()), body)


@router.get("/{id}", dependencies=[allow("agent")], response_model=dict[str, Any])
async def one_note(id: UUID, reads: Reads) -> Any:
    """How many notes there are."""
    state, version = await reads.state(note, str(id), None, "note")
    return reads.answer({"id": str(id), "notes": state}, version=version)


def take_first(heard: AnyRecorded) -> Story:
    yield note.on(heard.event.ticket_id, TakeNote())


service = Service(
    "triage",
    streams=[note],
    hears=Catalogue(TicketOpened),
    reactions={TicketOpened: take_first},
    routes=[router],
    about="Notes.",
)

if __name__ == "__main__":
    run(service)
