"""A count's list is filtered by what its key is made of, and an index finds the rows of each filter."""

from importlib import import_module

import msgspec
import pytest
import sqlalchemy as sa

from libs.events.table import by_key, table
from libs.events.view import Count
from libs.services import EVENT_SERVICES

COUNTS = {
    view.table.name: view.table
    for service in EVENT_SERVICES
    for view in import_module(f"services.{service}.app").service.views
    if isinstance(view, Count)
}


class DayRow(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    day: str
    region: str
    visits: int


def unfound(table: sa.Table) -> list[str]:
    """The columns of a count's table that are neither sums nor begin an index."""
    first = {next(iter(index.columns)).name for index in table.indexes}
    others = [column for column in table.columns if not column.primary_key and not isinstance(column.type, sa.Integer)]
    return [column.name for column in others if column.name not in first]


@pytest.mark.parametrize("name", COUNTS)
def test_what_a_count_is_filtered_by_begins_an_index(name: str) -> None:
    assert unfound(COUNTS[name]) == [], "name it in by_key(…) of libs/events/table.py"


def test_a_part_of_the_key_without_an_index_is_named() -> None:
    assert unfound(table("day", DayRow, sa.MetaData(), by_key("day"))) == ["region"]
