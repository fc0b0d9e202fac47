"""HTTP of snippets: managers keep them, whoever writes reads them, and their history says who changed what."""

from typing import Annotated, Any, Self

from pydantic import BaseModel, Field, StringConstraints, model_validator

from libs.chassis.http import UUID, CommandBody, Router, allow
from libs.chassis.http.routers.kept_list import Changed, EntryRoutes, When, Who
from libs.chassis.input.fields import Label, Words
from libs.events.contracts.intake.tickets import TicketKind
from services.intake.snippets.domain import DEPARTMENT, Snippet, SnippetEvent, SnippetKept, SnippetUse, snippets

NO_WORDS = "Give the text in Chinese, in English, or in both."
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
    change: Changed
    chinese: str | None = Field(description="中文 / In Chinese, from then on", examples=["滤网不在保修范围。"])
    english: str | None = Field(description="英文 / In English", examples=["Filters are not under warranty."])
    occurred_at: When
    actor_name: Who


def changed(event: SnippetEvent) -> dict[str, Any]:
    """What an event says, as it is answered."""
    if isinstance(event, SnippetKept):
        kept = event.snippet
        return {"title": kept.title, "change": "kept", "chinese": kept.chinese, "english": kept.english}
    return {"title": event.title, "change": "removed", "chinese": None, "english": None}


router = EntryRoutes(
    router=Router(tags=["snippets"]),
    roles=allow("manager"),
    noun="snippet",
    chinese="常用语",
    path="/v1/snippets",
    form=NewSnippet,
    keep="增加常用语 / One more short text; the answer's `snippet_id` names it.",
    amend="修改常用语 / All about a short text, as it is from now on.",
    remove="删除常用语 / It is offered no more; what was written with it stays.",
).department(
    snippets, DEPARTMENT, Snippet, (Snippets, "常用语 / The department's short texts."), SnippetChange, changed
)
