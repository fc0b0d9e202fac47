"""What a list of tickets is narrowed by: the queue, its counts and its export."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, Literal

import sqlalchemy as sa
from fastapi import Query
from pydantic import AfterValidator, Field, StringConstraints

from libs.chassis.department import department
from libs.chassis.http import UUID, Instant, Reads
from libs.chassis.http.contacts import seen_by
from libs.chassis.identity.auth import Principal
from libs.chassis.input.fields import NOT_BLANK, Label, in_one_line
from libs.chassis.lists.filters import opened, several
from libs.chassis.lists.sift import Sift
from libs.events.contracts.intake.tickets import Channel, TicketKind, TicketStatus, Urgency, WaitsFor
from libs.events.filters import fits
from services.intake.customers.api.forms import SEES
from services.intake.tickets.api.register import TicketNumber
from services.intake.tickets.view.contract import under
from services.intake.tickets.view.frequent_words import MOST_TESTED, commonness, having
from services.intake.tickets.view.queue import lines, with_breach, with_stage
from services.intake.tickets.view.queue_clock import Stage
from services.intake.tickets.view.search import sought, words_of
from services.intake.tickets.view.tickets import claimed, shelved, tickets, to_look_at

Level = Annotated[int, Field(ge=1, le=4)]


def _sought(written: str) -> str:
    words = words_of(in_one_line(written))
    return " ".join(words)


Sought = Annotated[
    str,
    StringConstraints(max_length=100, pattern=NOT_BLANK),
    AfterValidator(_sought),
    Field(json_schema_extra={"format": "search"}),
]
"""Words to look for, parted by blanks."""


@dataclass(frozen=True, kw_only=True)
class TicketFilters:
    """Which tickets a list shows, or counts."""

    q: Annotated[
        Sought | None,
        Query(
            description="查找 / Words, all of which the ticket has: any part of its number, of what the customer said,"
            " and, as far as the caller sees them, of name, phones and address. For words that very many tickets have,"
            " a page may be short, or empty, and not the last: `next_cursor` goes on",
            examples=["王芳 0001"],
        ),
    ] = None
    id: Annotated[list[UUID], several("工单编号 / Ticket id")]
    status: Annotated[list[TicketStatus], several("工单状态 / Public status")]
    customer_id: Annotated[list[UUID], several("客户编号 / Customer id")]
    number: Annotated[list[TicketNumber], several("受理号 / Number", examples=[["WX20261122-0001"]])]
    channel: Annotated[list[Channel], several("渠道 / Channel")]
    kind: Annotated[list[TicketKind], several("服务类别 / Type of job")]
    urgency: Annotated[list[Urgency], several("紧急程度 / Urgency")]
    region: Annotated[list[Label], several("区域 / Region", examples=[["华东"]])]
    owner_id: Annotated[list[UUID | Literal["me"]], several("负责人 / Of this owner; `me`: of whoever calls")]
    level: Annotated[list[Level], several("故障级别 / Fault level")]
    stage: Annotated[list[Stage], several("时限阶段 / How near its worst open clock is to its deadline")]
    asset_id: Annotated[list[UUID], several("设备编号 / About this asset")]
    contract_id: Annotated[
        list[UUID], several("合同编号 / Under this contract: that names its number, or is about an asset of its")
    ]
    engineer_id: Annotated[list[UUID], several("维修人员 / Of this engineer's visits to come")]
    team: Annotated[list[Label], several("班组 / Of this team", examples=[["技术支持一组"]])]
    waits_for: Annotated[list[WaitsFor], several("等待谁 / Waiting for them")]
    look_again_to: Annotated[
        Instant | None, Query(description="再看时间止 / Waiting, and to be looked at again before this")
    ] = None
    unclaimed: Annotated[bool | None, Query(description="是否未认领 / Whether it is nobody's")] = None
    breached: Annotated[bool | None, Query(description="是否超时 / Whether a deadline of its was missed")] = None
    archived: Annotated[
        bool | None,
        Query(
            description="是否已归档 / Whether it ended longer ago than the setting says. Left out: only those that did"
            " not, unless the filters name tickets, words, whose they are, or when they were opened"
        ),
    ] = None
    opened_from: Annotated[Instant | None, Query(description="受理起 / Opened at or after")] = None
    opened_to: Annotated[Instant | None, Query(description="受理止 / Opened before")] = None

    def query(self, caller: Principal) -> sa.Select[Any]:
        """The tickets that fit, for this caller, whatever their words. Raises a 422 problem for a span that is none."""
        own = ("id", "status", "customer_id", "number", "channel", "kind", "urgency", "region", "asset_id", "team")
        me = caller.actor_id
        owners = [me if owner == "me" else owner for owner in self.owner_id]
        return lines({"level": self.level, "engineer_id": self.engineer_id}).where(
            *fits(tickets, {name: getattr(self, name) for name in (*own, "waits_for")} | {"owner_id": owners}),
            *opened(tickets, self.opened_from, self.opened_to),
            *claimed(self.unclaimed),
            *to_look_at(self.look_again_to),
            *shelved(self.archived if self.archived is not None or self.names_some else False, archive_months()),
            *under(self.contract_id),
            *with_stage(self.stage),
            *with_breach(self.breached),
        )

    @property
    def names_some(self) -> bool:
        """Whether it asks for certain tickets, or for those of a time: whoever does so has the archived ones, too."""
        of = (self.q, self.id, self.number, self.customer_id, self.asset_id, self.contract_id)
        return any(of) or self.opened_from is not None or self.opened_to is not None

    @property
    def words(self) -> list[str]:
        """What is looked for."""
        return self.q.split() if self.q else []


def archive_months() -> int:
    """How long an ended ticket stays in the lists."""
    return department().archive_months


async def asked(reads: Reads, filters: TicketFilters) -> tuple[sa.Select[Any], Sift | None]:
    """The tickets that fit and have the words that few have; and, for common words, what these are tested for."""
    query, words, fields = filters.query(reads.principal), filters.words, seen_by(reads.principal, SEES)
    if not words:
        return query, None
    (common,) = await reads.rows(commonness(words, fields))
    return narrowed(query, dict(zip(words, common.values(), strict=True)), fields)


def narrowed(
    query: sa.Select[Any], words: Mapping[str, bool], fields: Collection[str]
) -> tuple[sa.Select[Any], Sift | None]:
    """The query with the rare words, and the test for the common ones; `words` says of each whether it is common."""
    tested = [word for word, is_common in words.items() if is_common]
    few = query.where(*sought([word for word, is_common in words.items() if not is_common], fields))
    return few, Sift(partial(having, words=tested, fields=fields), MOST_TESTED) if tested else None
