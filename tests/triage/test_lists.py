"""The cases as a list: by level, and their counts."""

from typing import Any

from tests.caller import Caller
from tests.triage.test_api import CLASSIFICATION, started

LIST, COUNTS = "/v1/cases", "/v1/cases/counts"


async def of_level(caller: Caller, level: int) -> str:
    id = await started(caller)
    await caller.post(f"{LIST}/{id}/classification", CLASSIFICATION | {"level": level})
    return id


async def one_by_one(caller: Caller, **query: Any) -> list[str]:
    """The list in pages of one row."""
    found: list[str] = []
    while True:
        page = (await caller.get(LIST, limit=1, **query)).json()
        found += [item["id"] for item in page["items"]]
        if page["next_cursor"] is None:
            return found
        query["cursor"] = page["next_cursor"]


async def test_the_gravest_come_first_and_what_is_not_classified_last(caller: Caller) -> None:
    open_ones = sorted([await started(caller), await started(caller)])
    third, first = await of_level(caller, 3), await of_level(caller, 1)
    assert await one_by_one(caller, sort="level") == [first, third, *open_ones]
    assert await one_by_one(caller, sort="-level") == [*open_ones[::-1], third, first]
    assert await one_by_one(caller, sort="level", status="classified") == [first, third]


async def test_counts_are_of_the_same_filters(caller: Caller) -> None:
    await started(caller)
    for level in (1, 2, 2):
        await of_level(caller, level)
    levels = (await caller.get(COUNTS, group_by="level")).json()
    items = [{"value": "1", "count": 1}, {"value": "2", "count": 2}, {"value": None, "count": 1}]
    assert levels == {"total": 4, "complete": True, "items": items}
    classified = (await caller.get(COUNTS, group_by="status", level=[1, 2])).json()
    assert classified["items"] == [{"value": "classified", "count": 3}]
