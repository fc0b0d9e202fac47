"""Rules (时限政策, 日历) in the versions that were published."""

from typing import Any

from libs.events.event import Published, event


class RulePublished(Published, frozen=True, kw_only=True):
    """A policy or a calendar in one version, from now on in force. `known_as` is what clocks call it, such as `demo/2`.

    `document` is all of it; what it says never changes. `by` is who published it.
    """

    id: str
    number: int
    known_as: str
    document: dict[str, Any]
    by: str


@event("sla.PolicyPublished")
class PolicyPublished(RulePublished, frozen=True, kw_only=True):
    """A policy is in force in this version: new tickets get its clocks. Earlier tickets keep the rules that they had.

    `known_as` is what clocks call it, such as `demo/2`, and its content never changes; `by` is who published it.
    """


@event("sla.CalendarPublished")
class CalendarPublished(RulePublished, frozen=True, kw_only=True):
    """A calendar that policies share is in force in this version; earlier tickets keep the one that they had.

    `known_as` is what clocks call it, such as `cn-office/2`, and its content never changes; `by` is who published it.
    """
