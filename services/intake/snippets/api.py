"""HTTP of snippets: managers keep them, whoever writes reads them, and their history says who changed what."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, Field, StringConstraints, model_validator

from libs.chassis.fields import Label, Words
from libs.chassis.http import ANYONE, UUID, CommandAnswer, CommandBody, Commands, Reads, Response, Router, allow, new_id
from libs.chassis.links import links
from libs.events.contracts.intake.tickets import TicketKind
from libs.events.log.actors import acted_on
from services.intake.snippets.domain import (
    DEPARTMENT,
    KeepSnippet,
    RemoveSnippet,
    Snippet,
    SnippetEvent,
    SnippetKept,
    SnippetUse,
    snippets,
)

router = Router(tags=["snippets"])
KEEPERS = allow("manager")
NEXT = ("amend_snippet", "remove_snippet")
NO_WORDS = "Give the text in Chinese, in English, or in both."
HISTORY = 100
Brief = Annotated[Words, StringConstraints(max_length=2000)]


class NewSnippet(CommandBody):
    """常用语 / A short text to keep."""

    title: Annotated[Label, Field(description="标题 / What it is called, once", examples=["保修范围"])]
    chinese: Annotated[
        Brief | None, Field(description="中文 / The text in Chinese", examples=["滤网不在保修范围。"])
    ] = None
    english: Annotated[
        Brief | None, Field(description="英文 / The text in English", examples=["Filters are not under warranty."])
    ] = None
    use: SnippetUse | None = Field(None, description="用于 / For this field alone", examples=["note"])
    kind: TicketKind | None = Field(None, description="服务类别 / For this type of job alone", examples=["repair"])

    @model_validator(mode="after")
    def some_words(self) -> Self:
        """In one language at least."""
        if self.chinese is None and self.english is None:
            raise ValueError(NO_WORDS)
        return self


class SnippetRemoval(CommandBody):
    """删除常用语 / Nothing to say but when it happened."""


class SnippetAnswer(CommandAnswer):
    """A command on a snippet was carried out."""

    snippet_id: UUID = Field(description="常用语编号 / Id of the snippet")


class SnippetItem(BaseModel):
    """常用语 / A short text of the department's."""

    id: UUID = Field(description="常用语编号 / Id of the snippet")
    title: str = Field(description="标题 / What it is called", examples=["保修范围"])
    chinese: str | None = Field(description="中文 / The text in Chinese", examples=["滤网不在保修范围。"])
    english: str | None = Field(description="英文 / In English", examples=["Filters are not under warranty."])
    use: SnippetUse | None = Field(description="用于 / For this field alone; null: for any")
    kind: TicketKind | None = Field(description="服务类别 / For this type of job alone; null: for any")


class Snippets(BaseModel):
    """常用语 / All that are offered."""

    items: list[SnippetItem] = Field(description="常用语 / Those kept first in front, at most 200")
    version: int = Field(ge=0, description="版本 / Version of the list; 0: there was none yet")


class SnippetChange(BaseModel):
    """变更 / What became of a snippet."""

    title: str = Field(description="标题 / What it is called", examples=["保修范围"])
    change: Literal["kept", "removed"] = Field(description="变更 / Kept as it is there, or removed")
    chinese: str | None = Field(description="中文 / In Chinese, from then on", examples=["滤网不在保修范围。"])
    english: str | None = Field(description="英文 / In English", examples=["Filters are not under warranty."])
    occurred_at: datetime = Field(description="时间 / When")
    actor_name: str | None = Field(description="操作者 / Who, as far as the name is known here", examples=["李敏"])


class SnippetHistory(BaseModel):
    """变更记录 / What became of the snippets."""

    items: list[SnippetChange] = Field(description="由新到旧 / Newest first, at most 100")


@router.get(
    "/v1/snippets",
    operation_id="list_snippets",
    dependencies=[ANYONE],
    response_model=Snippets,
    responses=links(200, *NEXT, snippet_id="items/0/id"),
)
async def list_snippets(reads: Reads) -> Response:
    """常用语 / The department's short texts."""
    history = await reads.store.read(snippets.stream(DEPARTMENT))
    offered, version = snippets.replay(history), history[-1].version if history else 0
    return reads.answer({"items": offered.snippets, "version": version}, version=version or None)


@router.get(
    "/v1/snippet-changes", operation_id="list_snippet_changes", dependencies=[ANYONE], response_model=SnippetHistory
)
async def list_snippet_changes(reads: Reads) -> Any:
    """变更记录 / Who kept, changed and removed which, newest first."""
    stream = snippets.stream(DEPARTMENT)
    history = (await reads.store.read(stream))[-HISTORY:]
    names = {row["id"]: row["actor_name"] for row in await reads.rows(acted_on(stream))}
    return {
        "items": [
            {**changed(one.event), "occurred_at": one.occurred_at, "actor_name": names.get(one.id)}
            for one in reversed(history)
        ]
    }


def changed(event: SnippetEvent) -> dict[str, Any]:
    """What an event says, as it is answered."""
    if isinstance(event, SnippetKept):
        kept = event.snippet
        return {"title": kept.title, "change": "kept", "chinese": kept.chinese, "english": kept.english}
    return {"title": event.title, "change": "removed", "chinese": None, "english": None}


@router.post("/v1/snippets", operation_id="keep_snippet", dependencies=[KEEPERS], response_model=SnippetAnswer)
async def keep_snippet(body: NewSnippet, commands: Commands) -> Response:
    """增加常用语 / One more short text; the answer's `snippet_id` names it."""
    return await keeping(commands, new_id(), body, known=False)


@router.post(
    "/v1/snippets/{snippet_id}", operation_id="amend_snippet", dependencies=[KEEPERS], response_model=SnippetAnswer
)
async def amend_snippet(snippet_id: UUID, body: NewSnippet, commands: Commands) -> Response:
    """修改常用语 / All about a short text, as it is from now on."""
    return await keeping(commands, str(snippet_id), body, known=True)


async def keeping(commands: Commands, id: str, body: NewSnippet, *, known: bool) -> Response:
    """The command's answer. The first one begins the list."""
    said = body.model_dump(exclude={"occurred_at"})
    command = snippets.on(DEPARTMENT, KeepSnippet(Snippet(id=id, **said), known))
    return await commands.run(command, body, creates=True, status=200, extra={"snippet_id": id})


@router.post("/v1/snippets/{snippet_id}/removal", operation_id="remove_snippet", dependencies=[KEEPERS])
async def remove_snippet(snippet_id: UUID, commands: Commands, body: SnippetRemoval | None = None) -> Response:
    """删除常用语 / It is offered no more; what was written with it stays."""
    command = snippets.on(DEPARTMENT, RemoveSnippet(str(snippet_id)))
    return await commands.run(command, body or SnippetRemoval(occurred_at=None), creates=True, status=200)
