"""Tickets (工单): from the first contact to the end, and the public status."""

from typing import Annotated, Literal, get_args

import msgspec

from libs.events.contracts import evidence
from libs.events.contracts.jobs import Cycle, JobType
from libs.events.event import AboutTicket, Evidence, Instant, event

Channel = Literal["web", "phone", "email", "fax", "letter", "chat", "walk_in"]
TicketNumber = Annotated[str, msgspec.Meta(examples=["WX20261122-0001"])]
Region = Annotated[str, msgspec.Meta(examples=["华东"])]
ContractNumber = Annotated[str, msgspec.Meta(examples=["HT-2026-0113"])]
Timezone = Annotated[str, msgspec.Meta(examples=["Asia/Shanghai"])]
Talk = Literal["consultation", "complaint", "suggestion"]
TALKS: tuple[Talk, ...] = get_args(Talk)
"""What somebody answers, and nobody has to be sent for: such a ticket has no triage."""
TicketKind = Literal[JobType, Talk]
Urgency = Literal["low", "normal", "high", "critical"]
TicketStatus = Literal[
    "open",
    "in_triage",
    "waiting_customer",
    "authorised",
    "scheduled",
    "on_site",
    "repaired",
    "rework",
    "accepted",
    "closed",
    "cancelled",
]
"""The public status of a ticket; docs/ticket-status.md has its rule."""
WaitsFor = Literal["customer", "supplier", "parts", "us"]
Team = Annotated[str, msgspec.Meta(examples=["技术支持一组"])]
Verdict = Literal["in_warranty", "latent_defect_cover", "expired", "not_covered", "unknown"]


@event("intake.TicketOpened")
class TicketOpened(Evidence, frozen=True, kw_only=True):
    """A contact on any channel became one ticket. `number` is what is said on the phone, such as WX20261122-0001.

    Where the work is to be done, as far as it was said: `region` as dispatch names it, the `contract`'s number as the
    customer has it, and the IANA `timezone` of the site. Policies may ask for them. `site_id` is a site of the
    customer's account, `follows` a ticket of the same customer that ended before.
    """

    number: TicketNumber
    customer_id: str
    channel: Channel
    kind: TicketKind
    urgency: Urgency
    summary_id: str
    requirements_id: str | None = None
    region: Region | None = None
    contract: ContractNumber | None = None
    timezone: Timezone | None = None
    site_id: str | None = None
    follows: str | None = None


@event("intake.WarrantyAssessed")
class WarrantyAssessed(Evidence, frozen=True, kw_only=True):
    """The warranty was checked; `reasons` are codes such as no_contract, or rules of the guide such as W3."""

    verdict: Verdict
    reasons: list[str]


@event("intake.WarrantyReassessed")
class WarrantyReassessed(AboutTicket, frozen=True, kw_only=True):
    """The warranty says something else of the ticket than `before`: its asset, its cause or a contract became known.

    `because_of` is the id of another service's event, or the type of intake's own. The verdict of before stays on file.
    """

    verdict: Verdict
    reasons: list[str]
    before: Verdict
    because_of: str


@event("intake.TicketAssetNamed")
class TicketAssetNamed(AboutTicket, frozen=True, kw_only=True):
    """The ticket is about this asset, and perhaps about one component of it."""

    asset_id: str
    part_id: str | None = None


@event("intake.TicketClosed")
class TicketClosed(Evidence, frozen=True, kw_only=True):
    """The ticket came to its end: accepted and called back, resolved remotely, or answered (a text).

    `cycle` is the round of work that ends with it, as in triage.WorkAuthorised.
    """

    answer_id: str | None = None
    cycle: Cycle = 1


@event("intake.TicketCancelled")
class TicketCancelled(Evidence, frozen=True, kw_only=True):
    """The ticket was withdrawn before it was done: all open work on it ends."""

    reason_id: str | None = None


@event("intake.TicketMarkedDuplicate")
class TicketMarkedDuplicate(Evidence, frozen=True, kw_only=True):
    """The ticket is about the same matter as the ticket `of`, which goes on: all open work on this one ends.

    Why, if it was said, is a text; of tickets of two customers it is.
    """

    of: str
    reason_id: str | None = None


@event("intake.TicketUnmerged")
class TicketUnmerged(Evidence, frozen=True, kw_only=True):
    """The ticket is a duplicate of the ticket `of` no more, and goes on from where it was. Why is a text."""

    of: str
    reason_id: str


@event("intake.TicketReopened")
class TicketReopened(Evidence, frozen=True, kw_only=True):
    """The ticket was closed, and goes on with a new round of work under its number. Why is a text.

    Triage looks at its case again, and may authorise work once more.
    """

    reason_id: str


class Amended(msgspec.Struct, frozen=True, kw_only=True):
    """What a ticket said before it was amended, of the fields that are others now; the summary is a text."""

    kind: TicketKind | None = None
    urgency: Urgency | None = None
    region: Region | None = None
    contract: ContractNumber | None = None
    summary_id: str | None = None


@event("intake.TicketAmended")
class TicketAmended(Evidence, frozen=True, kw_only=True):
    """What the ticket says was put right. Why is a text; `before` has what the fields said that are others now.

    A field that is null is as it was. A question that became a fault has another `kind`: triage begins. `site_id` is
    the customer's site that the ticket names, now as before.
    """

    customer_id: str
    site_id: str | None = None
    reason_id: str
    before: Amended
    kind: TicketKind | None = None
    urgency: Urgency | None = None
    region: Region | None = None
    contract: ContractNumber | None = None
    summary_id: str | None = None


@event("intake.TicketOwnerChanged")
class TicketOwnerChanged(Evidence, frozen=True, kw_only=True):
    """The ticket has another owner: the one person whom the customer deals with. `owner_id` is their pseudonym.

    Without one it is nobody's, and whoever claims it next becomes its owner.
    """

    owner_id: str | None


@event("intake.TicketTeamChanged")
class TicketTeamChanged(Evidence, frozen=True, kw_only=True):
    """The ticket is another team's, by its name. Without one it is no particular team's. Its owner stays."""

    team: Team | None


@event("intake.TicketWaitChanged")
class TicketWaitChanged(Evidence, frozen=True, kw_only=True):
    """Whom the ticket waits for was said: why is a text, and at `look_again_at` somebody looks at it again.

    Without `waits_for` it waits for nobody any more; the end of a ticket ends its wait, too. It pauses no clock:
    what a clock stands still for is said by those who work.
    """

    waits_for: WaitsFor | None
    reason_id: str | None = None
    look_again_at: Instant | None = None


@event("intake.TicketStatusChanged")
class TicketStatusChanged(AboutTicket, frozen=True, kw_only=True):
    """The public status became another one; a ticket that was opened and not yet changed is `open`.

    `because_of` is the id of the other service's event that changed it, or the type of intake's own event, such as
    intake.TicketClosed, that ended the ticket and stands just before. News of several services come in no order, so a
    status may be passed on the way that was over already; the last one holds.
    """

    status: TicketStatus
    because_of: str


@event("intake.EvidenceAccepted")
class EvidenceAccepted(evidence.EvidenceAccepted, frozen=True, kw_only=True):
    """Late evidence of intake counts in verdicts from now on, as if it had come in time."""


@event("intake.EvidenceRefused")
class EvidenceRefused(evidence.EvidenceRefused, frozen=True, kw_only=True):
    """Late evidence of intake stays out of verdicts."""
