"""HTTP of engineers: register one, and find whom to send."""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BaseModel, Field

from libs.chassis.fields import Code, Label, Name
from libs.chassis.http import (
    DEFAULT,
    UUID,
    CommandAnswer,
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
    new_id,
)
from libs.events.texts import Text
from services.dispatch.api.forms import PLANNERS, READERS, words
from services.dispatch.domain.engineer import RegisterEngineer, engineer
from services.dispatch.views.engineers import engineer_list, engineers, one_engineer

router = Router(prefix="/v1/engineers", tags=["engineers"])

Skills = Annotated[list[Code], Field(max_length=50, description="技能 / Skills", examples=[["air_conditioning"]])]
Region = Annotated[Label, Field(description="区域 / Region", examples=["华北"])]


class NewEngineer(CommandBody):
    """维修人员 / An engineer who can be sent (R165)."""

    name: Annotated[Name, Field(description="姓名 / Name", examples=["李强"])]
    skills: Skills
    region: Region


class EngineerAnswer(CommandAnswer):
    """An engineer that was registered."""

    engineer_id: UUID = Field(description="人员编号 / Engineer id, the same as id")


class EngineerFile(BaseModel):
    """维修人员档案 / An engineer on the dispatchers' list."""

    id: UUID
    name: str | None = Field(description="姓名 / Name; null once erased", examples=["李强"])
    skills: Skills
    region: Region
    version: int
    opened_at: Instant = Field(description="登记时间 / When registered")


READ_ENGINEER: dict[str, Any] = {
    "operationId": "read_engineer",
    "description": "Read this engineer.",
    "parameters": {"engineer_id": "$response.body#/engineer_id"},
}


@router.post(
    "",
    status_code=201,
    operation_id="register_engineer",
    dependencies=[PLANNERS],
    response_model=EngineerAnswer,
    responses={201: {"links": {"read_engineer": READ_ENGINEER}}},
)
async def register_engineer(body: NewEngineer, commands: Commands) -> Response:
    """登记维修人员 / Put an engineer on the list of those who can be sent."""
    id = new_id()
    name = Text.of(id, body.name)
    command = RegisterEngineer(id, name.id, tuple(dict.fromkeys(body.skills)), body.region)
    return await commands.run(engineer.begin(id, command), body, texts=[name], creates=True, extra={"engineer_id": id})


@router.get("", operation_id="list_engineers", dependencies=[READERS], response_model=Page[EngineerFile])
async def list_engineers(
    reads: Reads,
    region: Annotated[Label | None, Field(description="区域 / Of this region")] = None,
    limit: Limit = DEFAULT,
    cursor: Cursor = None,
) -> Any:
    """维修人员列表 / Engineers, newest first."""
    page = await reads.page(engineer_list(region), engineers, limit, cursor)
    return page | {"items": await _files(reads, page["items"])}


@router.get("/{engineer_id}", operation_id="read_engineer", dependencies=[READERS], response_model=EngineerFile)
async def read_engineer(engineer_id: UUID, reads: Reads, min_version: MinVersion = None) -> Response:
    """维修人员 / One engineer."""
    await reads.wait(engineer.stream(str(engineer_id)), min_version)
    row = await reads.one(one_engineer(str(engineer_id)), "engineer")
    (file,) = await _files(reads, [row])
    return reads.answer(file, version=row["version"])


async def _files(reads: Reads, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    names = await words(reads, (row["name_id"] for row in rows))
    return [
        {key: value for key, value in row.items() if key != "name_id"} | {"name": names.get(row["name_id"])}
        for row in rows
    ]
