"""What a request is about, however it is spelt: its route with the values in its path, and the filters of its list."""

from collections.abc import Mapping
from typing import Any

import msgspec
from fastapi.dependencies.utils import request_params_to_args
from fastapi.routing import APIRoute
from starlette.requests import Request

from libs.chassis.input.queries import query_fields

PAGING = frozenset(("limit", "cursor", "min_version"))
"""Query parameters that do not say which rows a list has."""


def resource(request: Request) -> str:
    """Method and route of the request, and the parsed values of its path: one text for every spelling of one address.

    An id in capitals, or percent-encoded, is the same id.
    """
    route, given = request.scope["route"], request.path_params
    where = f"{request.method} {route.path}"
    return f"{where} {_one_spelling(_parsed(route.dependant.path_params, given))}" if given else where


def selection(request: Request) -> str:
    """The resource, its filters and its sort as they were meant: in any order, a list without repetitions."""
    route: APIRoute = request.scope["route"]
    filters = [field for field in query_fields(route.dependant) if field.alias not in PAGING]
    wanted, usual = _parsed(filters, request.query_params), {field.name: field.default for field in filters}
    meant = {name: value for name, value in wanted.items() if value not in (None, [], usual[name])}
    return f"{resource(request)} {_one_spelling(meant)}"


def _parsed(fields: Any, given: Mapping[str, Any]) -> dict[str, Any]:
    """The values of these fields. The request was validated before, so there are no errors left."""
    return request_params_to_args(fields, given)[0]


def _one_spelling(values: Mapping[str, Any]) -> str:
    plain = {
        name: sorted({str(item) for item in value}) if isinstance(value, list) else value
        for name, value in values.items()
    }
    return msgspec.json.encode(plain, order="deterministic").decode()
