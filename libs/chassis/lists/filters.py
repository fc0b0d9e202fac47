"""Filters of lists: a parameter that is repeated, "or" within one, "and" between them; spans of time.

The filters of a list are a dataclass of parameters, which its route and the route of its counts depend on,
`Annotated[TicketFilters, Depends()]`.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from fastapi import Query

from libs.chassis.input.queries import MOST_VALUES
from libs.chassis.problems import invalid
from libs.events.filters import between


def several(description: str, **more: Any) -> Any:
    """A filter that may be given up to MOST_VALUES times, for `Annotated[list[…], several("…")]`; without it: any."""
    return Query(
        default_factory=list, max_length=MOST_VALUES, description=f"{description}; may be repeated: any of them", **more
    )


def sorting(description: str) -> Any:
    """What a list may be sorted by, for `Annotated[Literal["opened_at", "-opened_at"], sorting("…")]`."""
    return Query(description=f"{description}; `-`: in descending order. Rows without a value count as the latest")


def check_span(start: datetime | None, end: datetime | None, names: tuple[str, str]) -> None:
    """Raises a 422 problem for a span that ends before it begins, by the names of its two parameters."""
    if start is not None and end is not None and start >= end:
        raise invalid(f"query.{names[1]}", f"`{names[1]}` is to be later than `{names[0]}`.", "empty-range")


def opened(table: sa.Table, opened_from: datetime | None, opened_to: datetime | None) -> list[sa.ColumnElement[bool]]:
    """That a row was opened in [opened_from, opened_to). Raises the problem of `check_span`."""
    check_span(opened_from, opened_to, ("opened_from", "opened_to"))
    return between(table.c.opened_at, opened_from, opened_to)
