"""Given events, when a command, then events: how a decider is tested.

opened = case_spec.given(TriageStarted(...))
assert opened.when(ClassifyFault(level=2, ...)) == [FaultClassified(...)]
with opened.refuses("consent-required"): ...
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from libs.events import Decider, Event, Refused

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Given:
    """A decider with a history."""

    decider: Decider[Any, Any, Any]
    history: tuple[Event, ...] = ()

    def given(self, *events: Event) -> "Given":
        """The same with more history."""
        return replace(self, history=(*self.history, *events))

    def when(self, command: Any, at: datetime = MONDAY) -> list[Event]:
        """The events that the command gives."""
        return list(self.decider.decide(command, self.decider.fold(self.history), at))

    @contextmanager
    def refuses(self, code: str) -> Iterator["Given"]:
        """The commands inside break the rule with this code."""
        with pytest.raises(Refused) as refusal:
            yield self
        assert refusal.value.code == code

    @property
    def status(self) -> str:
        """The status after the history."""
        return self.decider.status(self.decider.fold(self.history))
