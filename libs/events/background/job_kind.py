"""A kind of jobs as workers carry it out: what a step of it does, and what becomes of a step that cannot be done."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from libs.events.background.job import AnyJobDecider, Completed, Requested
from libs.events.database.connections import Connection
from libs.events.inbox.chore import Telling
from libs.events.log.intent import Intent
from libs.events.log.store import Store
from libs.events.trace import Trace
from libs.events.view import View

Q = TypeVar("Q", bound=Requested)
P = TypeVar("P")


class Hopeless(Exception):
    """What is asked for cannot be done: the job fails at once, for this reason."""


@dataclass(frozen=True)
class Step(Generic[Q, P]):
    """One step, in the transaction of `connection`: at most `most` items of a job, from where it is on.

    `reached` is where the step before this one came to, None at first. What is decided happens at `at`, when the job
    was asked for, however busy the workers are. `trace` is the step's own, if anybody records them.
    """

    store: Store
    connection: Connection
    request: Q
    at: datetime
    reached: P | None
    most: int
    trace: Trace | None = None

    @property
    def intent(self) -> Intent:
        """The circumstances of what the step decides."""
        actor, traceparent = f"service:{self.store.name}", self.trace and self.trace.traceparent
        return Intent(actor=actor, occurred_at=self.at, causation_id=self.request.id, traceparent=traceparent)


@dataclass(frozen=True, kw_only=True)
class Moved(Generic[P]):
    """What a step came to. `is_last`: nothing is left. The worker then rests for `rest_seconds`, outside of it.

    `part` is the step's share of a result, of a kind that only reads.
    """

    done: int
    reached: P
    is_last: bool
    part: bytes | None = None
    rest_seconds: float = 0.0


class Kind(ABC, Generic[Q, P]):
    """One kind: `decider` and `view` of its jobs, how many items are a step at most, and what says where it came to.

    A kind that parks what it cannot do tells its story again by `telling`.
    """

    decider: AnyJobDecider
    view: View[Any]
    most: int
    place: type[P]

    @property
    def name(self) -> str:
        """As its streams, the task that works on it, and what it parks are called."""
        return self.decider.name

    @abstractmethod
    async def count(self, step: Step[Q, P]) -> int:
        """How many items there are, asked with the first step."""

    @abstractmethod
    async def step(self, step: Step[Q, P]) -> Moved[P]:
        """Do the next items, on the step's connection. Raises Hopeless; whatever else it raises, nothing is done."""

    async def pass_over(self, step: Step[Q, P], error: Exception) -> Moved[P]:
        """Leave out the one item that raises this alone, time and again. Unless a kind says otherwise its job fails."""
        raise error

    async def complete(self, step: Step[Q, P], parts: Sequence[bytes]) -> Completed:
        """What the job came to, after its last step, from the parts in their order."""
        (completed,) = (cls for cls in self.decider.events if issubclass(cls, Completed))
        return completed(id=step.request.id)

    def let_go(self) -> None:
        """No job is asked for: forget what was kept between two steps of one."""

    def telling(self, service: str) -> Telling | None:
        """The story of an item that was parked."""
        return None


AnyKind = Kind[Any, Any]
