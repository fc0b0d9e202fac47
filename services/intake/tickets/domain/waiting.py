"""Whom a ticket waits for (等待谁), why, and when somebody looks at it again. No clock stands still for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from libs.events import Refused
from libs.events.contracts.intake.tickets import TicketWaitChanged, WaitsFor


@dataclass(frozen=True, slots=True)
class Await:
    """Wait for somebody, or longer; why is a text.

    `asked_at` is when that is recorded: whoever says that it was earlier may look no earlier for it.
    """

    ticket_id: str
    waits_for: WaitsFor
    reason_id: str
    look_again_at: datetime
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class StopWaiting:
    """Wait for nobody any more."""

    ticket_id: str


WaitCommand = Await | StopWaiting


def waited(command: WaitCommand, waits_for: WaitsFor | None, at: datetime) -> Sequence[TicketWaitChanged]:
    """Nothing where a ticket that waits for nobody is to go on. Raises Refused for a look that lies in the past."""
    if isinstance(command, StopWaiting):
        return [TicketWaitChanged(ticket_id=command.ticket_id, waits_for=None)] if waits_for else []
    if command.look_again_at <= max(at, command.asked_at):
        raise Refused("look-again-past", "When somebody looks at it again lies in the past.")
    return [
        TicketWaitChanged(
            ticket_id=command.ticket_id,
            waits_for=command.waits_for,
            reason_id=command.reason_id,
            look_again_at=command.look_again_at,
        )
    ]
