"""The department's snippets (常用语): one stream has them all, and its history says who changed what.

They are rules of speech, as a policy's titles are, and no person's words: the events hold them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, assert_never, get_args
from uuid import NAMESPACE_URL, uuid5

import msgspec

from libs.events import Catalogue, Decider, Event, Refused, event
from libs.events.contracts.intake.tickets import TicketKind

SnippetUse = Literal["summary", "requirements", "note"]
DEPARTMENT = str(uuid5(NAMESPACE_URL, "urn:aftercare:department:snippets"))
"""The id of its one list."""
MOST = 200


class Snippet(msgspec.Struct, frozen=True, kw_only=True):
    """One of them, in Chinese, English or both. `use`: for this field alone, `kind`: for this type of job alone."""

    id: str
    title: str
    chinese: str | None = None
    english: str | None = None
    use: SnippetUse | None = None
    kind: TicketKind | None = None


@event("intake.SnippetKept")
class SnippetKept(Event, frozen=True, kw_only=True):
    """The department has a snippet, or what is other about it now."""

    snippet: Snippet


@event("intake.SnippetRemoved")
class SnippetRemoved(Event, frozen=True, kw_only=True):
    """It is offered no more."""

    snippet_id: str
    title: str


@dataclass(frozen=True, slots=True)
class KeepSnippet:
    """Offer a snippet; `known`: in the place of the one of its id."""

    snippet: Snippet
    known: bool = False


@dataclass(frozen=True, slots=True)
class RemoveSnippet:
    snippet_id: str


SnippetCommand = KeepSnippet | RemoveSnippet
SnippetEvent = SnippetKept | SnippetRemoved


@dataclass(frozen=True, slots=True)
class Offered:
    """All that are offered, in the order in which they were kept first."""

    snippets: tuple[Snippet, ...] = ()

    def of(self, id: str) -> Snippet | None:
        return next((each for each in self.snippets if each.id == id), None)


def decide(command: SnippetCommand, offered: Offered, at: datetime) -> Sequence[SnippetEvent]:
    """The events of a command; nothing where it changes nothing."""
    match command:
        case KeepSnippet(snippet, known):
            _check(snippet, offered, known)
            return [] if offered.of(snippet.id) == snippet else [SnippetKept(snippet=snippet)]
        case RemoveSnippet(id):
            found = offered.of(id)
            return [SnippetRemoved(snippet_id=id, title=found.title)] if found else []
        case _:
            assert_never(command)


def _check(snippet: Snippet, offered: Offered, known: bool) -> None:
    """Raises Refused for one that cannot be kept."""
    if known and offered.of(snippet.id) is None:
        raise Refused("unknown-snippet", "There is no snippet of this id.")
    if not known and len(offered.snippets) >= MOST:
        raise Refused("too-many-snippets", f"There are {MOST} snippets: remove one first.")
    if any(each.title == snippet.title and each.id != snippet.id for each in offered.snippets):
        raise Refused("title-taken", "Another snippet has this title.")


def evolve(offered: Offered, event: SnippetEvent) -> Offered:
    match event:
        case SnippetKept(snippet=kept):
            if offered.of(kept.id) is None:
                return replace(offered, snippets=(*offered.snippets, kept))
            return replace(offered, snippets=tuple(kept if each.id == kept.id else each for each in offered.snippets))
        case SnippetRemoved(snippet_id=id):
            return replace(offered, snippets=tuple(each for each in offered.snippets if each.id != id))
        case _:
            assert_never(event)


def status(offered: Offered) -> str:
    """One word for a command's answer."""
    return "offered"


snippets: Decider[SnippetCommand, Offered, SnippetEvent] = Decider(
    "snippets", Catalogue(*get_args(SnippetEvent)), Offered(), decide, evolve, status
)
