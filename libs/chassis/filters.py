"""Filters of lists: a parameter that is repeated, "or" within one, "and" between them."""

from typing import Any

from fastapi import Query

from libs.chassis.queries import MOST_VALUES


def several(description: str, **more: Any) -> Any:
    """A filter that may be given up to MOST_VALUES times, for `Annotated[list[…], several("…")]`; without it: any."""
    return Query(
        default_factory=list, max_length=MOST_VALUES, description=f"{description}; may be repeated: any of them", **more
    )
