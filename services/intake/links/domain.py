"""A customer's link (客户链接): what somebody without a login may see or answer of one ticket, and until when.

The link is known by the hash of its token: who reads the log cannot open it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, assert_never, get_args

from libs.events import Catalogue, Decider, Event, Refused, event

Purpose = Literal["progress", "appointment", "acceptance", "rating"]

USES: dict[Purpose, int] = {"progress": 0, "appointment": 1, "acceptance": 1, "rating": 1}
"""How many answers a link takes; without any it is looked at, as often as its holder likes."""
MOST_DAYS = 90


@event("intake.LinkIssued")
class LinkIssued(Event, frozen=True, kw_only=True):
    """A link was made for a customer. `token_hash` is the SHA-256 of its token, `object_id` what it answers."""

    link_id: str
    ticket_id: str
    purpose: Purpose
    token_hash: str
    expires_at: datetime
    object_id: str | None = None


@event("intake.LinkRevoked")
class LinkRevoked(Event, frozen=True, kw_only=True):
    """The link opens nothing any more."""

    link_id: str


@event("intake.LinkUsed")
class LinkUsed(Event, frozen=True, kw_only=True):
    """The customer answered by the link; `answer_id` is the answer's own, by which it may be repeated."""

    link_id: str
    answer_id: str


@dataclass(frozen=True, slots=True)
class IssueLink:
    """Make a link that lasts so many days from `asked_at`, which is when that is recorded."""

    link_id: str
    ticket_id: str
    purpose: Purpose
    token_hash: str
    days: int
    asked_at: datetime
    object_id: str | None = None


@dataclass(frozen=True, slots=True)
class RevokeLink:
    """Take the link back."""

    link_id: str


@dataclass(frozen=True, slots=True)
class UseLink:
    """Answer by the link.

    `asked_at` is when that is recorded: whoever says that it was earlier opens no link that has expired.
    """

    link_id: str
    answer_id: str
    asked_at: datetime


LinkCommand = IssueLink | RevokeLink | UseLink
LinkEvent = LinkIssued | LinkRevoked | LinkUsed


@dataclass(frozen=True, slots=True)
class Link:
    """What the next decision about a link reads."""

    issued: LinkIssued | None = None
    revoked: bool = False
    answers: frozenset[str] = frozenset()


def decide(command: LinkCommand, link: Link, at: datetime) -> Sequence[LinkEvent]:
    """The events of a command. An answer that comes again emits nothing, and so does a second revocation."""
    match command:
        case IssueLink():
            return [] if link.issued else [_issued(command)]
        case RevokeLink(link_id):
            return [] if link.revoked else [LinkRevoked(link_id=link_id)]
        case UseLink(link_id, answer_id, asked_at):
            if answer_id in link.answers and not link.revoked:
                return []
            _takes_an_answer(link, max(at, asked_at))
            return [LinkUsed(link_id=link_id, answer_id=answer_id)]
        case _:
            assert_never(command)


def _issued(command: IssueLink) -> LinkIssued:
    return LinkIssued(
        link_id=command.link_id,
        ticket_id=command.ticket_id,
        purpose=command.purpose,
        token_hash=command.token_hash,
        expires_at=command.asked_at + timedelta(days=command.days),
        object_id=command.object_id,
    )


def _takes_an_answer(link: Link, at: datetime) -> None:
    if link.issued is None or link.revoked or at >= link.issued.expires_at:
        raise Refused("link-closed", "The link is revoked or has expired.")
    if len(link.answers) >= USES[link.issued.purpose]:
        raise Refused("link-used", "The link takes no more answers.")


def evolve(link: Link, event: LinkEvent) -> Link:
    match event:
        case LinkIssued():
            return replace(link, issued=event)
        case LinkRevoked():
            return replace(link, revoked=True)
        case LinkUsed():
            return replace(link, answers=link.answers | {event.answer_id})
        case _:
            assert_never(event)


def status(link: Link) -> str:
    """One word for a command's answer; that a link has expired, its view says by the clock."""
    if link.issued is None:
        return "unknown"
    if link.revoked:
        return "revoked"
    uses = USES[link.issued.purpose]
    return "used" if uses and len(link.answers) >= uses else "open"


link: Decider[LinkCommand, Link, LinkEvent] = Decider(
    "link",
    Catalogue(*get_args(LinkEvent)),
    Link(),
    decide,
    evolve,
    status,
)
