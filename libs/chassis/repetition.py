"""A library's message that comes again and again: once in a while is enough, with how many were left out.

While Kafka is away its client complains hundreds of times in a second, and hides what else there is to read.
"""

import logging
import time
from collections.abc import Callable

EVERY_SECONDS = 30.0
MOST = 1000
"""Messages that are told apart: those without a template could be endlessly many."""


class Repetition(logging.Filter):
    """Lets a message of one template through once in EVERY_SECONDS."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._shown: dict[tuple[str, int, str], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether it is shown."""
        now, key = self._clock(), (record.name, record.levelno, str(record.msg))
        since, left_out = self._shown.get(key, (float("-inf"), 0))
        if now - since < EVERY_SECONDS:
            self._shown[key] = since, left_out + 1
            return False
        if len(self._shown) >= MOST:
            self._shown.clear()
        self._shown[key] = now, 0
        if left_out:
            record.msg = f"{record.msg} (and {left_out} more like it)"
        return True
