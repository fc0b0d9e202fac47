"""Jobs over HTTP: one router for every kind, with its list, one of it, and its cancellation. A kind adds how to ask."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import sqlalchemy as sa
from fastapi import params
from pydantic import BaseModel, Field
from starlette.responses import Response

from libs.chassis.http.commands import CommandBody, Commands
from libs.chassis.http.reads import MinVersion, Reads
from libs.chassis.http.routing import CommandAnswer, Router
from libs.chassis.identity.auth import Roles
from libs.chassis.links import links
from libs.chassis.lists.filters import several
from libs.chassis.lists.paging import DEFAULT, Cursor, Limit, Page
from libs.chassis.preconditions import TAGGED
from libs.events.background.job import AnyJobDecider, Cancel, Job, Stage
from libs.events.filters import Values
from libs.events.view import View

Status = Literal["requested", "running", "completed", "failed", "cancelled"]


class JobAnswer(CommandAnswer):
    """A command on a job was carried out."""

    status: Stage = Field(description="状态 / Status")


class JobProgress(BaseModel):
    """进度 / How far it is."""

    done: int = Field(ge=0, description="已处理 / Items done")
    total: int | None = Field(description="全部 / Items in all; null before it has begun")


class JobItem(BaseModel):
    """后台任务 / One job: what every kind shows. Subclass it."""

    id: UUID = Field(description="编号 / Id")
    status: Status = Field(description="状态 / Status")
    requested_by: str = Field(
        description="提交人 / Pseudonym of who asked", examples=["01955c1e-7b00-8000-8000-000000000002"]
    )
    requested_by_name: str | None = Field(
        description="提交人姓名 / Name of who asked, as far as it is known", examples=["李敏"]
    )
    requested_at: datetime = Field(description="提交时间 / When it was asked for")
    ended_at: datetime | None = Field(description="结束时间 / When it ended")
    reason: str = Field(description="失败原因 / Why it failed", examples=[""])
    progress: JobProgress
    version: int = Field(ge=1, description="版本 / Version")


def nothing_more(job: Job[Any, Any]) -> Mapping[str, Any]:
    """Of kinds whose rows say all."""
    return {}


@dataclass(frozen=True, kw_only=True)
class JobRoutes:
    """One kind over HTTP: its names, who may read and cancel, what is shown of it, and where that stands.

    `listed(statuses)` are rows of `job_list`, perhaps with more; `shown(row)` are a kind's own fields of one, and
    `details(job)` what is shown of one alone.
    """

    name: str
    plural: str
    tag: str
    chinese: str
    """Such as 试算; `name` and `plural` are English, `plural` is in the paths unless `path` is."""
    path: str = ""
    cancelling: str = ""
    """What stays as it is, a sentence; empty: nothing was changed by then."""
    readers: params.Depends
    owners: params.Depends
    item: type[JobItem]
    details_item: type[JobItem]
    decider: AnyJobDecider
    view: View[Any]
    listed: Callable[[Values], sa.Select[Any]]
    shown: Callable[[dict[str, Any]], Mapping[str, Any]]
    details: Callable[[Job[Any, Any]], Mapping[str, Any]] = nothing_more
    keepers: Callable[[Any], frozenset[str]] | None = None
    """Roles of those owners who may cancel what was requested; None: each may cancel all."""

    def line(self, row: dict[str, Any]) -> dict[str, Any]:
        """A row as it is answered."""
        common = {name: row[name] for name in JobItem.model_fields if name != "progress"}
        return {**common, "progress": {"done": row["done"], "total": row["total"]}, **self.shown(row)}


def job_router(jobs: JobRoutes) -> Router:
    """The three routes of a kind."""
    name, chinese = jobs.name, jobs.chinese
    router = Router(prefix=f"/v1/{jobs.path or jobs.plural}", tags=[jobs.tag])

    @router.get(
        "",
        operation_id=f"list_{jobs.plural}",
        description=f"{chinese}列表 / The {jobs.plural}, newest first.",
        dependencies=[jobs.readers],
        response_model=Page[jobs.item],  # type: ignore[name-defined]  # the model is an argument
        responses=links(200, f"get_{name}", id="items/0/id"),
    )
    async def listed(
        reads: Reads,
        status: Annotated[list[Status], several("状态 / Status")],
        limit: Limit = DEFAULT,
        cursor: Cursor = None,
    ) -> Any:
        page = await reads.page(jobs.listed(status), jobs.view.table, limit, cursor, "-requested_at")
        return page | {"items": [jobs.line(row) for row in page["items"]]}

    @router.get(
        "/{id}",
        operation_id=f"get_{name}",
        description=f"{chinese}详情 / One {name}: its progress, and what came of it once it has ended.",
        dependencies=[jobs.readers],
        response_model=jobs.details_item,
        responses=TAGGED,
    )
    async def one(id: UUID, reads: Reads, min_version: MinVersion = None) -> Response:
        await reads.wait(jobs.decider.stream(str(id)), min_version)
        row = await reads.one(jobs.listed(()).where(jobs.view.table.c.id == str(id)), name)
        job, _ = await reads.state(jobs.decider, str(id))
        return reads.answer({**jobs.line(row), **jobs.details(job)}, version=row["version"])

    @router.post(
        "/{id}/cancellation",
        operation_id=f"cancel_{name}",
        description=f"取消{chinese} / Give it up, if it has not ended. {jobs.cancelling}".strip(),
        dependencies=[jobs.owners],
        response_model=JobAnswer,
    )
    async def cancel(id: UUID, commands: Commands, reads: Reads, body: CommandBody | None = None) -> Response:
        if jobs.keepers is not None:
            request = (await reads.state(jobs.decider, str(id), what=name))[0].request
            if request is not None:
                Roles(jobs.keepers(request)).check(commands.principal)
        return await commands.run(jobs.decider.on(str(id), Cancel()), body or CommandBody(occurred_at=None))

    return router
