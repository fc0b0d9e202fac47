"""Query parameters that a route does not declare, or that are given too often, are refused on every route."""

from typing import Annotated, Any
from uuid import uuid4

import pytest
from fastapi import Query
from starlette.datastructures import QueryParams

from libs.chassis.http.routing import Route, Router
from libs.chassis.identity.auth import allow
from libs.chassis.input.queries import MOST_VALUES, query_fields
from libs.chassis.problems import Problem
from tests.chassis.conftest import Caller
from tests.chassis.routes import ROUTES

several = Router(prefix="/v1/several")


@several.get("", dependencies=[allow("agent")], response_model=dict[str, Any])
async def get_several(level: Annotated[list[int] | None, Query()] = None) -> Any:
    """Those of these levels."""
    return {"levels": level}


def _refused(route: Route, query: list[tuple[str, str]]) -> list[str]:
    with pytest.raises(Problem) as refused:
        route.queries.check(QueryParams(query))
    assert refused.value.status == 422
    return [error.field for error in refused.value.errors]


@pytest.mark.parametrize("name", ROUTES)
def test_every_route_refuses_what_it_does_not_declare(name: str) -> None:
    route = ROUTES[name]
    declared = {parameter.alias for parameter in query_fields(route.dependant)}
    assert route.queries.names >= declared
    assert _refused(route, [("page", "2"), *((known, "1") for known in sorted(declared))]) == ["query.page"]
    for known in sorted(declared - route.queries.lists):
        assert _refused(route, [(known, "1"), (known, "1")]) == [f"query.{known}"]


def test_a_list_is_repeated_up_to_its_limit() -> None:
    (route,) = [route for route in several.routes if isinstance(route, Route)]
    route.queries.check(QueryParams([("level", "1")] * MOST_VALUES))
    assert _refused(route, [("level", "1")] * (MOST_VALUES + 1)) == ["query.level"]


async def test_over_http_it_is_a_problem_that_names_the_parameter(anna: Caller) -> None:
    for query in ("page=2", "limit=1&page=2", "page"):
        answer = await anna.get(f"/v1/jobs?{query}")
        assert (answer.status_code, [error["field"] for error in answer.json()["errors"]]) == (422, ["query.page"])
    twice = await anna.get("/v1/jobs?limit=1&limit=2")
    assert (twice.status_code, twice.json()["errors"][0]["field"]) == (422, "query.limit")
    posted = await anna.post(f"/v1/jobs/{uuid4()}/count?dry_run=1", {"by": 1})
    assert (posted.status_code, posted.json()["errors"][0]["field"]) == (422, "query.dry_run")
