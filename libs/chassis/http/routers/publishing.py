"""Documents that are drafted, approved by somebody else, and published as versions: one router for every kind."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal, Protocol, TypeAlias

from fastapi import Path, params
from pydantic import BaseModel, Field, StringConstraints

from libs.chassis.http import (
    ANYONE,
    DEFAULT,
    TAGGED,
    CommandAnswer,
    CommandBody,
    Commands,
    Cursor,
    Limit,
    MinVersion,
    Page,
    Reads,
    Response,
    Router,
)
from libs.chassis.links import links
from libs.chassis.lists.filters import several

ID = "^[a-z][a-z0-9-]{0,39}$"
"""The form of the id that a document's author chooses."""

Stage = Literal["draft", "approved", "published", "retired"]
"""A draft that waits for approval, or for publication; without a draft, whether a version is in force."""
StepName = Literal["approve", "publish", "retire"]
RuleId = Annotated[str, StringConstraints(pattern=ID)]
Number = Annotated[int, Path(ge=1, le=2_147_483_647, description="版本号 / Number of the version", examples=[1])]


class DocumentBody(CommandBody):
    """草稿 / A document as it is to be."""

    document: dict[str, Any]


class Step(CommandBody):
    """下一步 / A step in a document's life."""


class PublishedAnswer(CommandAnswer):
    """A step was taken."""

    id: str = Field(pattern=ID, description="编号 / Id", examples=["demo"])  # type: ignore[assignment]  # no uuid
    status: Stage = Field(description="状态 / Status: draft, approved, published or retired")


class Publishing(Protocol):
    """What the routes of one kind of documents do."""

    def stream(self, id: str) -> str:
        """The stream of a document's life."""

    async def listed(self, reads: Reads, statuses: list[Stage], limit: int, cursor: str | None) -> dict[str, Any]:
        """One page of them, newest first."""

    async def one(self, id: str, reads: Reads) -> Response:
        """One with its draft and its versions. Raises a 404 problem."""

    async def one_version(self, id: str, number: int, reads: Reads) -> dict[str, Any]:
        """A published version. Raises a 404 problem."""

    async def create(self, body: DocumentBody, commands: Commands) -> Response:
        """Begin one with its first draft."""

    async def draft(self, id: str, body: DocumentBody, commands: Commands) -> Response:
        """Write the draft of its next version."""

    async def step(self, id: str, step: StepName, body: Step, commands: Commands) -> Response:
        """Approve, publish or retire it."""


@dataclass(frozen=True, kw_only=True)
class Documents:
    """One kind of documents: its names, who may do what, its forms and what is answered."""

    name: str
    plural: str
    chinese: str
    """Such as 政策; `name` and `plural` are English, `plural` is in the paths."""
    authors: params.Depends
    directors: params.Depends
    new: type[DocumentBody]
    following: type[DocumentBody]
    item: type[BaseModel]
    details: type[BaseModel]
    version: type[BaseModel]
    about: str = ""
    """A sentence that the list's description ends with."""
    retiring: str = ""
    """When it cannot be retired, if so."""


def publishing_router(kind: Documents, publishing: Publishing) -> Router:
    """The eight routes of a kind."""
    name, chinese = kind.name, kind.chinese
    router = Router(prefix=f"/v1/{kind.plural}", tags=[kind.plural])
    Id: TypeAlias = Annotated[
        str,
        Path(alias=f"{name}_id", pattern=ID, description=f"{chinese}编号 / Id of the {name}", examples=["demo"]),
    ]

    def linked(status: int, *operations: str, id: str = "id") -> dict[int | str, dict[str, Any]]:
        return links(status, *(f"{operation}_{name}" for operation in operations), **{f"{name}_id": id})

    @router.get(
        "",
        operation_id=f"list_{kind.plural}",
        description=f"{chinese}列表 / The {kind.plural}, newest first, shipped ones last. {kind.about}".strip(),
        dependencies=[ANYONE],
        response_model=Page[kind.item],  # type: ignore[name-defined]  # the model is an argument
        responses=linked(200, "get", id="items/0/id"),
    )
    async def listed(
        reads: Reads,
        status: Annotated[list[Stage], several("状态 / Status")],
        limit: Limit = DEFAULT,
        cursor: Cursor = None,
    ) -> Any:
        return await publishing.listed(reads, status, limit, cursor)

    @router.post(
        "",
        status_code=201,
        operation_id=f"create_{name}",
        description=f"新建{chinese} / A new {name}, as a draft: it has no effect before it is approved and published.",
        dependencies=[kind.authors],
        response_model=PublishedAnswer,
        responses=linked(201, "get", "approve"),
    )
    async def create(body: kind.new, commands: Commands) -> Response:  # type: ignore[name-defined]  # as above
        return await publishing.create(body, commands)

    @router.get(
        f"/{{{name}_id}}",
        operation_id=f"get_{name}",
        description=f"{chinese}详情 / One {name}: its draft, what is in force, and all its versions.",
        dependencies=[ANYONE],
        response_model=kind.details,
        responses=TAGGED,
    )
    async def one(id: Id, reads: Reads, min_version: MinVersion = None) -> Response:
        await reads.wait(publishing.stream(id), min_version)
        return await publishing.one(id, reads)

    @router.get(
        f"/{{{name}_id}}/versions/{{number}}",
        operation_id=f"get_{name}_version",
        description=f"{chinese}版本 / A published version with its content, which never changes.",
        dependencies=[ANYONE],
        response_model=kind.version,
    )
    async def one_version(id: Id, number: Number, reads: Reads, min_version: MinVersion = None) -> Any:
        await reads.wait(publishing.stream(id), min_version)
        return await publishing.one_version(id, number, reads)

    @router.post(
        f"/{{{name}_id}}/draft",
        operation_id=f"draft_{name}",
        description="起草 / A draft of the next version; it takes the place of the draft before, and of its approval.",
        dependencies=[kind.authors],
        response_model=PublishedAnswer,
        responses=linked(200, "get", "approve"),
    )
    async def draft(id: Id, body: kind.following, commands: Commands) -> Response:  # type: ignore[name-defined]  # as above
        return await publishing.draft(id, body, commands)

    @router.post(
        f"/{{{name}_id}}/approval",
        operation_id=f"approve_{name}",
        description="审批 / Approve the draft. Its author may not: two people stand behind it.",
        dependencies=[kind.directors],
        response_model=PublishedAnswer,
        responses=linked(200, "publish"),
    )
    async def approve(id: Id, body: Step, commands: Commands) -> Response:
        return await publishing.step(id, "approve", body, commands)

    @router.post(
        f"/{{{name}_id}}/publication",
        operation_id=f"publish_{name}",
        description="发布 / Put the approved draft into force as the next version. What goes by another keeps it.",
        dependencies=[kind.directors],
        response_model=PublishedAnswer,
        responses=linked(200, "get"),
    )
    async def publish(id: Id, body: Step, commands: Commands) -> Response:
        return await publishing.step(id, "publish", body, commands)

    @router.post(
        f"/{{{name}_id}}/retirement",
        operation_id=f"retire_{name}",
        description=f"停用 / Take the {name} out of force{kind.retiring}. What goes by it keeps it; a new version "
        "brings it back.",
        dependencies=[kind.directors],
        response_model=PublishedAnswer,
    )
    async def retire(id: Id, body: Step, commands: Commands) -> Response:
        return await publishing.step(id, "retire", body, commands)

    return router
