"""What the HTTP of policies and of shared calendars has in common: forms, answers, and the commands behind them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, TypeAlias

import msgspec
from fastapi import Path
from pydantic import BaseModel, Field

from libs.chassis.http import (
    UUID,
    CommandBody,
    Commands,
    FieldError,
    Problem,
    Reads,
    Response,
    Router,
    allow,
    missing,
    new_id,
)
from libs.chassis.http.refusals import MOST_ERRORS
from libs.chassis.http.routers.publishing import (
    ID,
    DocumentBody,
    Documents,
    PublishedAnswer,
    Step,
    StepName,
    publishing_router,
)
from libs.chassis.links import links
from libs.chassis.lists.paging import Place
from libs.events import Addressed, Decider, Refused, Story
from libs.events.log.unit import Work
from services.sla.policies.api.words import unreadable
from services.sla.policies.domain.policy import Flawed
from services.sla.publishing.domain.reassessment import reassessments
from services.sla.publishing.domain.rule import (
    Approve,
    Create,
    Draft,
    OrderReassessment,
    Publish,
    Retire,
    RuleCommand,
    RuleEvent,
    RuleState,
    Stage,
)
from services.sla.publishing.domain.rules import UNKNOWN, Kind, requested
from services.sla.publishing.view.reassessments import open_count
from services.sla.publishing.view.rules import one_rule, rule_list, versions_of

AUTHORS = allow("manager", "director")
DIRECTORS = allow("director")

Document = dict[str, Any]

SHIPPED_AT = datetime(1970, 1, 1, tzinfo=UTC)
"""Where what ships stands in the lists: behind all that anybody ever wrote."""


class Reassessment(CommandBody):
    """重新计算 / Which open tickets to work out again; without filters all of them."""

    ticket_ids: Annotated[list[UUID], Field(min_length=1, max_length=500)] | None = Field(
        None, description="工单编号 / Only these tickets"
    )
    metric: Annotated[str, Field(max_length=40, pattern="^[a-z][a-z0-9_]*$")] | None = Field(
        None, description="指标 / Only tickets with an open clock of this metric", examples=["on_site"]
    )


class OrderAnswer(PublishedAnswer):
    """Open tickets are being worked out again."""

    reassessment_id: UUID = Field(description="重新计算单号 / Where its progress stands")
    tickets: int = Field(ge=0, description="工单数 / Tickets with an open clock that fit")


class RuleItem(BaseModel):
    """规则 / A rule as it stands; a draft may wait while an earlier version is in force."""

    id: str = Field(pattern=ID, description="编号 / Id", examples=["demo"])
    status: Stage = Field(description="状态 / Status of the draft, or else whether a version is in force")
    title: dict[str, str] = Field(
        description="名称 / Title by language, of the draft if there is one",
        examples=[{"zh-CN": "标准", "en": "Standard"}],
    )
    in_force: str | None = Field(description="现行版本 / The version that new tickets get", examples=["demo/1"])
    drafted_by: str | None = Field(
        description="起草人 / Who wrote the draft", examples=["01955c1e-7b00-8000-8000-000000000002"]
    )
    drafted_at: datetime | None
    approved_by: str | None = Field(
        description="审批人 / Who approved it", examples=["01955c1e-7b00-8000-8000-000000000002"]
    )
    approved_at: datetime | None
    published_by: str | None = Field(
        description="发布人 / Who published the last version; null: it ships",
        examples=["01955c1e-7b00-8000-8000-000000000002"],
    )
    published_at: datetime | None
    retired_by: str | None = Field(
        description="停用人 / Who took it out of force", examples=["01955c1e-7b00-8000-8000-000000000002"]
    )
    retired_at: datetime | None


class VersionItem(BaseModel):
    """已发布版本 / A published version: its content never changes."""

    name: str = Field(description="名称与版本 / Id and version, as clocks name it", examples=["demo/1"])
    number: int = Field(ge=1, description="版本号 / Number of the version")
    published_by: str | None = Field(
        description="发布人 / Who published it; null: it ships", examples=["01955c1e-7b00-8000-8000-000000000002"]
    )
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


RuleDecider = Decider[RuleCommand, RuleState, RuleEvent]


STEPS: Mapping[StepName, type[Approve | Publish | Retire]] = {"approve": Approve, "publish": Publish, "retire": Retire}


class PublishedRules:
    """Policies, or shared calendars, as their routes read and change them."""

    def __init__(self, kind: Kind, rules: RuleDecider) -> None:
        self.kind, self.rules = kind, rules

    def stream(self, id: str) -> str:
        """The stream of a rule's life."""
        return self.rules.stream(id)

    async def listed(self, reads: Reads, statuses: Sequence[Stage], limit: int, cursor: str | None) -> dict[str, Any]:
        """One page of the rules, newest first. An organisation has dozens: they are merged with what ships here."""
        stored = {row["rule"]: row for row in await reads.rows(rule_list(self.kind.name))}
        rows = [*stored.values(), *(_shipped(self.kind, id) for id in self.kind.shipped if id not in stored)]
        rows = sorted((row for row in rows if not statuses or row["state"] in statuses), key=_place, reverse=True)
        place = reads.place(cursor)
        rows = [row for row in rows if place is None or _place(row) < place]
        page = reads.paged(rows, limit, _place)
        return page | {"items": [_item(self.kind, row) for row in page["items"]]}

    async def one(self, id: str, reads: Reads) -> Response:
        """A rule with its draft and its versions. Raises a 404 problem."""
        row = await _row(self.kind, id, reads)
        versions = await _versions(self.kind, id, reads)
        item = _item(self.kind, row)
        in_force = next((version["document"] for version in versions if version["name"] == item["in_force"]), None)
        details = {"draft": row["draft"], "document": in_force, "versions": versions, "version": row["version"]}
        for version in versions:
            del version["document"]
        return reads.answer(item | details, version=row["version"])

    async def one_version(self, id: str, number: int, reads: Reads) -> dict[str, Any]:
        """A published version with its document. Raises a 404 problem."""
        for version in await _versions(self.kind, id, reads):
            if version["number"] == number:
                return version
        raise missing("version")

    async def create(self, body: DocumentBody, commands: Commands) -> Response:
        """A new rule, with its first draft."""
        command = Create(_read(self.kind, body.document), body.document, commands.principal.actor_id)
        return await self._run(self._on(command), body, commands, 201)

    async def draft(self, id: str, body: DocumentBody, commands: Commands) -> Response:
        """The draft of a rule's next version."""
        _read(self.kind, body.document)
        command = Draft(id, body.document, commands.principal.actor_id)
        return await self._run(self._on(command), body, commands)

    async def step(self, id: str, step: StepName, body: Step, commands: Commands) -> Response:
        """A step in a rule's life."""
        return await self._run(self._on(STEPS[step](id, commands.principal.actor_id)), body, commands)

    async def reassess(self, id: str, body: Reassessment, commands: Commands, reads: Reads) -> Response:
        """An order to work open tickets out again: recorded with the rule, carried out in the background."""
        ticket_ids = sorted({str(ticket_id) for ticket_id in body.ticket_ids}) if body.ticket_ids else None
        count = await reads.one(open_count(body.metric, ticket_ids))
        order = OrderReassessment(id, new_id(), commands.principal.actor_id, body.metric, ticket_ids)
        told = {"reassessment_id": order.order_id, "tickets": count["tickets"]}
        return await self._run(lambda: self._ordered(order), body, commands, 202, told)

    async def _run(
        self,
        work: Work,
        body: CommandBody,
        commands: Commands,
        status: int = 200,
        told: Mapping[str, Any] | None = None,
    ) -> Response:
        """A rule that ships has no history at first, so it is the decider who knows whether there is one."""
        try:
            response = await commands.run(work, body, creates=True, extra=told)
        except Flawed as flawed:
            raise _problem(flawed) from None
        except Refused as refused:
            if refused.code == UNKNOWN:
                raise missing(self.kind.name) from None
            raise
        response.status_code = status
        return response

    def _on(self, command: RuleCommand) -> Addressed:
        return self.rules.on(command.id, command)

    def _ordered(self, order: OrderReassessment) -> Story:
        yield self._on(order)
        yield reassessments.create(order.order_id, requested(self.kind, order))


def rule_router(kind: Documents, rules: PublishedRules) -> Router:
    """The routes of a kind's publishing, and the order to work open tickets out again by it."""
    router = publishing_router(kind, rules)
    Id: TypeAlias = Annotated[str, Path(alias=f"{kind.name}_id", pattern=ID, examples=["demo"])]

    @router.post(
        f"/{{{kind.name}_id}}/reassessment",
        status_code=202,
        operation_id=f"reassess_{kind.name}",
        dependencies=[AUTHORS],
        response_model=OrderAnswer,
        responses=links(202, "get_reassessment", id="reassessment_id"),
    )
    async def reassess(id: Id, body: Reassessment, commands: Commands, reads: Reads) -> Response:
        """重新计算 / Work open tickets out again by all rules in force, from their original start. Met clocks stay."""
        return await rules.reassess(id, body, commands, reads)

    return router


def _read(kind: Kind, document: Document) -> str:
    """The id of the rule that a document is. Raises a 422 problem for one that cannot work, or be read by people."""
    try:
        id = kind.rule(document).id
        if flaws := unreadable(document):
            raise Flawed(flaws)
    except Flawed as flawed:
        raise _problem(flawed) from None
    return id


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
    own = {"id": f"{kind.name}/{id}", "rule": id, "state": "published", "title": None, "number": 0, "retired": False}
    return {**told, **own, "draft": None, "version": 0, "opened_at": SHIPPED_AT}


def _item(kind: Kind, row: Mapping[str, Any]) -> dict[str, Any]:
    """A rule's row as it is shown."""
    id, version = row["rule"], row["number"] or kind.shipped_version(row["rule"])
    shown = {name: row[name] for name in RuleItem.model_fields if name in row}
    title = row["title"] or kind.shipped[id].title
    in_force = f"{id}/{version}" if version and not row["retired"] else None
    return shown | {"id": id, "status": row["state"], "title": title, "in_force": in_force}


async def _versions(kind: Kind, id: str, reads: Reads) -> list[dict[str, Any]]:
    shipped = [kind.shipped[id]] if id in kind.shipped else []
    first = [
        {
            "name": rule.name,
            "number": rule.version,
            "published_by": None,
            "published_at": None,
            "document": msgspec.to_builtins(rule, str_keys=True),
        }
        for rule in shipped
    ]
    stored = await reads.rows(versions_of(kind.name, id))
    return first + [{name: row[name] for name in VersionSheet.model_fields} for row in stored]


def _place(row: Mapping[str, Any]) -> Place:
    return Place(row["opened_at"], row["id"])
