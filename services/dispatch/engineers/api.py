"""HTTP of engineers: register one, and find whom to send."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any, Self

from pydantic import BaseModel, Field, model_validator

from libs.chassis.http import (
    ANYONE,
    DEFAULT,
    TAGGED,
    UUID,
    CommandBody,
    Commands,
    Cursor,
    Instant,
    Limit,
    MinVersion,
    Page,
    Reads,
    Response,
    Router,
    allow,
    new_id,
)
from libs.chassis.input.fields import Code, Label, Name
from libs.chassis.links import links
from libs.chassis.lists.filters import several
from libs.events.filters import by_id, fitting
from libs.events.texts import Text
from services.dispatch.engineers.domain.engineer import AmendEngineer, RegisterEngineer, engineer
from services.dispatch.engineers.domain.login import binding, unbinding
from services.dispatch.engineers.view import engineer_of, engineers
from services.dispatch.roles import PLANNERS

router = Router(prefix="/v1/engineers", tags=["engineers"])

Skills = Annotated[list[Code], Field(max_length=50, description="技能 / Skills", examples=[["air_conditioning"]])]
Region = Annotated[Label, Field(description="区域 / Region", examples=["华北"])]


class NewEngineer(CommandBody):
    """维修人员 / An engineer who can be sent."""

    name: Annotated[Name, Field(description="姓名 / Name", examples=["李强"])]
    skills: Skills
    region: Region


class Amendment(CommandBody):
    """档案变更 / What changes in an engineer's record; what is left out stays."""

    name: Annotated[Name | None, Field(description="姓名 / Name", examples=["李强"])] = None
    skills: Skills | None = None
    region: Region | None = None


class Binding(CommandBody):
    """绑定登录 / Whose login is this engineer's: one of the two."""

    subject: Annotated[
        str | None,
        Field(
            strict=True, min_length=1, max_length=255, description="`sub` of the person's tokens", examples=["li.qiang"]
        ),
    ] = None
    actor_id: UUID | None = Field(None, description="Pseudonym of the person, as events and histories show it")

    @model_validator(mode="after")
    def one_of_two(self) -> Self:
        """A login is named once."""
        if (self.subject is None) == (self.actor_id is None):
            raise ValueError("should name the login by subject or by actor_id")
        return self


class Unbinding(CommandBody):
    """解除绑定 / Nothing to say but when it happened."""


class EngineerFile(BaseModel):
    """维修人员档案 / An engineer on the dispatchers' list."""

    id: UUID
    name: str | None = Field(description="姓名 / Name; null once erased", examples=["李强"])
    skills: Skills
    region: Region
    actor_id: UUID | None = Field(description="登录 / Pseudonym of the login that is theirs; null while there is none")
    version: int
    opened_at: Instant = Field(description="登记时间 / When registered")


@router.post(
    "",
    status_code=201,
    operation_id="register_engineer",
    dependencies=[PLANNERS],
    responses=links(201, "get_engineer", engineer_id="id"),
)
async def register_engineer(body: NewEngineer, commands: Commands) -> Response:
    """登记维修人员 / Put an engineer on the list of those who can be sent."""
    id = new_id()
    name = Text.of(id, body.name)
    command = RegisterEngineer(id, name.id, tuple(dict.fromkeys(body.skills)), body.region)
    return await commands.run(engineer.create(id, command), body, texts=[name], creates=True)


@router.get("", operation_id="list_engineers", dependencies=[ANYONE], response_model=Page[EngineerFile])
async def list_engineers(
    reads: Reads,
    id: Annotated[list[UUID], several("人员编号 / Engineer id")],
    region: Annotated[list[Label], several("区域 / Of this region")],
    limit: Limit = DEFAULT,
    cursor: Cursor = None,
) -> Any:
    """维修人员列表 / Engineers, newest first."""
    page = await reads.page(fitting(engineers, {"id": id, "region": region}), engineers, limit, cursor)
    return page | {"items": await _files(reads, page["items"])}


@router.get(
    "/me",
    operation_id="get_own_engineer",
    dependencies=[allow("engineer")],
    response_model=EngineerFile,
    responses=TAGGED,
)
async def get_own_engineer(reads: Reads) -> Response:
    """我的档案 / The engineer whose login calls."""
    row = await reads.one(engineer_of(reads.principal.actor_id), "engineer")
    (file,) = await _files(reads, [row])
    return reads.answer(file, version=row["version"])


@router.get(
    "/{engineer_id}",
    operation_id="get_engineer",
    dependencies=[ANYONE],
    response_model=EngineerFile,
    responses=TAGGED,
)
async def get_engineer(engineer_id: UUID, reads: Reads, min_version: MinVersion = None) -> Response:
    """维修人员 / One engineer."""
    await reads.wait(engineer.stream(str(engineer_id)), min_version)
    row = await reads.one(by_id(engineers, engineer_id), "engineer")
    (file,) = await _files(reads, [row])
    return reads.answer(file, version=row["version"])


@router.post("/{engineer_id}/amendment", operation_id="amend_engineer", dependencies=[PLANNERS])
async def amend_engineer(engineer_id: UUID, body: Amendment, commands: Commands) -> Response:
    """变更档案 / Change name, skills or region."""
    id = str(engineer_id)
    name = Text.of(id, body.name) if body.name is not None else None
    skills = None if body.skills is None else tuple(dict.fromkeys(body.skills))
    command = AmendEngineer(name.id if name else None, skills, body.region)
    return await commands.run(engineer.on(id, command), body, texts=[name] if name else [])


@router.post("/{engineer_id}/binding", operation_id="bind_engineer", dependencies=[PLANNERS])
async def bind_engineer(engineer_id: UUID, body: Binding, commands: Commands) -> Response:
    """绑定登录 / Say whose login is this engineer's: with it, the visits assigned to the engineer are theirs."""
    actor_id = str(body.actor_id) if body.actor_id else commands.actor_of(body.subject or "")
    return await commands.run(partial(binding, str(engineer_id), actor_id), body)


@router.post("/{engineer_id}/unbinding", operation_id="unbind_engineer", dependencies=[PLANNERS])
async def unbind_engineer(engineer_id: UUID, commands: Commands, body: Unbinding | None = None) -> Response:
    """解除绑定 / The login is this engineer's no longer. The body may be left out."""
    return await commands.run(partial(unbinding, str(engineer_id)), body or Unbinding(occurred_at=None))


async def _files(reads: Reads, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    names = await reads.texts(rows, "name_id")
    return [
        {key: value for key, value in row.items() if key != "name_id"} | {"name": names.get(row["name_id"])}
        for row in rows
    ]
