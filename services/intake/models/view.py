"""The models: by name. What is said of one is read from the log."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
import sqlalchemy as sa

from libs.events import AnyRecorded
from libs.events.filters import Values, fitting
from libs.events.table import Note, newest_first, table
from libs.events.view import View
from services.intake.models.domain import ModelDefined, model
from services.intake.tables import metadata


class ModelRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the list."""

    id: str
    name: str
    maker: str | None
    components: Annotated[int, Note("how many an asset of it has to begin with")]
    version: int
    opened_at: Annotated[datetime, Note("when it was put on file")]


models = table("model", ModelRow, metadata, newest_first())
BEGINS = sa.func.lower(models.c.name).label("begins")
sa.Index("model_name", BEGINS, postgresql_ops={"begins": "text_pattern_ops"})


def apply(row: ModelRow | None, recorded: AnyRecorded) -> ModelRow | None:
    """The row after one more event of the model's stream."""
    said: ModelDefined = recorded.event
    return ModelRow(
        id=said.model_id,
        name=said.name,
        maker=said.maker,
        components=len(said.components),
        version=recorded.version,
        opened_at=row.opened_at if row else recorded.recorded_at,
    )


model_view = View.of(model, models, ModelRow, apply)


def listed(ids: Values, begins: str | None) -> sa.Select[Any]:
    """The models whose name begins so, whatever its case."""
    query = fitting(models, {"id": ids})
    if begins is None:
        return query
    return query.where(BEGINS.element.startswith(begins.lower(), autoescape=True))
