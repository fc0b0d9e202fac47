"""What happened, as a type: the classes every log and topic is made of.

A stored type name (`dispatch.OnSiteArrived`) is the project's own and never a Python path, so that code can move and
history stays readable. A new version of a type is a new class with the same name and the next number, and an upcaster
in the catalogue.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, ClassVar, TypeVar

import msgspec

Instant = Annotated[datetime, msgspec.Meta(tz=True)]
"""A moment with its offset: RFC 3339 on the wire, and one without an offset is refused."""


class Event(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A fact in the past tense. Instants in it carry an offset; it never holds personal data, only ids of texts."""

    type_name: ClassVar[str] = ""
    version: ClassVar[int] = 1
    written: ClassVar[bool] = True
    """Whether this release records it; False: it only reads it, for the next release to record."""


class Published(Event, frozen=True, kw_only=True):
    """An event that other services may hear: it leaves on its service's topic."""

    def key(self, stream: str) -> str:
        """The Kafka key, which gives the event its lane and so its order: the stream, unless the event knows better."""
        return stream


class AboutTicket(Published, frozen=True, kw_only=True):
    """A published event about one ticket: all of a ticket's news has one key, so one order within each topic."""

    ticket_id: str

    def key(self, stream: str) -> str:
        return self.ticket_id


class Evidence(AboutTicket, frozen=True, kw_only=True):
    """A published event about a ticket that verdicts rest on, and that somebody may record after it happened.

    `late`: it was recorded so long after it happened that verdicts leave it out until a manager accepts it. The unit of
    work sets it, never a decider.
    """

    late: bool = False


E = TypeVar("E", bound=Event)


def event(type_name: str, version: int = 1, written: bool = True) -> Callable[[type[E]], type[E]]:
    """Give an event class its stored type name, such as `intake.TicketOpened`, and its schema version.

    A new type is read one release before it is `written`, so that two releases can work side by side on one log.
    """

    def name(cls: type[E]) -> type[E]:
        cls.type_name, cls.version, cls.written = type_name, version, written
        return cls

    return name
