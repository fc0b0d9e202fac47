"""The filters that one person keeps: what the queue is to show, under a name, one of them by itself.

A name is a text about its person; what is looked for by words or a number may name a customer, and is not kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never, get_args

import msgspec

from libs.events import Catalogue, Decider, Event, Forbidden, event
from libs.events.kept_list import Bounds, Refusal, found, having, without

MOST = 50
BOUNDS = Bounds(
    MOST,
    Refusal("too-many-filters", f"You keep {MOST} filters: remove one first."),
    Refusal("unknown-filter", "You keep no filter of this id."),
)


class QueueFilter(msgspec.Struct, frozen=True, kw_only=True):
    """What the address of the queue says: codes and ids, and the order."""

    status: list[str] = []
    urgency: list[str] = []
    kind: list[str] = []
    stage: list[str] = []
    region: list[str] = []
    asset_id: list[str] = []
    contract_id: list[str] = []
    customer_id: list[str] = []
    engineer_id: list[str] = []
    team: list[str] = []
    waits_for: list[str] = []
    again: str | None = None
    archived: str | None = None
    owner: str | None = None
    opened: str | None = None
    sort: str | None = None


class SavedFilter(msgspec.Struct, frozen=True, kw_only=True):
    """One of them. Colleagues of the role see it, too; None: nobody else."""

    id: str
    name_id: str
    filter: QueueFilter
    role: str | None = None


@event("intake.FilterSaved")
class FilterSaved(Event, frozen=True, kw_only=True):
    """A person keeps a filter, or what is other about it now. The queue begins with the default one."""

    person_id: str
    saved: SavedFilter
    is_default: bool = False


@event("intake.FilterRemoved")
class FilterRemoved(Event, frozen=True, kw_only=True):
    """They keep it no more."""

    person_id: str
    filter_id: str


@dataclass(frozen=True, slots=True)
class SaveFilter:
    """Keep a filter; `known`: in the place of the one of its id. `roles` are those that the person has."""

    person_id: str
    saved: SavedFilter
    is_default: bool = False
    known: bool = False
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class RemoveFilter:
    person_id: str
    filter_id: str


FilterCommand = SaveFilter | RemoveFilter
FilterEvent = FilterSaved | FilterRemoved


@dataclass(frozen=True, slots=True)
class Kept:
    """What a person keeps, in the order in which it was saved first."""

    filters: tuple[SavedFilter, ...] = ()
    default_id: str | None = None


def decide(command: FilterCommand, kept: Kept, at: datetime) -> Sequence[FilterEvent]:
    """The events of a command. Refuses a change of what is not kept, one more than MOST, and a role of others."""
    match command:
        case SaveFilter(person_id, saved, is_default):
            BOUNDS.check(kept.filters, saved.id, command.known)
            if saved.role is not None and saved.role not in command.roles:
                raise Forbidden("not-your-role", "You do not have this role.")
            return [FilterSaved(person_id=person_id, saved=saved, is_default=is_default)]
        case RemoveFilter(person_id, filter_id):
            there = found(kept.filters, filter_id)
            return [FilterRemoved(person_id=person_id, filter_id=filter_id)] if there else []
        case _:
            assert_never(command)


def evolve(kept: Kept, event: FilterEvent) -> Kept:
    match event:
        case FilterSaved():
            return replace(kept, filters=having(kept.filters, event.saved), default_id=_default(kept, event))
        case FilterRemoved(filter_id=id):
            return Kept(without(kept.filters, id), None if kept.default_id == id else kept.default_id)
        case _:
            assert_never(event)


def _default(kept: Kept, event: FilterSaved) -> str | None:
    if event.is_default:
        return event.saved.id
    return None if kept.default_id == event.saved.id else kept.default_id


def status(kept: Kept) -> str:
    """One word for a command's answer."""
    return "kept"


saved_filters: Decider[FilterCommand, Kept, FilterEvent] = Decider(
    "saved_filters", Catalogue(*get_args(FilterEvent)), Kept(), decide, evolve, status
)
