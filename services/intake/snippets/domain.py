"""The department's snippets (常用语): a small list, whose history says who changed what.

They are rules of speech, as a policy's titles are, and no person's words: the events hold them.
"""

from collections.abc import Sequence
from typing import Literal, get_args

import msgspec

from libs.events import Catalogue, Event, Refused, event
from libs.events.contracts.intake.tickets import TicketKind
from libs.events.kept_list import Bounds, KeptDecider, KeptList, Refusal, of_department

SnippetUse = Literal["summary", "requirements", "note"]
DEPARTMENT = of_department("snippets")
"""The id of its one list."""
MOST = 200
BOUNDS = Bounds(
    MOST,
    Refusal("too-many-snippets", f"There are {MOST} snippets: remove one first."),
    Refusal("unknown-snippet", "There is no snippet of this id."),
)


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


SnippetEvent = SnippetKept | SnippetRemoved


def kept(snippet: Snippet) -> SnippetKept:
    return SnippetKept(snippet=snippet)


def removed(snippet: Snippet) -> SnippetRemoved:
    return SnippetRemoved(snippet_id=snippet.id, title=snippet.title)


def change(event: SnippetEvent) -> Snippet | str:
    return event.snippet if isinstance(event, SnippetKept) else event.snippet_id


def check(snippet: Snippet, others: Sequence[Snippet]) -> None:
    """Raises Refused for a title that another one has."""
    if any(each.title == snippet.title for each in others):
        raise Refused("title-taken", "Another snippet has this title.")


snippets: KeptDecider[Snippet] = KeptList(BOUNDS, kept, removed, change, check).decider(
    "snippets", Catalogue(*get_args(SnippetEvent)), "offered"
)
