"""The rules: every policy and shared calendar with its draft, and every version of it that was published."""

from datetime import datetime
from typing import Annotated, Any, Literal, assert_never

import msgspec
import sqlalchemy as sa
from msgspec.structs import replace

from libs.events import AnyRecorded
from libs.events.contracts.sla.rules import RulePublished
from libs.events.table import Note, table
from libs.events.view import View
from services.sla.publishing.domain.rule import Approved, Drafted, ReassessmentOrdered, Retired, RuleEvent, Stage
from services.sla.publishing.domain.rules import KINDS
from services.sla.tables import metadata

KindName = Literal["policy", "calendar"]


class RuleRow(msgspec.Struct, frozen=True, kw_only=True):
    """A rule as it stands: a draft may wait while an earlier version is in force."""

    id: Annotated[str, Note("kind/id")]
    kind: KindName
    rule: Annotated[str, Note("the id within its kind")]
    state: Stage = "published"
    title: Annotated[
        dict[str, str] | None, Note("of the draft, or of what was published last; null: of what ships")
    ] = None
    number: Annotated[int, Note("published last; 0: none since what ships")] = 0
    retired: bool = False
    draft: dict[str, Any] | None = None
    drafted_by: str | None = None
    drafted_at: datetime | None = None
    approved_by: str | None = None
    approved_at: datetime | None = None
    published_by: str | None = None
    published_at: datetime | None = None
    retired_by: str | None = None
    retired_at: datetime | None = None
    version: Annotated[int, Note("of the stream")] = 0
    opened_at: datetime


rule_table = table("rule", RuleRow, metadata)
sa.Index("rule_kind", rule_table.c.kind, rule_table.c.opened_at.desc(), rule_table.c.id.desc())


class RuleVersionRow(msgspec.Struct, frozen=True, kw_only=True):
    """A published version: it never changes."""

    id: Annotated[str, Note("kind/id/number")]
    kind: KindName
    rule: str
    number: int
    name: Annotated[str, Note("id/number, as clocks name it")]
    document: dict[str, Any]
    published_by: str
    published_at: datetime


rule_version_table = table("rule_version", RuleVersionRow, metadata)
sa.Index("rule_version_rule", rule_version_table.c.kind, rule_version_table.c.rule, rule_version_table.c.number)


def _kind(recorded: AnyRecorded) -> KindName | None:
    return next((kind.name for kind in KINDS if recorded.stream.startswith(f"{kind.name}-")), None)


def rule_key(recorded: AnyRecorded) -> str | None:
    """The rule that an event is about."""
    kind = _kind(recorded)
    return f"{kind}/{recorded.event.id}" if kind else None


def rule_apply(row: RuleRow | None, recorded: AnyRecorded) -> RuleRow | None:
    """The rule after one more event of its stream."""
    kind, event = _kind(recorded), recorded.event
    if kind is None:
        return row
    if row is None:
        row = RuleRow(id=f"{kind}/{event.id}", kind=kind, rule=event.id, opened_at=recorded.occurred_at)
    return replace(row, version=recorded.version, **_changes(row, event, recorded.occurred_at))


def _changes(row: RuleRow, event: RuleEvent, at: datetime) -> dict[str, Any]:
    match event:
        case Drafted():
            return {
                "state": "draft",
                "title": event.document["title"],
                "draft": event.document,
                "drafted_by": event.by,
                "drafted_at": at,
                "approved_by": None,
                "approved_at": None,
            }
        case Approved():
            return {"state": "approved", "approved_by": event.by, "approved_at": at}
        case RulePublished():
            return {
                "state": "published",
                "number": event.number,
                "retired": False,
                "draft": None,
                "published_by": event.by,
                "published_at": at,
                "retired_by": None,
                "retired_at": None,
            }
        case Retired():
            state = "retired" if row.draft is None else row.state
            return {"state": state, "retired": True, "retired_by": event.by, "retired_at": at}
        case ReassessmentOrdered():
            return {}
        case _:
            assert_never(event)


def rule_version_key(recorded: AnyRecorded) -> str | None:
    """The version that an event published."""
    event = recorded.event
    return f"{_kind(recorded)}/{event.known_as}" if isinstance(event, RulePublished) else None


def rule_version_apply(row: RuleVersionRow | None, recorded: AnyRecorded) -> RuleVersionRow | None:
    """The version as it was published."""
    kind, event = _kind(recorded), recorded.event
    if kind is None or not isinstance(event, RulePublished):
        return row
    return RuleVersionRow(
        id=f"{kind}/{event.known_as}",
        kind=kind,
        rule=event.id,
        number=event.number,
        name=event.known_as,
        document=event.document,
        published_by=event.by,
        published_at=recorded.occurred_at,
    )


rule_view = View(rule_table, RuleRow, rule_key, rule_apply)
rule_version_view = View(rule_version_table, RuleVersionRow, rule_version_key, rule_version_apply)

RULES = sa.select(*(rule_table.c[name] for name in ("kind", "rule", "number", "retired", "published_at")))
"""What stands of every rule, whether in force or not: asked before every decision, so no more than that."""


def rule_list(kind: KindName) -> sa.Select[Any]:
    """The rules of a kind, without their drafts."""
    return sa.select(*(column for column in rule_table.c if column.name != "draft")).where(rule_table.c.kind == kind)


def one_rule(kind: KindName, rule: str) -> sa.Select[Any]:
    """The rule of this id, with its draft."""
    return sa.select(rule_table).where(rule_table.c.id == f"{kind}/{rule}")


def versions_of(kind: KindName, rule: str) -> sa.Select[Any]:
    """The published versions of a rule with their documents, oldest first."""
    of_rule = (rule_version_table.c.kind == kind) & (rule_version_table.c.rule == rule)
    return sa.select(rule_version_table).where(of_rule).order_by(rule_version_table.c.number)
