"""Callbacks (回访): when, and what the customer said."""

from typing import Annotated, Literal

import msgspec

from libs.events.contracts import evidence
from libs.events.event import Evidence, Instant, event

CallOutcome = Literal["reached", "no_answer", "wrong_number", "refused", "later"]
Outcome = Literal["reached", "no_answer", "wrong_number", "refused", "later", "by_link"]
"""What a callback comes to: what a call does, or a score that the customer gave by a link, without a call."""
Score = Annotated[int, msgspec.Meta(ge=1, le=5)]


class AboutCallback(Evidence, frozen=True, kw_only=True):
    """An event of one callback."""

    callback_id: str


@event("survey.CallbackScheduled")
class CallbackScheduled(AboutCallback, frozen=True, kw_only=True):
    """The customer of an accepted repair is to be called."""

    customer_id: str
    work_order_id: str


@event("survey.CallbackAttempted")
class CallbackAttempted(AboutCallback, frozen=True, kw_only=True):
    """Somebody called; `attempt` counts from 1. What the caller noted is a text of survey.

    `again_at` is when the customer is to be called again, if that was agreed.
    """

    attempt: int
    outcome: CallOutcome
    comment_id: str | None = None
    again_at: Instant | None = None


@event("survey.CallbackCompleted")
class CallbackCompleted(AboutCallback, frozen=True, kw_only=True):
    """The customer was reached, refused, or answered by a link.

    `score` is 1 to 5 (5 best); words are a text of survey.
    """

    outcome: Outcome
    score: Score | None = None
    comment_id: str | None = None


@event("survey.EvidenceAccepted")
class EvidenceAccepted(evidence.EvidenceAccepted, frozen=True, kw_only=True):
    """Late evidence of survey counts in verdicts from now on, as if it had come in time."""


@event("survey.EvidenceRefused")
class EvidenceRefused(evidence.EvidenceRefused, frozen=True, kw_only=True):
    """Late evidence of survey stays out of verdicts."""
