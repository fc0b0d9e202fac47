"""Filters of lists: "or" within one, "and" between, on every list of the five services."""

from typing import Any

import pytest
import sqlalchemy as sa
from fastapi.dependencies.utils import request_params_to_args
from starlette.datastructures import QueryParams

from libs.chassis.input.queries import MOST_VALUES, query_fields
from libs.events.database.connections import render
from libs.events.filters import fits
from tests.chassis.conftest import Caller
from tests.chassis.routes import ROUTES
from tests.chassis.test_cursors import sample

SINGLE = {
    # How a list is shown, a truth value, a moment or a span: none of them can be two at once.
    *("limit", "cursor", "min_version", "sort", "as_of", "group_by", "breached", "unassigned", "unclaimed"),
    *("name", "phone", "due_before", "opened_from", "opened_to", "from", "to", "within_seconds", "seconds", "after"),
    *("start", "minutes", "begins", "on", "component", "cause", "discoverable", "q"),
    *("due_from", "due_to", "calendar", "year", "language", "look_again_to", "archived"),
}
ONE_MATTER = {"intake GET /v1/tickets/candidates"}
"""What is asked with is one form as far as it is filled in: no filters."""
FILTERED = {
    name: route
    for name, route in ROUTES.items()
    if name not in ONE_MATTER
    and " GET /v1/" in name
    and {field.alias for field in query_fields(route.dependant)} - SINGLE
}


@pytest.mark.parametrize("name", FILTERED)
def test_every_filter_may_be_given_more_than_once(name: str) -> None:
    fields = [field for field in query_fields(FILTERED[name].dependant) if field.alias not in SINGLE]
    assert {field.alias for field in fields} <= FILTERED[name].queries.lists
    for field in fields:
        value = sample(field)
        for times in (0, 1, 2, MOST_VALUES):
            values, errors = request_params_to_args([field], QueryParams([(field.alias, value)] * times))
            assert (errors, len(values[field.name])) == ([], times)
        assert request_params_to_args([field], QueryParams([(field.alias, value)] * (MOST_VALUES + 1)))[1]


def test_there_are_such_lists() -> None:
    assert {"triage GET /v1/cases", "dispatch GET /v1/engineers", "sla GET /v1/delays"} <= FILTERED.keys()


table = sa.table("job", sa.column("kind", sa.Text), sa.column("level", sa.Integer))


@pytest.mark.parametrize(
    ("filters", "where", "values"),
    [
        ({}, "", []),
        ({"kind": [], "level": ()}, "", []),
        ({"kind": ["a"]}, "WHERE job.kind = $1::VARCHAR", ["a"]),
        (
            {"kind": ["a", "b"], "level": [1]},
            "WHERE job.kind = ANY ($1::TEXT[]) AND job.level = $2::INTEGER",
            [["a", "b"], 1],
        ),
    ],
)
def test_or_within_one_and_between(filters: Any, where: str, values: list[Any]) -> None:
    text, names, given = render(sa.select(table).where(*fits(table, filters)))
    assert " ".join(text.split()).partition(" FROM job")[2].strip() == where
    assert [given[name] for name in names] == values


async def test_over_http(anna: Caller) -> None:
    ids = [await anna.opened() for _ in range(3)]
    for id, by in zip(ids, (1, 2, 3), strict=True):
        await anna.post(f"/v1/jobs/{id}/count", {"by": by})
    page = (await anna.get("/v1/jobs?total=1&total=3&total=9")).json()
    assert [item["id"] for item in page["items"]] == [ids[2], ids[0]]
    assert len((await anna.get("/v1/jobs")).json()["items"]) == 3
    many = await anna.get("/v1/jobs?" + "&".join(f"total={n}" for n in range(MOST_VALUES + 1)))
    assert (many.status_code, many.json()["errors"][0]["field"]) == (422, "query.total")
