"""The appointment of a visit (预约): offered, agreed, moved. A fact beside the visit, never a step one must take."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from libs.events import Refused
from libs.events.contracts.dispatch.work_orders import AppointmentConfirmed, AppointmentMoved, AppointmentProposed
from services.dispatch.work_orders.domain.visit_ids import VisitIds

AppointmentEvent = AppointmentProposed | AppointmentConfirmed | AppointmentMoved
LONGEST = timedelta(days=14)
"""A longer time on site is a slip of the pen."""
FURTHEST = timedelta(days=2 * 366)
"""Nobody plans a visit further ahead than two years."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A time on site: [start, end), aware."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class MakeAppointment:
    """Offer a time, or with `confirmed` note that the customer agreed to it."""

    slot: Slot
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Appointment:
    """What was agreed, and what is on offer beside it: an agreed time stands until the customer agrees to another."""

    agreed: Slot | None = None
    offered: Slot | None = None


def decide(command: MakeAppointment, about: VisitIds, state: Appointment, at: datetime) -> Sequence[AppointmentEvent]:
    """Saying the same again says nothing. Raises Refused for a time that was over already, or is too far ahead."""
    slot = command.slot
    if slot.end <= at:
        raise Refused("appointment-in-the-past", "The appointment would be over before it is made.")
    if slot.start > at + FURTHEST:
        raise Refused("appointment-too-far-ahead", "The appointment is more than two years ahead.")
    if not command.confirmed:
        return [] if slot in (state.agreed, state.offered) else [_emitted(AppointmentProposed, about, slot)]
    if state.agreed in (None, slot):
        return [] if state == Appointment(agreed=slot) else [_emitted(AppointmentConfirmed, about, slot)]
    return [_emitted(AppointmentMoved, about, slot)]


def _emitted(kind: type[AppointmentEvent], about: VisitIds, slot: Slot) -> AppointmentEvent:
    return kind(**about, start=slot.start, end=slot.end)


def evolve(state: Appointment, event: AppointmentEvent) -> Appointment:
    """The appointment after one event: what is agreed clears what was on offer."""
    slot = Slot(event.start, event.end)
    match event:
        case AppointmentProposed():
            return Appointment(agreed=state.agreed, offered=slot)
        case AppointmentConfirmed() | AppointmentMoved():
            return Appointment(agreed=slot)
        case _:
            assert_never(event)
