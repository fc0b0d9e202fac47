"""Memory: streams that this process wrote to lately, so that a next command need not read them again.

It may be wrong: another process may have written since. What was decided on a remembered stream counts only when an
append has confirmed that the stream still ends in the remembered event; whatever else it came to, a refusal, nothing
to say, an error, is forgotten and decided again on what the log holds (`Store.run`).
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Self

import msgspec

STREAMS = 4096
"""How many streams are remembered: state and view rows of each, not its events."""

BYTES = 16 * 2**20
"""What they weigh together at most, as MessagePack: in memory it is a few times as much. Most weigh 1 to 3 kB."""


class CachedStream(msgspec.Struct, frozen=True):
    """A stream at a version: what the next decision goes on from.

    `head` is the id of its last event, `rows` are those of the inline views that the stream touches, by view and key.
    """

    version: int
    head: str | None
    state: Any
    rows: tuple[dict[str, Any], ...]
    weight: int

    @classmethod
    def of(cls, version: int, head: str | None, state: Any, rows: tuple[dict[str, Any], ...] = ()) -> Self:
        """With what it weighs."""
        return cls(version, head, state, rows, len(_encode((state, rows))))


_encode = msgspec.msgpack.Encoder(enc_hook=repr).encode

Lookup = Callable[[str], CachedStream | None]
"""A stream's name to what is remembered of it."""


def nothing(stream: str) -> None:
    """A memory that holds nothing."""


class StreamCache:
    """The streams that were used last, each as its last append left it: so many at most, and of so many bytes."""

    def __init__(self, streams: int = STREAMS, most: int = BYTES) -> None:
        self._streams, self._most = streams, most
        self._known: OrderedDict[str, CachedStream] = OrderedDict()
        self.weight = 0

    def lookup(self, stream: str) -> CachedStream | None:
        """The stream as it is remembered, if it is."""
        known = self._known.get(stream)
        if known is not None:
            self._known.move_to_end(stream)
        return known

    def remember(self, streams: Mapping[str, CachedStream]) -> None:
        """These streams were written and committed; where two answers pass each other the later version stays.

        One that outweighs all that may be remembered is not, and pushes nothing out.
        """
        for name, known in streams.items():
            if (standing := self._known.get(name)) is None or standing.version < known.version:
                self._remove(name)
                if known.weight <= self._most:
                    self._known[name] = known
                    self.weight += known.weight
        while len(self._known) > self._streams or self.weight > self._most:
            self._remove(next(iter(self._known)))

    def forget(self, streams: Mapping[str, CachedStream]) -> None:
        """These were not confirmed."""
        for name, known in streams.items():
            if self._known.get(name) is known:
                self._remove(name)

    def drop(self, names: Iterable[str]) -> None:
        """These are written to in a transaction of which nobody knows yet whether it commits."""
        for name in names:
            self._remove(name)

    def _remove(self, name: str) -> None:
        if (known := self._known.pop(name, None)) is not None:
            self.weight -= known.weight
