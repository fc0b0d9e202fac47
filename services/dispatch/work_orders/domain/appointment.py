"""The appointment of a visit (预约): offered, agreed, moved, and what the customer wishes instead.

A fact beside the visit, never a step one must take.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import assert_never

from libs.events import Refused
from libs.events.contracts.dispatch.work_orders import (
    AppointmentConfirmed,
    AppointmentMoved,
    AppointmentProposed,
    AppointmentWished,
)
from services.dispatch.work_orders.domain.visit_ids import VisitIds

PlannedEvent = AppointmentProposed | AppointmentConfirmed | AppointmentMoved
AppointmentEvent = PlannedEvent | AppointmentWished
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
class ConfirmByLink:
    """The customer of a link agrees to the time that they were shown."""

    ticket_id: str
    work_order_id: str | None
    slot: Slot


@dataclass(frozen=True, slots=True)
class WishByLink:
    """The customer of a link would rather have another time; what they say beside it is a text."""

    ticket_id: str
    work_order_id: str | None
    slot: Slot
    note_id: str | None = None


CustomerCommand = ConfirmByLink | WishByLink


@dataclass(frozen=True, slots=True)
class Appointment:
    """What was agreed, and what is on offer beside it: an agreed time stands until the customer agrees to another.

    What the customer wished stands until a time is planned after it.
    """

    agreed: Slot | None = None
    offered: Slot | None = None
    wished: Slot | None = None

    @property
    def planned(self) -> Slot | None:
        """What the customer has to look at: the newer of the two."""
        return self.offered or self.agreed


def decide(command: MakeAppointment, about: VisitIds, state: Appointment, at: datetime) -> Sequence[AppointmentEvent]:
    """Saying the same again says nothing. Raises Refused for a time that was over already, or is too far ahead.

    It is evidence of what was agreed: what is put on record later, `at` being earlier, may be over by then.
    """
    slot = command.slot
    _check(slot, at)
    if not command.confirmed:
        is_known = slot in (state.agreed, state.offered) and state.wished is None
        return [] if is_known else [_emitted(AppointmentProposed, about, slot)]
    if state.agreed in (None, slot):
        return [] if state == Appointment(agreed=slot) else [_emitted(AppointmentConfirmed, about, slot)]
    return [_emitted(AppointmentMoved, about, slot)]


def answered(command: CustomerCommand, about: VisitIds, state: Appointment, at: datetime) -> Sequence[AppointmentEvent]:
    """What the customer says of the time that is planned. Raises Refused where that is another one by now."""
    match command:
        case ConfirmByLink(slot=slot):
            if slot != state.planned:
                raise Refused("appointment-changed", "Another time is planned by now.")
            return decide(MakeAppointment(slot, confirmed=True), about, state, at)
        case WishByLink(slot=slot, note_id=note_id):
            _check(slot, at)
            return [AppointmentWished(**about, start=slot.start, end=slot.end, note_id=note_id)]
        case _:
            assert_never(command)


def _check(slot: Slot, at: datetime) -> None:
    if slot.end <= at:
        raise Refused("appointment-in-the-past", "The appointment would be over before it is made.")
    if slot.start > at + FURTHEST:
        raise Refused("appointment-too-far-ahead", "The appointment is more than two years ahead.")


def _emitted(kind: type[PlannedEvent], about: VisitIds, slot: Slot) -> PlannedEvent:
    return kind(**about, start=slot.start, end=slot.end)


def evolve(state: Appointment, event: AppointmentEvent) -> Appointment:
    """The appointment after one event: what is agreed clears what was on offer."""
    slot = Slot(event.start, event.end)
    match event:
        case AppointmentProposed():
            return Appointment(agreed=state.agreed, offered=slot)
        case AppointmentConfirmed() | AppointmentMoved():
            return Appointment(agreed=slot)
        case AppointmentWished():
            return replace(state, wished=slot)
        case _:
            assert_never(event)
