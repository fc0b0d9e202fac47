"""Chore: work that no event asked for, such as a timer. One that fails alone is parked, and carried out on request."""

from collections.abc import Callable, Mapping

import msgspec

from libs.events.database.connections import Connection
from libs.events.decider import Story
from libs.events.log.intent import Intent
from libs.events.log.store import Store

Facts = dict[str, str]
"""What a chore's story is made of."""

Telling = Callable[[Facts], tuple[Story, Intent]]

Chores = Mapping[str, Telling]
"""The stories of a service's chores, by kind."""

TRIES = 3
"""How often an error must repeat, alone in its own transaction, before the chore is parked."""

EPIDEMIC_SECONDS = 10.0
"""How long chores wait that one defect would park, all of them."""


class Chore(msgspec.Struct, frozen=True):
    """One piece of work: its kind, the key that an operator finds it by, and what its story is made of."""

    kind: str
    key: str
    facts: Facts


async def carry_out(store: Store, connection: Connection, telling: Telling, facts: Facts) -> None:
    """Tell a chore's story on a connection, as part of the open transaction."""
    story, intent = telling(facts)
    if (do := next(story, None)) is not None:
        unit = await store.unit([do.stream], connection)
        await unit.resume(story, do, intent)
        await store.append(unit, connection)
