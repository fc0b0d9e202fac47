"""A route's query parameters: what it does not declare is refused, so that a misspelt filter is no filter less."""

from collections.abc import Collection
from typing import Self

from fastapi._compat import ModelField, field_annotation_is_sequence
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import get_flat_params
from fastapi.params import Query
from starlette.datastructures import QueryParams

from libs.chassis.problems import FieldError, malformed

MOST_VALUES = 200
"""Values of one list, at most."""
MOST_NAMED = 50


class Queries:
    """The names that a route declares, and which of them are lists: a list is a parameter that is repeated."""

    def __init__(self, names: frozenset[str], lists: frozenset[str]) -> None:
        self.names, self.lists = names, lists

    @classmethod
    def of(cls, dependant: Dependant, also: Collection[str] = ()) -> Self:
        """Those of a route and of what it depends on, and what else it takes."""
        found = query_fields(dependant)
        return cls(frozenset(map(_name, found)) | frozenset(also), frozenset(_name(f) for f in found if _is_list(f)))

    def check(self, given: QueryParams) -> None:
        """Raises a 422 problem that names what is unknown, repeated though it is no list, or too long a list."""
        counts: dict[str, int] = {}
        for name, _ in given.multi_items():
            counts[name] = counts.get(name, 0) + 1
        errors = [
            FieldError(f"query.{name[:100]}", wrong)
            for name, count in counts.items()
            if (wrong := self._wrong(name, count))
        ]
        if errors:
            raise malformed(errors[:MOST_NAMED])

    def _wrong(self, name: str, count: int) -> str | None:
        if name not in self.names:
            return "There is no such parameter here."
        if name not in self.lists:
            return "This parameter is given once." if count > 1 else None
        return f"A list has at most {MOST_VALUES} values." if count > MOST_VALUES else None


def query_fields(dependant: Dependant) -> list[ModelField]:
    """The query parameters of a route and of what it depends on."""
    return [field for field in get_flat_params(dependant) if isinstance(field.field_info, Query)]


def _name(field: ModelField) -> str:
    return field.alias


def _is_list(field: ModelField) -> bool:
    return field_annotation_is_sequence(field.field_info.annotation)
