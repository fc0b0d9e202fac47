"""HTTP of small lists that people keep: the commands on an entry; of a department's list, also it and its history."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal, TypeAlias

from fastapi import Path, params
from pydantic import BaseModel, Field, create_model

from libs.chassis.http import (
    ANYONE,
    UUID,
    CommandAnswer,
    CommandBody,
    Commands,
    Principal,
    Reads,
    Response,
    Router,
    new_id,
)
from libs.chassis.links import links
from libs.events import Addressed
from libs.events.kept_list import Entry, Keep, KeptDecider, Remove
from libs.events.texts import Text

NEWEST = 100
"""So many changes are told."""

Changed = Annotated[Literal["kept", "removed"], Field(description="变更 / Kept as it is there, or removed")]
When = Annotated[datetime, Field(description="时间 / When")]
Who = Annotated[str | None, Field(description="操作者 / Who, as far as the name is known here", examples=["李敏"])]

Put = Callable[[Principal, str, Any, bool], tuple[Addressed, Sequence[Text]]]
"""The caller, an entry's id, its form and whether it is known already: the command that keeps it, and its texts."""
Drop = Callable[[Principal, str], Addressed]


@dataclass(frozen=True, kw_only=True)
class EntryRoutes:
    """One kind of entries: its names, its form, and what its three commands do, in Chinese, a slash and English.

    `verb` begins the operation of one more entry.
    """

    router: Router
    roles: params.Depends
    noun: str
    chinese: str
    path: str
    form: type[CommandBody]
    keep: str
    amend: str
    remove: str
    verb: str = "keep"

    @property
    def linked(self) -> dict[int | str, dict[str, Any]]:
        """What the list leads to."""
        return links(200, f"amend_{self.noun}", f"remove_{self.noun}", **{f"{self.noun}_id": "items/0/id"})

    def commands(self, put: Put, drop: Drop) -> None:
        """Routes of one more entry, of all about one, and of its removal. The first command begins the list."""
        noun, form, router, roles = self.noun, self.form, self.router, [self.roles]
        named = (UUID, Field(description=f"{self.chinese}编号 / Id of the {noun}"))
        about = f"A command on a {noun} was carried out."
        answer = self._model("Answer", about, CommandAnswer, **{f"{noun}_id": named})
        about = f"删除{self.chinese} / Nothing to say but when it happened."
        removal: Any = self._model("Removal", about, CommandBody)
        Id: TypeAlias = Annotated[UUID, Path(alias=f"{noun}_id")]
        one = f"{self.path}/{{{noun}_id}}"

        async def kept(commands: Commands, id: str, body: CommandBody, known: bool) -> Response:
            work, texts = put(commands.principal, id, body, known)
            return await commands.run(work, body, texts=texts, creates=True, status=200, extra={f"{noun}_id": id})

        @router.post(self.path, dependencies=roles, response_model=answer, **_named(f"{self.verb}_{noun}", self.keep))
        async def keep(body: form, commands: Commands) -> Response:  # type: ignore[valid-type]  # an argument
            return await kept(commands, new_id(), body, False)

        @router.post(one, dependencies=roles, response_model=answer, **_named(f"amend_{noun}", self.amend))
        async def amend(id: Id, body: form, commands: Commands) -> Response:  # type: ignore[valid-type]  # as above
            return await kept(commands, str(id), body, True)

        @router.post(f"{one}/removal", dependencies=roles, **_named(f"remove_{noun}", self.remove))
        async def remove(id: Id, commands: Commands, body: removal | None = None) -> Response:
            work = drop(commands.principal, str(id))
            return await commands.run(work, body or removal(occurred_at=None), creates=True, status=200)

    def department(
        self,
        decider: KeptDecider[Any],
        list_id: str,
        entry: Callable[..., Entry],
        items: tuple[type[BaseModel], str],
        change: type[BaseModel],
        changed: Callable[[Any], Mapping[str, Any]],
    ) -> Router:
        """The router with all of a list that a department has once, whose entries are what their form says.

        `items` is the answer of the list, and what is said of it; `changed` is what an event says, as `change` has it.
        """
        noun, router, stream = self.noun, self.router, decider.stream(list_id)
        listing = (list[change], Field(description=f"由新到旧 / Newest first, at most {NEWEST}"))  # type: ignore[valid-type]  # as above
        history = self._model("History", f"变更记录 / What became of the {noun}s.", BaseModel, items=listing)
        of_all = _named(f"list_{noun}s", items[1])
        of_changes = _named(f"list_{noun}_changes", "变更记录 / Who kept, changed and removed which, newest first.")

        @router.get(self.path, dependencies=[ANYONE], response_model=items[0], responses=self.linked, **of_all)
        async def listed(reads: Reads) -> Response:
            entries, version = await reads.store.state(decider, list_id)
            return reads.answer({"items": entries, "version": version}, version=version or None)

        @router.get(f"/v1/{noun}-changes", dependencies=[ANYONE], response_model=history, **of_changes)
        async def changes(reads: Reads) -> Any:
            newest = await reads.store.newest(stream, NEWEST)
            names = await reads.names({each.actor for each in newest})
            when = [{"occurred_at": each.occurred_at, "actor_name": names.get(each.actor)} for each in newest]
            return {"items": [{**changed(each.event), **told} for each, told in zip(newest, when, strict=True)]}

        def put(caller: Principal, id: str, body: CommandBody, known: bool) -> tuple[Addressed, Sequence[Text]]:
            said = body.model_dump(exclude={"occurred_at"})
            return decider.on(list_id, Keep(entry(id=id, **said), known)), []

        def drop(caller: Principal, id: str) -> Addressed:
            return decider.on(list_id, Remove(id))

        self.commands(put, drop)
        return router

    def _model(self, kind: str, about: str, base: type[BaseModel], **fields: Any) -> type[BaseModel]:
        name = f"{self.noun.capitalize()}{kind}"
        return create_model(name, __base__=base, __doc__=about, __module__=self.form.__module__, **fields)


def _named(operation: str, about: str) -> dict[str, Any]:
    return {"operation_id": operation, "name": operation, "description": about}
