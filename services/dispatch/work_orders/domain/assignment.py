"""What an engineer says to a visit that they were given: they take it, or it goes back to those that wait."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from libs.events.contracts.dispatch.work_orders import (
    AssignmentConfirmed,
    AssignmentDeclined,
    CrewUnassigned,
    DeclineReason,
)
from services.dispatch.work_orders.domain.visit_ids import VisitIds

AssignmentEvent = AssignmentConfirmed | AssignmentDeclined


@dataclass(frozen=True, slots=True)
class ConfirmAssignment:
    """The engineer takes the visit."""


@dataclass(frozen=True, slots=True)
class DeclineAssignment:
    """The engineer does not take the visit: a code, and a text for words beyond it."""

    reason: DeclineReason
    note_id: str | None = None


AssignmentCommand = ConfirmAssignment | DeclineAssignment


def decide(
    command: AssignmentCommand, about: VisitIds, engineer_id: str, confirmed: bool
) -> Sequence[AssignmentEvent | CrewUnassigned]:
    """Taking it twice says nothing. A visit that was declined is nobody's, and whoever took it may still decline."""
    match command:
        case ConfirmAssignment():
            return [] if confirmed else [AssignmentConfirmed(**about, engineer_id=engineer_id)]
        case DeclineAssignment(reason, note_id):
            declined = AssignmentDeclined(**about, engineer_id=engineer_id, reason=reason, note_id=note_id)
            return [declined, CrewUnassigned(**about, engineer_id=engineer_id)]
        case _:
            assert_never(command)
