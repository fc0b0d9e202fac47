"""Actors: the people and services whose pseudonyms stand in events, with their names, in a table beside the log."""

from collections import OrderedDict
from collections.abc import Collection
from typing import Any

import msgspec
import sqlalchemy as sa

from libs.events.database.schema import actor, event

REMEMBERED = 4096

Row = tuple[sa.Table, dict[str, str | None]]


class Actor(msgspec.Struct, frozen=True):
    """Somebody who gives commands: a pseudonym, and what the token said of its holder."""

    id: str
    issuer: str
    subject: str
    name: str | None = None


class Actors:
    """The actors whose rows this process has written, so that a command writes a row only where something is new."""

    def __init__(self, most: int = REMEMBERED) -> None:
        self._most = most
        self._known: OrderedDict[str, Actor] = OrderedDict()

    def rows(self, of: Actor) -> list[Row]:
        """The row to write with a command of this actor; none when it stands already."""
        return [] if self._known.get(of.id) == of else [(actor, msgspec.structs.asdict(of))]

    def written(self, of: Actor) -> None:
        """The row was committed."""
        self._known[of.id] = of
        self._known.move_to_end(of.id)
        if len(self._known) > self._most:
            self._known.popitem(last=False)


def name_of(column: sa.ColumnElement[str]) -> sa.ScalarSelect[str | None]:
    """The name that belongs to the actor in a column, null where none is known."""
    return sa.select(actor.c.name).where(actor.c.id == column).scalar_subquery()


def acted_on(stream: str) -> sa.Select[Any]:
    """Who recorded each event of a stream: `id` of the event, `actor`, `actor_name`, and `skew_ms` of their clock."""
    return sa.select(event.c.id, event.c.actor, name_of(event.c.actor).label("actor_name"), event.c.skew_ms).where(
        event.c.stream == stream
    )


def people(most: int) -> sa.Select[Any]:
    """Who is known by a name: `id` and `name`, by name."""
    return sa.select(actor.c.id, actor.c.name).where(actor.c.name.is_not(None)).order_by(actor.c.name).limit(most)


def named(ids: Collection[str]) -> sa.Select[Any]:
    """`id` and `name` of those among these actors that are known by a name."""
    return sa.select(actor.c.id, actor.c.name).where(actor.c.id.in_(ids), actor.c.name.is_not(None))
