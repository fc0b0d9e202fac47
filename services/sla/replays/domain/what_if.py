"""What if: all recorded tickets, judged once more under a draft and compared with what was. No clock is touched.

A replay is a job: its result does not depend on who carried it out or when, for it looks at what was recorded up to
`as_of`, and open clocks are judged as at that instant.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from libs.events import event
from libs.events.background.job import Cancelled, Completed, Failed, JobDecider, Requested, job_decider
from services.sla.policies.domain.draft import Document, Draft, drafted
from services.sla.policies.domain.rulebook import Library
from services.sla.policies.domain.shipped import LIBRARY
from services.sla.replays.domain.comparison import Filter
from services.sla.replays.domain.findings import Result


@event("sla.ReplayRequested")
class ReplayRequested(Requested, frozen=True, kw_only=True):
    """Tickets opened in [opened_from, opened_to) are to be judged under the draft, as known at `as_of`."""

    draft: Draft
    opened_from: datetime
    opened_to: datetime
    filter: Filter
    as_of: datetime


@event("sla.ReplayCompleted")
class ReplayCompleted(Completed, frozen=True, kw_only=True):
    """The comparison."""

    result: Result


@event("sla.ReplayFailed")
class ReplayFailed(Failed, frozen=True, kw_only=True):
    """Tickets cannot be judged under the draft, and why."""


@event("sla.ReplayCancelled")
class ReplayCancelled(Cancelled, frozen=True, kw_only=True):
    """Nobody wants to know any more."""


@dataclass(frozen=True)
class RequestReplay:
    """Try a policy, as a document or by the name of a published version, and drafts of shared calendars by id.

    `alone` leaves out the other policies in force.
    """

    id: str
    policy: Document | str | None
    calendars: Mapping[str, Document]
    alone: bool
    opened_from: datetime
    opened_to: datetime
    filter: Filter


def request(library: Library, command: RequestReplay, at: datetime) -> ReplayRequested:
    """A request is checked against the rules that are published. Raises Flawed or Refused."""
    return ReplayRequested(
        id=command.id,
        draft=drafted(library, command.policy, command.calendars, command.alone, at),
        opened_from=command.opened_from,
        opened_to=command.opened_to,
        filter=command.filter,
        as_of=at,
    )


def replays_under(library: Library) -> JobDecider[RequestReplay, ReplayRequested, ReplayCompleted]:
    """The decider of replays, with the library of rules that drafts are put into."""
    return job_decider(
        "replay", ReplayRequested, ReplayCompleted, ReplayFailed, ReplayCancelled, partial(request, library)
    )


replays = replays_under(LIBRARY)
"""The replays, whose drafts go into the rules that are published here."""
