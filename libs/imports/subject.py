"""What is imported: the columns of one kind, the form that a row fills in, and what it does when it is sound."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from pydantic import BaseModel, ValidationError

from libs.events.background.job_kind import Step
from libs.events.log.unit import Work
from libs.events.texts import Text
from libs.imports.columns import Columns
from libs.imports.outcome import Wrong


@dataclass(frozen=True, kw_only=True)
class Filled:
    """A row whose cells could be read and fit the form; `id` is of what it makes."""

    row: int
    id: str
    form: Any
    said: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a row does: a story, with what is written beside the log.

    `streams` are those that it reads: all rows of a step have them read at once.
    """

    work: Work
    streams: Sequence[str] = ()
    occurred_at: datetime | None = None
    texts: Sequence[Text] = ()
    rows: Sequence[tuple[sa.Table, dict[str, Any]]] = ()


Planned = Plan | tuple[Wrong, ...]


class Subject(ABC):
    """One kind. `may_refuse`: a plan's story may be refused, so it is tried before it is decided."""

    columns: Columns
    form: type[BaseModel]
    may_refuse = False

    @abstractmethod
    def document(self, said: Mapping[str, Any]) -> dict[str, Any]:
        """What a row says by column, as the form asks for it."""

    @abstractmethod
    async def plans(self, step: Step[Any, Any], rows: Sequence[Filled]) -> list[Planned]:
        """What each row does, or what is wrong with it: all are looked up at once."""

    def column_of(self, place: Sequence[Any]) -> str:
        """The column to blame for what is wrong at a place of the form, such as ("site", "address")."""
        names = [str(part) for part in place if not isinstance(part, int)]
        known = {column.name for column in self.columns}
        return next((name for name in reversed(names) if name in known), "")

    def filled(self, row: int, id: str, said: Mapping[str, Any]) -> Filled | tuple[Wrong, ...]:
        """A row through the form that a person would fill in."""
        try:
            form = self.form.model_validate(self.document(said))
        except ValidationError as error:
            flaws = error.errors(include_url=False, include_input=False, include_context=False)
            return tuple(Wrong(self.column_of(flaw["loc"]), _sentence(flaw["msg"])) for flaw in flaws[:20])
        return Filled(row=row, id=id, form=form, said=said)


def _sentence(message: str) -> str:
    """As the services say it of a body."""
    return message.removeprefix("Value error, ")
