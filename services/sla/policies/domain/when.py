"""When: an event that a policy names, with conditions on its fields, and what a policy may know of a ticket.

"triage.FaultClassified"                                                         any of them
{"event": "dispatch.WorkPaused", "where": {"reason": ["waiting_parts"]}}         only with that reason
{"event": "dispatch.AppointmentConfirmed", "at": "end"}                          at the instant that its field tells
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec

from libs.events.contracts.spelling import label
from services.sla.policies.domain.fact import ASKED, INSTANTS, TELLING, Attribute, Fact

Value = str | int | bool
Flaw = tuple[str, str]
"""Where in a document something is wrong, such as targets[0].stop[1].event, and why it cannot work."""


class Not(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Anything but these values. What is not known is none of them."""

    values: tuple[Value, ...] = msgspec.field(name="not")


Condition = tuple[Value, ...] | Not
"""One of these values, or none of them."""

_SAYING = ("intake.TicketOpened", "intake.TicketAmended")

Trait = Literal[
    "level", "kind", "channel", "urgency", "region", "contract", "customer", "warranty", "cause", "maintenance_type"
]
TRAITS: Mapping[Trait, tuple[tuple[str, ...], str]] = {
    "level": (("triage.FaultClassified",), "level"),
    "kind": (_SAYING, "kind"),
    "channel": (("intake.TicketOpened",), "channel"),
    "urgency": (_SAYING, "urgency"),
    "region": (_SAYING, "region"),
    "contract": (_SAYING, "contract"),
    "customer": (("intake.TicketOpened",), "customer_id"),
    "warranty": (("intake.WarrantyAssessed", "intake.WarrantyReassessed"), "verdict"),
    "cause": (("triage.CauseDetermined",), "cause"),
    "maintenance_type": (("triage.FaultClassified",), "maintenance_type"),
}
"""What a policy or a target may apply to, with the events and their field that tell it. What happened last holds."""

TOLD_BY: Mapping[str, tuple[tuple[Trait, str], ...]] = {
    event: tuple((trait, name) for trait, (others, name) in TRAITS.items() if event in others)
    for events, _ in TRAITS.values()
    for event in events
}
"""The traits that each event tells, and the fields that they stand in."""

Traits = dict[Trait, Attribute]
AppliesWhen = dict[Trait, Condition]

EVENTS = {cls.type_name: cls for cls in TELLING}


class When(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An event by its type, and what its fields have to say for it to count; `at` names a field with an instant."""

    event: str
    where: dict[str, Condition] = {}
    at: str | None = None

    def matches(self, fact: Fact) -> bool:
        """Whether this is the fact."""
        return fact.type == self.event and all(fits(fact.attributes.get(n), c) for n, c in self.where.items())

    def instant(self, fact: Fact) -> datetime:
        """When it counts: when it happened, or the instant that it tells in its field `at`."""
        return (fact.instant(self.at) if self.at else None) or fact.at

    def flaws(self) -> Iterator[Flaw]:
        """What no service tells."""
        if self.event not in EVENTS:
            yield "event", f"no service tells {self.event}"
            return
        for name, condition in self.where.items():
            yield from ((f"where.{name}", flaw) for flaw in unknown(self.event, name, condition))
        if self.at is not None and self.at not in INSTANTS:
            yield "at", f"{self.event} tells no instant as {self.at}"
        elif self.at is not None and self.at not in EVENTS[self.event].__struct_fields__:
            yield "at", f"{self.event} has no field {self.at}"


Whens = tuple[str | When, ...]
"""As they are written: a type name alone stands for any event of that type."""


def fits(value: Attribute, condition: Condition) -> bool:
    """Whether a value meets a condition: as told or, a text, in the one spelling of labels."""
    if isinstance(condition, Not):
        return not _among(value, condition.values)
    return _among(value, condition)


def _among(value: Attribute, values: tuple[Value, ...]) -> bool:
    if value in values or not isinstance(value, str):
        return value in values
    spelt = label(value)
    return any(isinstance(other, str) and label(other) == spelt for other in values)


def applies(traits: Traits, conditions: AppliesWhen) -> bool:
    """Whether a ticket with these traits meets all conditions."""
    return all(fits(traits.get(trait), condition) for trait, condition in conditions.items())


def unknown(event: str, name: str, condition: Condition) -> Iterator[str]:
    """Why a condition on this field of this event can never be met, if so."""
    cls = EVENTS[event]
    if name not in cls.__struct_fields__:
        yield f"{event} has no field {name}"
        return
    values = condition.values if isinstance(condition, Not) else condition
    if not values:
        yield "it needs at least one value"
    if name not in ASKED:
        yield f"clocks do not keep {name}; they may ask for {', '.join(n for n in cls.__struct_fields__ if n in ASKED)}"
        return
    hint = get_type_hints(cls, include_extras=True)[name]
    for value in values:
        try:
            msgspec.convert(value, hint)
        except msgspec.ValidationError as error:
            possible = ", ".join(map(str, _literals(hint)))
            yield f"{name} is never {value!r}" + (f"; it is one of {possible}" if possible else f": {error}")


def trait_flaws(conditions: AppliesWhen) -> Iterator[Flaw]:
    """What no ticket can be."""
    for trait, condition in conditions.items():
        (event, *_), name = TRAITS[trait]
        yield from ((trait, flaw) for flaw in unknown(event, name, condition))


def _literals(hint: Any) -> tuple[Any, ...]:
    """The values of a Literal, also of an optional one; none for other types."""
    if get_origin(hint) is Literal:
        return get_args(hint)
    return next((found for part in get_args(hint) if (found := _literals(part))), ())
