"""W3C trace context: continued from `traceparent` or begun anew, and carried through a task by a context variable."""

import random
import re
from contextvars import ContextVar
from typing import NamedTuple, Self

_TRACEPARENT = re.compile(r"^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$")


class Trace(NamedTuple):
    """Where we are in a trace: 32 and 16 hexadecimal digits, and the flags."""

    trace_id: str
    span_id: str
    flags: str = "01"

    @classmethod
    def begin(cls) -> Self:
        """A new trace."""
        return cls(f"{random.getrandbits(128):032x}", _span())

    @classmethod
    def parse(cls, traceparent: str | None) -> Self | None:
        """The caller's trace, or None where the header is missing or malformed."""
        found = _TRACEPARENT.match(traceparent) if traceparent else None
        if found is None or (found[4] and traceparent and traceparent.startswith("00")):
            return None
        return cls(found[1], found[2], found[3])

    @classmethod
    def continued(cls, traceparent: str | None) -> Self:
        """A span of our own in the caller's trace, or in a new one."""
        caller = cls.parse(traceparent)
        return cls(caller.trace_id, _span(), caller.flags) if caller else cls.begin()

    @property
    def traceparent(self) -> str:
        """As the header says it, for the outbox, Kafka and calls to others."""
        return f"00-{self.trace_id}-{self.span_id}-{self.flags}"


def _span() -> str:
    """Random, and no secret: the system's generator would cost a call of the kernel for each request."""
    return f"{random.getrandbits(64) or 1:016x}"


_CURRENT: ContextVar[Trace | None] = ContextVar("trace", default=None)


def trace() -> Trace:
    """The trace of this task; begun now if there is none yet."""
    found = _CURRENT.get()
    if found is None:
        found = Trace.begin()
        _CURRENT.set(found)
    return found


def current() -> Trace | None:
    """The trace of this task, if there is one."""
    return _CURRENT.get()


def enter(traceparent: str | None) -> Trace:
    """Continue the trace of a request or message in this task."""
    continued = Trace.continued(traceparent)
    _CURRENT.set(continued)
    return continued
