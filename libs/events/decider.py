"""A decider: the pure heart of an aggregate. No I/O, no clock: time is an argument."""

from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from typing import Any, Generic, TypeVar

import msgspec

from libs.events.catalogue import Catalogue
from libs.events.event import Event
from libs.events.message import Recorded

C = TypeVar("C")
S = TypeVar("S")
E = TypeVar("E", bound=Event)


class Refused(Exception):
    """A rule of the domain says no. `code` is stable and for programs, the sentence is for people; mapped to 409.

    `members` are what a program reads beside the code, such as the id of what stands in the way.
    """

    def __init__(self, code: str, sentence: str, **members: Any) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.members = members


class Forbidden(Refused):
    """A rule of the domain says that this is not the caller's to do; mapped to 403."""


def no_subject(state: object) -> None:
    """Of aggregates that are about nobody."""


@dataclass(frozen=True, slots=True)
class Decider(Generic[C, S, E]):
    """Commands C on a state S give events E.

    `decide(command, state, at)` answers the events of a command that happened at `at` (aware), none when there is
    nothing to say, and raises Refused where a rule forbids it. `evolve(state, event)` is the state after one event;
    `status(state)` the one word that a command's answer shows. `events` are all types that its streams may hold.
    `subject(state)` is the customer whom an aggregate is about: erasing them erases the texts of its commands.
    `stamp(state, event, at)` is the state that also notes when the event happened, where decisions ask for that.
    """

    name: str
    events: Catalogue
    initial: S
    decide: Callable[[C, S, datetime], Sequence[E]]
    evolve: Callable[[S, E], S]
    status: Callable[[S], str]
    subject: Callable[[S], str | None] = no_subject
    stamp: Callable[[S, E, datetime], S] | None = None

    def stream(self, id: str) -> str:
        """The name of the stream that holds the history of the aggregate `id`."""
        return f"{self.name}-{id}"

    def fold(self, events: Iterable[E], state: S | None = None) -> S:
        """The state after `events`, from `state` or from the beginning."""
        return reduce(self.evolve, events, self.initial if state is None else state)

    def replay(self, history: Iterable[Recorded[E]], state: S | None = None) -> S:
        """The state after recorded events: what `fold` gives, stamped with when they happened."""
        if self.stamp is None:
            return self.fold((recorded.event for recorded in history), state)
        state = self.initial if state is None else state
        for recorded in history:
            state = self.stamp(self.evolve(state, recorded.event), recorded.event, recorded.occurred_at)
        return state

    def on(self, id: str, command: C) -> "Addressed":
        """This command, addressed to the aggregate `id`."""
        return Addressed(self, id, command)

    def create(self, id: str, command: C) -> "Addressed":
        """This command, addressed to an aggregate whose id was made for it: there is no history to load."""
        return Addressed(self, id, command, is_new=True)


class Addressed(msgspec.Struct, frozen=True):
    """A command and the aggregate it is for."""

    decider: Decider[Any, Any, Any]
    id: str
    command: Any
    is_new: bool = False

    @property
    def stream(self) -> str:
        return self.decider.stream(self.id)


class Change(list[Any]):
    """The events that a command of a story came to, with its aggregate's states before and after them."""

    def __init__(self, events: Iterable[Any], before: Any, after: Any) -> None:
        super().__init__(events)
        self.before = before
        self.after = after


Story = Generator[Addressed, Change, None]
"""Commands that stand or fall together. `change = yield decider.on(id, command)` answers what was decided, so that the
next command can depend on it; all of them are committed in one transaction, or none is."""
