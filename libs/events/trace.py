"""W3C trace context: where a piece of work stands in its trace, as `traceparent` says it from process to process."""

import random
import re
from typing import NamedTuple, Self

_TRACEPARENT = re.compile(r"^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$")


class Trace(NamedTuple):
    """Ids of 32 and 16 hexadecimal digits, flags of two, and the span that this one is a child of, if it is known."""

    trace_id: str
    span_id: str
    flags: str = "00"
    parent_id: str | None = None

    @classmethod
    def begin(cls) -> Self:
        """A new trace, which nobody records."""
        return cls(f"{random.getrandbits(128) or 1:032x}", _span_id())

    @classmethod
    def parse(cls, traceparent: str | None) -> Self | None:
        """The span that a caller or an event names, or None where the header is missing or malformed."""
        found = _TRACEPARENT.match(traceparent) if traceparent else None
        if found is None or (found[4] and traceparent and traceparent.startswith("00")):
            return None
        return cls(found[1], found[2], found[3])

    def child(self, span_id: str | None = None) -> Self:
        """A span within this one, by its id or a new one."""
        return type(self)(self.trace_id, span_id or _span_id(), self.flags, self.span_id)

    @property
    def sampled(self) -> bool:
        """Whether its spans are recorded, as the trace's first process decided."""
        return int(self.flags, 16) & 1 == 1

    @property
    def traceparent(self) -> str:
        """As the header says it, for the outbox, Kafka and calls to others."""
        return f"00-{self.trace_id}-{self.span_id}-{self.flags}"


def _span_id() -> str:
    """Random, and no secret: the system's generator would cost a call of the kernel for each request."""
    return f"{random.getrandbits(64) or 1:016x}"
