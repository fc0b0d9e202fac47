"""A cursor belongs to one list and its filters, on every list of the five services."""

from typing import Any, get_args
from urllib.parse import urlencode
from uuid import UUID

import pytest
from fastapi.dependencies.utils import request_params_to_args
from starlette.datastructures import QueryParams
from starlette.requests import Request

from libs.chassis.http.routing import Route
from libs.chassis.input.queries import query_fields
from libs.chassis.lists.paging import Place, seal, unseal
from libs.chassis.lists.target import PAGING, selection
from libs.chassis.problems import Problem
from tests.chassis.conftest import As, Caller
from tests.chassis.routes import ROUTES

LISTS = {name: route for name, route in ROUTES.items() if "cursor" in route.queries.names}
ID = "018f2c6e-5a38-7f0e-9b3c-1f6f1c2d7a1f"
SAMPLES = (ID, "2026-03-02T09:00:00+08:00", "2026-03-02", "1", "true", "fix", "intake.TicketOpened")


def _asked(route: Route, query: list[tuple[str, str]], path: str = ID) -> Request:
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/",
        "route": route,
        "headers": [],
        "query_string": urlencode(query).encode(),
        "path_params": {field.alias: path for field in route.dependant.path_params},
    }
    return Request(scope)


def _codes(annotation: Any) -> list[str]:
    if isinstance(annotation, str):
        return [annotation]
    return [code for part in get_args(annotation) for code in _codes(part)]


def sample(field: Any) -> str:
    """A value that this filter takes."""
    for value in (*_codes(field.field_info.annotation), *SAMPLES):
        if value != field.default and not request_params_to_args([field], QueryParams([(field.alias, value)]))[1]:
            return value
    raise AssertionError(f"no sample for {field.alias}")


def paths(route: Route) -> tuple[str, str]:
    """Two ids that its path takes: uuids, or those of rules."""
    fields = route.dependant.path_params
    takes = request_params_to_args(fields, {field.alias: ID for field in fields})[1] == []
    return (ID, str(UUID(int=7))) if takes else ("demo", "another")


@pytest.mark.parametrize("name", LISTS)
def test_a_cursor_is_of_its_list_and_its_filters(name: str) -> None:
    route = LISTS[name]
    whole = selection(_asked(route, []))
    others = {selection(_asked(other, [])) for key, other in LISTS.items() if other.path != route.path}
    assert whole not in others
    assert selection(_asked(route, [("limit", "7"), ("cursor", "x")])) == whole
    for field in query_fields(route.dependant):
        if field.alias not in PAGING:
            assert selection(_asked(route, [(field.alias, sample(field))])) != whole
        if field.alias == "sort":
            assert selection(_asked(route, [("sort", field.default)])) == whole
    if route.dependant.path_params:
        one, another = paths(route)
        assert selection(_asked(route, [], one)) != selection(_asked(route, [], another))
        assert one != ID or selection(_asked(route, [], ID.upper())) == whole


def test_a_place_comes_back_where_it_belongs_and_nowhere_else() -> None:
    route = LISTS["intake GET /v1/tickets"]
    place = unseal("here", seal("here", ["2026-03-02T01:00:00Z", "x"]), Place)
    assert (place.at.isoformat(), place.id) == ("2026-03-02T01:00:00+00:00", "x")
    with pytest.raises(Problem) as foreign:
        unseal(selection(_asked(route, [])), seal("here", ["2026-03-02T01:00:00Z", "x"]), Place)
    assert (foreign.value.status, foreign.value.code) == (400, "invalid-cursor")


@pytest.mark.parametrize(
    "place", [[], ["x", "y"], ["2026-03-02T01:00:00", "x"], ["0001-01-01T00:00:00+14:00", "x"], [7, "x"], "x", None]
)
def test_a_forged_place_is_malformed(place: Any) -> None:
    with pytest.raises(Problem) as malformed:
        unseal("here", seal("here", place), Place)
    assert (malformed.value.status, malformed.value.code) == (422, "malformed-cursor")


async def test_over_http_a_cursor_goes_on_only_where_it_came_from(anna: Caller, caller: As) -> None:
    for _ in range(3):
        await anna.opened()
    here = (await anna.get("/v1/jobs?limit=1&total=0&total=7")).json()["next_cursor"]
    for same in ("total=7&total=0&limit=2", "total=0&total=7&total=7"):
        rest = await anna.get(f"/v1/jobs?{same}&cursor={here}")
        assert (rest.status_code, len(rest.json()["items"])) == (200, 2)
    for other in ("", "total=0&", "total=0&total=8&"):
        answer = await anna.get(f"/v1/jobs?{other}cursor={here}")
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid-cursor")
    elsewhere = await caller("operator").get(f"/v1/operations/parked?cursor={here}")
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (400, "invalid-cursor")
