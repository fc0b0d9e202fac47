"""What each service says of late evidence that it has: whether verdicts may rest on it."""

from libs.events.event import AboutTicket


class EvidenceAccepted(AboutTicket, frozen=True, kw_only=True):
    """The event `event_id`, which was recorded late, counts like any other: somebody who did not record it says so."""

    event_id: str


class EvidenceRefused(AboutTicket, frozen=True, kw_only=True):
    """The event `event_id`, which was recorded late, stays out of verdicts; why is a text."""

    event_id: str
    reason_id: str
