"""HTTP of saved filters: each keeps their own, and may share one with colleagues of a role that they have."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import msgspec
from pydantic import BaseModel, Field

from libs.chassis.http import ANYONE, UUID, CommandBody, Principal, Reads, Response, Router, invalid
from libs.chassis.http.routers.kept_list import EntryRoutes
from libs.chassis.identity.auth import Role
from libs.chassis.input.fields import Label
from libs.chassis.input.form import Form
from libs.chassis.input.queries import MOST_VALUES
from libs.events import Addressed
from libs.events.contracts.intake.tickets import TicketKind, TicketStatus, Urgency, WaitsFor
from libs.events.texts import Text
from services.intake.filters.domain import QueueFilter, RemoveFilter, SavedFilter, SaveFilter, saved_filters
from services.intake.filters.view import shared_with
from services.intake.tickets.view.queue_clock import Stage

router = Router(tags=["filters"])
NOT_YOURS = "You do not have this role."


def _any_of(description: str, **more: Any) -> Any:
    return Field(default_factory=list, max_length=MOST_VALUES, description=f"{description}: any of them", **more)


class TicketFilter(Form):
    """筛选条件 / What the address of the queue says. Words and numbers that are looked for are not kept."""

    status: list[TicketStatus] = _any_of("工单状态 / Public status")
    urgency: list[Urgency] = _any_of("紧急程度 / Urgency")
    kind: list[TicketKind] = _any_of("服务类别 / Type of job")
    stage: list[Stage] = _any_of("时限阶段 / How near its worst open clock is to its deadline")
    region: list[Label] = _any_of("区域 / Region", examples=[["华东"]])
    asset_id: list[UUID] = _any_of("设备编号 / About this asset")
    contract_id: list[UUID] = _any_of("合同编号 / Under this contract")
    customer_id: list[UUID] = _any_of("客户编号 / Customer id")
    engineer_id: list[UUID] = _any_of("维修人员 / Of this engineer's visits to come")
    team: list[Label] = _any_of("班组 / Of this team", examples=[["技术支持一组"]])
    waits_for: list[WaitsFor] = _any_of("等待谁 / Waiting for them")
    again: Literal["due"] | None = Field(None, description="再看 / Waiting, and to be looked at again by now")
    archived: Literal["only"] | None = Field(None, description="归档 / The archived ones alone")
    owner: Literal["me", "nobody"] | None = Field(None, description="负责人 / Of whoever looks, or nobody's")
    opened: Literal["today"] | None = Field(None, description="受理 / Since midnight")
    sort: Literal["opened_at", "-opened_at", "due_at", "-due_at"] | None = Field(None, description="排序 / Order")


class NewFilter(CommandBody):
    """保存筛选 / A filter to keep."""

    name: Annotated[Label, Field(description="名称 / What it is called", examples=["华东超时"])]
    filter: TicketFilter = Field(description="筛选条件 / What is shown")
    is_default: bool = Field(False, description="默认 / Whether the queue begins with it, alone")
    shared_with: Role | None = Field(None, description="共享给 / Colleagues of this role of yours see it, too")


class SharedFilter(BaseModel):
    """同事共享的筛选 / A filter that a colleague shares."""

    id: UUID = Field(description="筛选编号 / Id of the filter")
    name: str | None = Field(description="名称 / What it is called; null once erased", examples=["华东超时"])
    filter: TicketFilter
    shared_with: Role | None = Field(description="共享给 / Colleagues of this role see it; null: nobody else")
    owner_name: str | None = Field(description="所有者 / Who keeps it, as far as the name is known", examples=["李敏"])


class OwnFilter(SharedFilter):
    """本人的筛选 / A filter that the caller keeps."""

    is_default: bool = Field(description="默认 / Whether the queue begins with it")


class SavedFilters(BaseModel):
    """筛选 / What the caller keeps, and what colleagues share."""

    items: list[OwnFilter] = Field(description="本人的 / The caller's, those saved first in front, at most 50")
    shared: list[SharedFilter] = Field(description="共享的 / Colleagues', those saved last in front, at most 200")
    version: int = Field(ge=0, description="版本 / Version of the caller's own; 0: none yet")


entries = EntryRoutes(
    router=router,
    roles=ANYONE,
    noun="filter",
    chinese="筛选",
    path="/v1/saved-filters",
    form=NewFilter,
    verb="save",
    keep="保存筛选 / Keep one more filter; the answer's `filter_id` names it.",
    amend="修改筛选 / All about a filter of one's own, as it is from now on.",
    remove="删除筛选 / Keep it no more; colleagues do not see it any longer.",
)


@router.get(
    entries.path,
    operation_id="list_filters",
    dependencies=[ANYONE],
    response_model=SavedFilters,
    responses=entries.linked,
)
async def list_filters(reads: Reads) -> Response:
    """保存的筛选 / The caller's own filters, and those that colleagues share with the caller's roles."""
    me = reads.principal.actor_id
    kept, version = await reads.store.state(saved_filters, me)
    others = await reads.rows(shared_with(reads.principal.roles, me))
    rows = [{**_row(each), "person_id": me} for each in kept.filters] + others
    texts = await reads.texts(rows, "name_id")
    names = await reads.names({row["person_id"] for row in rows})
    items = [_shown(row, texts, names) for row in rows]
    own = len(kept.filters)
    content = {
        "items": [item | {"is_default": item["id"] == kept.default_id} for item in items[:own]],
        "shared": items[own:],
        "version": version,
    }
    return reads.answer(content, version=version or None)


def _row(saved: SavedFilter) -> dict[str, Any]:
    return {"id": saved.id, "name_id": saved.name_id, "filter": msgspec.to_builtins(saved.filter), "role": saved.role}


def _shown(row: Mapping[str, Any], texts: Mapping[str, str], names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": row["id"],
        "name": texts.get(row["name_id"]),
        "filter": row["filter"],
        "shared_with": row["role"],
        "owner_name": names.get(row["person_id"]),
    }


def saving(caller: Principal, id: str, body: NewFilter, known: bool) -> tuple[Addressed, list[Text]]:
    """The command of a form. Of a new filter, a role that the caller does not have is a 422 problem.

    Of one that they share with a role that they lost it is a 403: what they ask for may be well written.
    """
    me, roles = caller.actor_id, frozenset(caller.roles)
    if not known and body.shared_with is not None and body.shared_with not in roles:
        raise invalid("body.shared_with", NOT_YOURS, "not-your-role")
    name = Text.of(me, body.name)
    filter = SavedFilter(id=id, name_id=name.id, filter=body.filter.meant(QueueFilter), role=body.shared_with)
    return saved_filters.on(me, SaveFilter(me, filter, body.is_default, known, roles)), [name]


def removing(caller: Principal, id: str) -> Addressed:
    return saved_filters.on(caller.actor_id, RemoveFilter(caller.actor_id, id))


entries.commands(saving, removing)
