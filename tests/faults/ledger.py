"""What the clients of a fault run remember: every acknowledged answer, every repeat, every failure."""

import time
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A command that was answered with 2xx: what the client may rely on from now on.

    `at` is monotonic seconds, `took` how many it was on its way, repeated meanwhile.
    """

    service: str
    verb: str
    key: str
    id: str
    version: int
    status: int
    body: bytes
    at: float
    took: float = 0.0


@dataclass(frozen=True, slots=True)
class Repeat:
    """The answer to a command sent once more with the key of one that was acknowledged; `flagged` as a replay."""

    key: str
    status: int
    body: bytes
    flagged: bool


@dataclass(frozen=True, slots=True)
class Failure:
    """An answer of 500 or more: when (monotonic seconds), from whom, and what it said."""

    at: float
    service: str
    status: int
    body: str


@dataclass(frozen=True, slots=True)
class Step:
    """What an engineer did, `at` which time, sent later under `key`; `refused` is the code of a rule that it broke."""

    verb: str
    key: str
    at: datetime
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Rated:
    """The one form, of all that were sent by this link, that was told that it counts."""

    link_id: str
    answer_id: str
    score: int


@dataclass(frozen=True, slots=True)
class Window:
    """When a fault was on (monotonic seconds), and whose commands it may hinder; Kafka's faults hinder nobody's."""

    begin: float
    end: float
    hinders: frozenset[str]


@dataclass
class Ledger:
    """The clients' own memory. `leaks` are bodies that show too much, `unfinished` why tickets did not end.

    `lanes` has the steps of phones by work order, in their order, `ratings` is by callback, `looked` counts pages.
    """

    acknowledged: dict[str, Acknowledged] = field(default_factory=dict)
    repeats: list[Repeat] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    leaks: list[str] = field(default_factory=list)
    unfinished: list[str] = field(default_factory=list)
    late_tickets: set[str] = field(default_factory=set)
    answers: int = 0
    lost_connections: list[str] = field(default_factory=list)
    in_flight_elsewhere: int = 0
    lanes: dict[str, list[Step]] = field(default_factory=lambda: defaultdict(list))
    ratings: dict[str, Rated] = field(default_factory=dict)
    looked: int = 0

    def failed(self, service: str, status: int, body: str) -> None:
        """Note an answer of 500 or more."""
        self.failures.append(Failure(time.monotonic(), service, status, body[:300]))
