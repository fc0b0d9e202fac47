"""HTTP of intake's imports: managers import all three kinds, agents those that they keep."""

from functools import partial
from typing import Annotated, Any, Literal

from fastapi import Query

from libs.chassis.http import UUID, Commands, Reads, Response, allow
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
from services.intake.imports.domain.columns import COLUMNS
from services.intake.imports.domain.intake_import import ImportRequested, imports
from services.intake.imports.view import import_view

Kind = Literal["customers", "contracts", "assets"]
MANAGER, BOTH = frozenset(("manager",)), frozenset(("agent", "manager"))
KEEPERS = allow(*BOTH)
ROLES = {"customers": BOTH, "contracts": MANAGER, "assets": BOTH}


def keepers_of(request: Any) -> frozenset[str]:
    """The roles that keep what an import is of."""
    return ROLES[request.kind]


router = job_router(
    JobRoutes(
        name="import",
        plural="imports",
        tag="imports",
        chinese="导入",
        cancelling="What is on file by then stays.",
        readers=KEEPERS,
        owners=KEEPERS,
        item=ImportItem,
        details_item=ImportDetails,
        decider=imports,
        view=import_view,
        listed=partial(job_list, import_view),
        shown=http.shown,
        details=http.details,
        keepers=keepers_of,
    )
)
here = Imports(
    decider=imports,
    view=import_view,
    requested=ImportRequested,
    columns=COLUMNS,
    roles=ROLES,
)


@router.post(
    "",
    status_code=202,
    operation_id="request_import",
    dependencies=[KEEPERS],
    response_model=JobAnswer,
    responses=links(202, "get_import", "get_import_flaws", "cancel_import", id="id") | TOO_MANY,
    openapi_extra=BODY,
)
async def request_import(
    commands: Commands,
    kind: Annotated[Kind, Query(description="导入内容 / What the rows are", examples=["customers"])],
    dry_run: DryRun = False,
) -> Response:
    """批量导入 / Put the rows of a file on file, in the background: each by the command that a person would give."""
    return await here.request(kind, dry_run, commands)


@router.get(
    "/{id}/result", operation_id="get_import_result", dependencies=[KEEPERS], response_class=Response, responses=FILE
)
async def get_import_result(id: UUID, reads: Reads, language: Language = "zh-CN") -> Response:
    """结果文件 / What came of each row so far, as CSV: its id, or what is wrong with which column."""
    return await here.result(str(id), language, reads)


@router.get("/{id}/flaws", operation_id="get_import_flaws", dependencies=[KEEPERS], response_model=ImportFlaws)
async def get_import_flaws(id: UUID, reads: Reads, language: Language = "zh-CN") -> Any:
    """有误的行 / The first rows that are wrong, column by column."""
    return await here.flaws(str(id), language, reads)


@router.get(
    "/templates/{kind}.{extension}",
    operation_id="get_import_template",
    dependencies=[KEEPERS],
    response_class=Response,
    responses=TEMPLATE,
)
async def get_import_template(kind: Kind, extension: Extension, language: Language = "zh-CN") -> Response:
    """导入模板 / A file to fill in, its columns in the order of the guide."""
    return here.template(kind, extension, language)
