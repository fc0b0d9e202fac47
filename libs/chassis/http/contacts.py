"""Looks at customers' contacts and signatures: who may see which, and a record of every look that showed one.

The record is written by the very statement that reads what is shown, so that there is no look without it.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any

import msgspec
import sqlalchemy as sa
from pydantic import BaseModel, Field
from uuid_utils import uuid7

from libs.chassis.http import DEFAULT, UUID, Cursor, Limit, Page, Reads, Router
from libs.chassis.identity.auth import Principal, allow
from libs.chassis.lists.filters import several
from libs.events.database.schema import viewed
from libs.events.filters import fits
from libs.events.log.actors import Actor, name_of
from libs.events.log.rows import upsert

Sees = Mapping[str, Collection[str]]
"""Which fields of a contact each role sees; a role that is missing sees none."""

router = Router(prefix="/v1/contact-views", tags=["contacts"])


class PhoneOnFile(BaseModel):
    """电话 / A phone number on file."""

    typed: str = Field(description="原样 / As it was typed", examples=["138 0000 0000"])
    e164: str | None = Field(
        description="E.164 / The form in which numbers are compared; null for a local number without its area code",
        examples=["+8613800000000"],
    )
    extension: str | None = Field(description="分机 / The extension to ask for", examples=["8001"])


class ContactView(BaseModel):
    """查看记录 / One look at a customer's contact."""

    id: UUID
    customer_id: UUID = Field(description="客户编号 / Whose contact was shown")
    actor: str = Field(
        description="查看者 / Pseudonym of who looked", examples=["01955c1e-7b00-8000-8000-000000000002"]
    )
    actor_name: str | None = Field(
        description="查看者姓名 / Name of who looked, as far as it is known here", examples=["李敏"]
    )
    fields: list[str] = Field(description="字段 / What was shown", examples=[["name", "phones"]])
    route: str = Field(description="入口 / Where", examples=["GET /v1/tickets/{ticket_id}"])
    viewed_at: datetime = Field(description="时间 / When")


@router.get("", operation_id="list_contact_views", dependencies=[allow("auditor")], response_model=Page[ContactView])
async def list_contact_views(
    reads: Reads,
    customer_id: Annotated[list[UUID], several("客户编号 / Of this customer")],
    actor: Annotated[list[UUID], several("查看者 / By this person")],
    limit: Limit = DEFAULT,
    cursor: Cursor = None,
) -> Any:
    """查看记录 / Who looked at whose contact, newest first."""
    wanted = fits(viewed, {"subject_id": customer_id, "actor": actor})
    query = sa.select(viewed, name_of(viewed.c.actor).label("actor_name")).where(*wanted)
    page = await reads.page(query, viewed, limit, cursor, "-viewed_at")
    return page | {"items": [{**row, "customer_id": row["subject_id"]} for row in page["items"]]}


def seen_by(principal: Principal, sees: Sees) -> list[str]:
    """The fields that somebody's roles show, in the table's order."""
    shown = {name for role in principal.roles for name in sees.get(role, ())}
    return [name for name in ("name", "phones", "address") if name in shown]


async def look_at(
    reads: Reads, table: sa.Table, customer_id: str, fields: Collection[str], route: str, with_sites: bool = False
) -> dict[str, Any] | None:
    """These fields of a contact, and the look is recorded. None when there is no contact (any more) or no field.

    `with_sites`: those, too, where the address is shown; a site's is an address of the customer.
    """
    sites = ("sites",) if with_sites and "address" in fields else ()
    return (await look_at_all(reads, table, [customer_id], fields, route, beside=sites)).get(customer_id)


async def look_at_all(
    reads: Reads,
    table: sa.Table,
    customer_ids: Sequence[str],
    fields: Collection[str],
    route: str,
    seldom: timedelta = timedelta(),
    beside: Collection[str] = (),
) -> dict[str, dict[str, Any]]:
    """The same of several by their ids, with a record of each that there is.

    A list that is read again and again is recorded `seldom`: not for whom the caller saw there so short a time ago.
    """
    if not fields or not customer_ids:
        return {}
    await _name(reads)
    looks = [str(uuid7()) for _ in customer_ids]
    columns = ["id", *fields, *beside]
    found = await reads.store.pool.fetch(
        _LOOK.format(columns=", ".join(columns), table=table.name),
        customer_ids, looks, reads.principal.actor_id, msgspec.json.encode(list(fields)).decode(), route, seldom,
    )  # fmt: skip
    return {row["id"]: {name: _plain(name, row[name]) for name in columns} for row in found}


async def look_at_text(reads: Reads, text_id: str, field: str, route: str) -> str | None:
    """What a text says, shown as this field of its customer, and the look is recorded. None once it is erased."""
    await _name(reads)
    fields = msgspec.json.encode([field]).decode()
    found: str | None = await reads.store.pool.fetchval(
        _READ, text_id, str(uuid7()), reads.principal.actor_id, fields, route
    )
    return found


async def _name(reads: Reads) -> None:
    """Note the caller's name, so that a look is somebody's."""
    caller, store = reads.principal, reads.store
    actor = Actor(caller.actor_id, caller.issuer, caller.subject, caller.name)
    for row in store.actors.rows(actor):
        sql, arguments = upsert(row[0], [row[1]])
        await store.pool.execute(sql, *arguments)
        store.actors.written(actor)


def _plain(name: str, value: Any) -> Any:
    return msgspec.json.decode(value) if name in ("phones", "sites") and value is not None else value


_LOOK = """
WITH found AS (
    SELECT look, {columns} FROM unnest($1::text[], $2::text[]) AS asked (customer, look) JOIN {table} ON id = customer
), noted AS (
    INSERT INTO viewed (id, subject_id, actor, fields, route) SELECT look, id, $3, $4::jsonb, $5 FROM found
    WHERE NOT EXISTS (
        SELECT FROM viewed AS v WHERE v.subject_id = found.id AND v.viewed_at > clock_timestamp() - $6::interval
        AND v.actor = $3 AND v.fields = $4::jsonb AND v.route = $5
    )
)
SELECT {columns} FROM found
"""
_READ = """
WITH found AS (
    SELECT subject_id, body FROM text WHERE id = $1
), noted AS (
    INSERT INTO viewed (id, subject_id, actor, fields, route) SELECT $2, subject_id, $3, $4::jsonb, $5 FROM found
)
SELECT body FROM found
"""
