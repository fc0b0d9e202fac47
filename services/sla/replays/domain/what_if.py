"""What if: all recorded tickets, judged once more under a draft and compared with what was. No clock is touched.

One stream a replay. It is asked for, and ends once: completed, failed or cancelled. The work itself is done between
the two events by whoever has time (replays/worker.py), and its result does not depend on who or when: it looks
at what was recorded up to `as_of`, and open clocks are judged as at that instant.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Literal, assert_never, get_args

from libs.events import Catalogue, Decider, Event, Refused, event
from services.sla.policies.domain.draft import Document, Draft, drafted
from services.sla.policies.domain.rulebook import Library
from services.sla.policies.domain.shipped import LIBRARY
from services.sla.replays.domain.comparison import Filter, Result

Status = Literal["unknown", "requested", "completed", "failed", "cancelled"]


@event("sla.ReplayRequested")
class ReplayRequested(Event, frozen=True, kw_only=True):
    """Tickets opened in [opened_from, opened_to) are to be judged under the draft, as known at `as_of`."""

    replay_id: str
    draft: Draft
    opened_from: datetime
    opened_to: datetime
    filter: Filter
    as_of: datetime


@event("sla.ReplayCompleted")
class ReplayCompleted(Event, frozen=True, kw_only=True):
    """The comparison."""

    replay_id: str
    result: Result


@event("sla.ReplayFailed")
class ReplayFailed(Event, frozen=True, kw_only=True):
    """Tickets cannot be judged under the draft, and why."""

    replay_id: str
    reason: str


@event("sla.ReplayCancelled")
class ReplayCancelled(Event, frozen=True, kw_only=True):
    """Nobody wants to know any more."""

    replay_id: str


@dataclass(frozen=True)
class RequestReplay:
    """Try a policy, as a document or by the name of a published version, and drafts of shared calendars by id.

    `alone` leaves out the other policies in force.
    """

    replay_id: str
    policy: Document | str | None
    calendars: Mapping[str, Document]
    alone: bool
    opened_from: datetime
    opened_to: datetime
    filter: Filter


@dataclass(frozen=True)
class CompleteReplay:
    """All tickets were compared."""

    result: Result


@dataclass(frozen=True)
class FailReplay:
    """It cannot be done."""

    reason: str


@dataclass(frozen=True)
class CancelReplay:
    """It need not be done."""


Command = RequestReplay | CompleteReplay | FailReplay | CancelReplay
ReplayEvent = ReplayRequested | ReplayCompleted | ReplayFailed | ReplayCancelled


@dataclass(frozen=True)
class Replay:
    """A replay: what was asked, and what came of it."""

    status: Status = "unknown"
    request: ReplayRequested | None = None
    result: Result | None = None
    reason: str = ""


def evolve(state: Replay, event: ReplayEvent) -> Replay:
    """The replay after one more event."""
    match event:
        case ReplayRequested():
            return Replay(status="requested", request=event)
        case ReplayCompleted():
            return replace(state, status="completed", result=event.result)
        case ReplayFailed():
            return replace(state, status="failed", reason=event.reason)
        case ReplayCancelled():
            return replace(state, status="cancelled")
        case _:
            assert_never(event)


def decide(library: Library, command: Command, state: Replay, at: datetime) -> Sequence[ReplayEvent]:
    """A request is checked against the rules that are published. What ends later than the end ends nothing."""
    if isinstance(command, RequestReplay):
        return [_requested(library, command, at)]
    if state.request is None:
        raise Refused("no-such-replay", "Nobody asked for this replay.")
    id = state.request.replay_id
    match command:
        case CancelReplay() if state.status in ("completed", "failed"):
            raise Refused("replay-ended", "The replay has ended: there is nothing left to cancel.")
        case _ if state.status != "requested":
            return []
        case CompleteReplay():
            return [ReplayCompleted(replay_id=id, result=command.result)]
        case FailReplay():
            return [ReplayFailed(replay_id=id, reason=command.reason)]
        case CancelReplay():
            return [ReplayCancelled(replay_id=id)]
        case _:
            assert_never(command)


def _requested(library: Library, command: RequestReplay, at: datetime) -> ReplayRequested:
    return ReplayRequested(
        replay_id=command.replay_id,
        draft=drafted(library, command.policy, command.calendars, command.alone, at),
        opened_from=command.opened_from,
        opened_to=command.opened_to,
        filter=command.filter,
        as_of=at,
    )


def replays_under(library: Library) -> Decider[Command, Replay, ReplayEvent]:
    """The decider of replays, with the library of rules that drafts are put into."""
    return Decider(
        name="replay",
        events=Catalogue(*get_args(ReplayEvent)),
        initial=Replay(),
        decide=partial(decide, library),
        evolve=evolve,
        status=lambda state: state.status,
    )


replays = replays_under(LIBRARY)
"""The replays, whose drafts go into the rules that are published here."""
