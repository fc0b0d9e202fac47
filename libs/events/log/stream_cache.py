"""Memory: streams that this process wrote to lately, so that a next command need not read them again.

It may be wrong: another process may have written since. What was decided on a remembered stream counts only when an
append has confirmed that the stream still ends in the remembered event; whatever else it came to, a refusal, nothing
to say, an error, is forgotten and decided again on what the log holds (`Store.run`).
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

STREAMS = 4096
"""How many streams are remembered: state and view rows of each, not its events, so a few megabytes."""


class CachedStream(msgspec.Struct, frozen=True):
    """A stream at a version: what the next decision goes on from.

    `head` is the id of its last event, `rows` are those of the inline views that the stream touches, by view and key.
    """

    version: int
    head: str | None
    state: Any
    rows: tuple[dict[str, Any], ...]


Lookup = Callable[[str], CachedStream | None]
"""A stream's name to what is remembered of it."""


def nothing(stream: str) -> None:
    """A memory that holds nothing."""


class StreamCache:
    """The streams that were used last, each as its last append left it."""

    def __init__(self, streams: int = STREAMS) -> None:
        self._streams = streams
        self._known: OrderedDict[str, CachedStream] = OrderedDict()

    def lookup(self, stream: str) -> CachedStream | None:
        """The stream as it is remembered, if it is."""
        known = self._known.get(stream)
        if known is not None:
            self._known.move_to_end(stream)
        return known

    def remember(self, streams: Mapping[str, CachedStream]) -> None:
        """These streams were written and committed; where two answers pass each other the later version stays."""
        for name, known in streams.items():
            if (standing := self._known.get(name)) is None or standing.version < known.version:
                self._known[name] = known
                self._known.move_to_end(name)
        while len(self._known) > self._streams:
            self._known.popitem(last=False)

    def forget(self, streams: Mapping[str, CachedStream]) -> None:
        """These were not confirmed."""
        for name, known in streams.items():
            if self._known.get(name) is known:
                del self._known[name]

    def drop(self, names: Mapping[str, object]) -> None:
        """These are written to in a transaction of which nobody knows yet whether it commits."""
        for name in names:
            self._known.pop(name, None)
