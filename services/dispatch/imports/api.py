"""HTTP of imports of engineers: dispatchers and managers, who keep the list."""

from functools import partial
from typing import Annotated, Any, Literal

from fastapi import Query

from libs.chassis.http import UUID, Commands, Reads, Response
from libs.chassis.http.commands import DryRun
from libs.chassis.http.routers.jobs import JobAnswer, JobRoutes, job_router
from libs.chassis.links import links
from libs.events.background.job_view import job_list
from libs.imports import http
from libs.imports.http import (
    BODY,
    FILE,
    TEMPLATE,
    TOO_MANY,
    Extension,
    ImportDetails,
    ImportFlaws,
    ImportItem,
    Imports,
    Language,
)
from services.dispatch.imports.domain import COLUMNS, ImportRequested, imports
from services.dispatch.imports.view import import_view
from services.dispatch.roles import PLANNERS

Kind = Literal["engineers"]

router = job_router(
    JobRoutes(
        name="engineer_import",
        plural="engineer_imports",
        path="imports",
        tag="imports",
        chinese="导入",
        cancelling="What is on file by then stays.",
        readers=PLANNERS,
        owners=PLANNERS,
        item=ImportItem,
        details_item=ImportDetails,
        decider=imports,
        view=import_view,
        listed=partial(job_list, import_view),
        shown=http.shown,
        details=http.details,
    )
)
here = Imports(
    decider=imports,
    view=import_view,
    requested=ImportRequested,
    columns=COLUMNS,
    roles={"engineers": frozenset(("dispatcher", "manager"))},
)


@router.post(
    "",
    status_code=202,
    operation_id="request_engineer_import",
    dependencies=[PLANNERS],
    response_model=JobAnswer,
    responses=links(202, "get_engineer_import", "get_engineer_import_flaws", "cancel_engineer_import", id="id")
    | TOO_MANY,
    openapi_extra=BODY,
)
async def request_engineer_import(
    commands: Commands,
    kind: Annotated[Kind, Query(description="导入内容 / What the rows are", examples=["engineers"])],
    dry_run: DryRun = False,
) -> Response:
    """批量导入 / Put the rows of a file on file, in the background: each by the command that a person would give."""
    return await here.request(kind, dry_run, commands)


@router.get(
    "/{id}/result",
    operation_id="get_engineer_import_result",
    dependencies=[PLANNERS],
    response_class=Response,
    responses=FILE,
)
async def get_engineer_import_result(id: UUID, reads: Reads, language: Language = "zh-CN") -> Response:
    """结果文件 / What came of each row so far, as CSV: its id, or what is wrong with which column."""
    return await here.result(str(id), language, reads)


@router.get(
    "/{id}/flaws", operation_id="get_engineer_import_flaws", dependencies=[PLANNERS], response_model=ImportFlaws
)
async def get_engineer_import_flaws(id: UUID, reads: Reads, language: Language = "zh-CN") -> Any:
    """有误的行 / The first rows that are wrong, column by column."""
    return await here.flaws(str(id), language, reads)


@router.get(
    "/templates/{kind}.{extension}",
    operation_id="get_engineer_import_template",
    dependencies=[PLANNERS],
    response_class=Response,
    responses=TEMPLATE,
)
async def get_engineer_import_template(kind: Kind, extension: Extension, language: Language = "zh-CN") -> Response:
    """导入模板 / A file to fill in, its columns in the order of the guide."""
    return here.template(kind, extension, language)
