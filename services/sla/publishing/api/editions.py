"""What the HTTP of policies and of shared calendars has in common: forms, answers, and the commands behind them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
from fastapi import Path
from pydantic import BaseModel, Field

from libs.chassis.filters import several
from libs.chassis.http import (
    UUID,
    CommandAnswer,
    CommandBody,
    Commands,
    FieldError,
    Problem,
    Reads,
    Response,
    allow,
    missing,
    new_id,
)
from libs.chassis.http.refusals import MOST_ERRORS
from libs.chassis.paging import Place
from libs.events import Decider, Refused
from services.sla.policies.domain.policy import Flawed
from services.sla.publishing.domain.edition import (
    Approve,
    Create,
    Draft,
    Edition,
    EditionCommand,
    EditionEvent,
    OrderReassessment,
    Publish,
    Retire,
    Stage,
)
from services.sla.publishing.domain.editions import UNKNOWN, Kind
from services.sla.publishing.view.reassessments import ReassessmentRow, open_count, reassessment_table
from services.sla.publishing.view.rules import editions_of, one_rule, rule_list

AUTHORS = allow("manager", "director")
DIRECTORS = allow("director")

ID = "^[a-z][a-z0-9-]{0,39}$"
States = Annotated[list[Stage], several("状态 / Status")]
Number = Annotated[int, Path(ge=1, le=2_147_483_647, description="版本号 / Number of the version", examples=[1])]
Document = dict[str, Any]

SHIPPED_AT = datetime(1970, 1, 1, tzinfo=UTC)
"""Where what ships stands in the lists: behind all that anybody ever wrote."""


class Step(CommandBody):
    """下一步 / A step in a rule's life."""


class Reassessment(CommandBody):
    """重新计算 / Which open tickets to work out again; without filters all of them."""

    ticket_ids: Annotated[list[UUID], Field(min_length=1, max_length=500)] | None = Field(
        None, description="工单编号 / Only these tickets"
    )
    metric: Annotated[str, Field(max_length=40, pattern="^[a-z][a-z0-9_]*$")] | None = Field(
        None, description="指标 / Only tickets with an open clock of this metric", examples=["on_site"]
    )


class RuleAnswer(CommandAnswer):
    """A step was taken."""

    id: str = Field(pattern=ID, description="编号 / Id", examples=["demo"])  # type: ignore[assignment]  # a name
    status: Stage = Field(description="状态 / Status: draft, approved, published or retired")


class OrderAnswer(RuleAnswer):
    """Open tickets are being worked out again."""

    reassessment_id: UUID = Field(description="重新计算单号 / Where its progress stands")
    tickets: int = Field(ge=0, description="工单数 / Tickets with an open clock that fit")


class RuleItem(BaseModel):
    """规则 / A rule as it stands; a draft may wait while an earlier version is in force."""

    id: str = Field(pattern=ID, description="编号 / Id", examples=["demo"])
    status: Stage = Field(description="状态 / Status of the draft, or else whether a version is in force")
    title: dict[str, str] = Field(description="名称 / Title by language, of the draft if there is one")
    in_force: str | None = Field(description="现行版本 / The version that new tickets get", examples=["demo/1"])
    drafted_by: str | None = Field(description="起草人 / Who wrote the draft")
    drafted_at: datetime | None
    approved_by: str | None = Field(description="审批人 / Who approved it")
    approved_at: datetime | None
    published_by: str | None = Field(description="发布人 / Who published the last version; null: it ships")
    published_at: datetime | None
    retired_by: str | None = Field(description="停用人 / Who took it out of force")
    retired_at: datetime | None


class VersionItem(BaseModel):
    """已发布版本 / A published version: its content never changes."""

    name: str = Field(description="名称与版本 / Id and version, as clocks name it", examples=["demo/1"])
    edition: int = Field(ge=1, description="版本号 / Number of the version")
    published_by: str | None = Field(description="发布人 / Who published it; null: it ships")
    published_at: datetime | None


class RuleSheet(RuleItem):
    """规则详情 / A rule with its draft, what is in force, and all its versions."""

    draft: Document | None = Field(description="草稿 / The draft")
    document: Document | None = Field(description="现行内容 / What is in force")
    versions: list[VersionItem] = Field(description="版本 / All versions, the oldest first")
    version: int = Field(ge=0, description="记录版本 / Of the rule's history, for If-Match; 0: as it ships")


class VersionSheet(VersionItem):
    """已发布版本 / A published version with its content."""

    document: Document = Field(description="内容 / The policy or the calendar")


Rules = Decider[EditionCommand, Edition, EditionEvent]


async def listed(kind: Kind, reads: Reads, states: Sequence[Stage], limit: int, cursor: str | None) -> dict[str, Any]:
    """One page of a kind's rules, newest first. An organisation has dozens: they are merged with what ships here."""
    stored = {row["rule"]: row for row in await reads.rows(rule_list(kind.name))}
    rows = [*stored.values(), *(_shipped(kind, id) for id in kind.shipped if id not in stored)]
    rows = sorted((row for row in rows if not states or row["state"] in states), key=_place, reverse=True)
    place = reads.place(cursor)
    rows = [row for row in rows if place is None or _place(row) < place]
    page = reads.paged(rows, limit, _place)
    return page | {"items": [_item(kind, row) for row in page["items"]]}


async def one(kind: Kind, id: str, reads: Reads) -> Response:
    """A rule with its draft and its versions, or a 404 problem."""
    row = await _row(kind, id, reads)
    editions = await _editions(kind, id, reads)
    item = _item(kind, row)
    in_force = next((edition["document"] for edition in editions if edition["name"] == item["in_force"]), None)
    sheet = {"draft": row["draft"], "document": in_force, "versions": editions, "version": row["version"]}
    for edition in editions:
        del edition["document"]
    return reads.answer(item | sheet, version=row["version"])


async def one_version(kind: Kind, id: str, number: int, reads: Reads) -> dict[str, Any]:
    """A published version with its document, or a 404 problem."""
    for edition in await _editions(kind, id, reads):
        if edition["edition"] == number:
            return edition
    raise missing("version")


async def create(kind: Kind, rules: Rules, document: Document, body: CommandBody, commands: Commands) -> Response:
    """A new rule, with its first draft."""
    with_id = _read(kind, document)
    command = Create(with_id, document, commands.principal.subject)
    return await _run(kind, rules, command, body, commands, 201)


async def draft(
    kind: Kind, rules: Rules, id: str, document: Document, body: CommandBody, commands: Commands
) -> Response:
    """The draft of a rule's next version."""
    return await _run(kind, rules, Draft(id, document, commands.principal.subject), body, commands)


async def step(
    kind: Kind, rules: Rules, id: str, what: type[Approve | Publish | Retire], body: CommandBody, commands: Commands
) -> Response:
    """A step in a rule's life."""
    return await _run(kind, rules, what(id, commands.principal.subject), body, commands)


async def reassess(kind: Kind, rules: Rules, id: str, body: Reassessment, commands: Commands, reads: Reads) -> Response:
    """An order to work open tickets out again: recorded with the rule, carried out in the background."""
    ticket_ids = sorted({str(ticket_id) for ticket_id in body.ticket_ids}) if body.ticket_ids else None
    count = await reads.one(open_count(body.metric, ticket_ids))
    order = ReassessmentRow(
        id=new_id(),
        kind=kind.name,
        rule=id,
        ordered_by=commands.principal.subject,
        metric=body.metric,
        ticket_ids=ticket_ids,
        tickets=count["tickets"],
        opened_at=count["now"],
    )
    command = OrderReassessment(id, order.id, order.ordered_by, body.metric, ticket_ids)
    return await _run(kind, rules, command, body, commands, 202, order)


async def _run(
    kind: Kind,
    rules: Rules,
    command: EditionCommand,
    body: CommandBody,
    commands: Commands,
    status: int = 200,
    order: ReassessmentRow | None = None,
) -> Response:
    """A rule that ships has no history at first, so it is the decider who knows whether there is one."""
    try:
        response = await commands.run(
            rules.on(command.id, command),
            body,
            creates=True,
            rows=[(reassessment_table, msgspec.structs.asdict(order))] if order else (),
            extra={"reassessment_id": order.id, "tickets": order.tickets} if order else None,
        )
    except Flawed as flawed:
        raise _problem(flawed) from None
    except Refused as refused:
        if refused.code == UNKNOWN:
            raise missing(kind.name) from None
        raise
    response.status_code = status
    return response


def _read(kind: Kind, document: Document) -> str:
    try:
        return kind.rule(document).id
    except Flawed as flawed:
        raise _problem(flawed) from None


def _problem(flawed: Flawed) -> Problem:
    errors = [FieldError(f"body.document.{place}", reason) for place, reason in flawed.flaws[:MOST_ERRORS]]
    return Problem(422, "cannot-work", "The document cannot work.", errors)


async def _row(kind: Kind, id: str, reads: Reads) -> dict[str, Any]:
    rows = await reads.rows(one_rule(kind.name, id))
    if not rows and id not in kind.shipped:
        raise missing(kind.name)
    return rows[0] if rows else _shipped(kind, id)


def _shipped(kind: Kind, id: str) -> dict[str, Any]:
    """The row of what ships, as long as nobody touched it."""
    told = dict.fromkeys(
        f"{step}_{what}" for step in ("drafted", "approved", "published", "retired") for what in ("by", "at")
    )
    own = {"id": f"{kind.name}/{id}", "rule": id, "state": "published", "title": None, "edition": 0, "retired": False}
    return {**told, **own, "draft": None, "version": 0, "opened_at": SHIPPED_AT}


def _item(kind: Kind, row: Mapping[str, Any]) -> dict[str, Any]:
    """A rule's row as it is shown."""
    id, edition = row["rule"], row["edition"] or kind.shipped_version(row["rule"])
    shown = {name: row[name] for name in RuleItem.model_fields if name in row}
    title = row["title"] or kind.shipped[id].title
    in_force = f"{id}/{edition}" if edition and not row["retired"] else None
    return shown | {"id": id, "status": row["state"], "title": title, "in_force": in_force}


async def _editions(kind: Kind, id: str, reads: Reads) -> list[dict[str, Any]]:
    shipped = [kind.shipped[id]] if id in kind.shipped else []
    first = [
        {
            "name": rule.name,
            "edition": rule.version,
            "published_by": None,
            "published_at": None,
            "document": msgspec.to_builtins(rule, str_keys=True),
        }
        for rule in shipped
    ]
    stored = await reads.rows(editions_of(kind.name, id))
    return first + [{name: row[name] for name in VersionSheet.model_fields} for row in stored]


def _place(row: Mapping[str, Any]) -> Place:
    return Place(row["opened_at"], row["id"])
