"""A request's values as an endpoint's arguments, without FastAPI's general solver where the endpoint is simple.

The solver takes about as long as everything else that Python does for a command. Parameters and bodies are validated by
FastAPI's own fields, so documents, errors and coercions are the same either way.
"""

from collections.abc import Callable, Mapping
from dataclasses import is_dataclass
from functools import partial
from typing import Any

from fastapi._compat import ModelField
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import request_params_to_args
from fastapi.exceptions import RequestValidationError
from fastapi.params import Body
from pydantic import ValidationError
from starlette.requests import Request

MOST_ERRORS = 1000
"""Of one body that are looked at one by one: a list of 300,000 wrong items would stop the process for seconds."""


class Made:
    """A dependency that is made of the request alone, at once: `Depends(Made(CommandRunner))`."""

    def __init__(self, make: Callable[[Any], Any]) -> None:
        self.make = make

    async def __call__(self, request: Request) -> Any:
        """For FastAPI, where an endpoint is not simple."""
        return self.make(request)


class Binding:
    """How a simple endpoint's arguments come about: path, query, one body, the request, and what is Made of it.

    A dataclass of query parameters is an argument, too: the filters that several endpoints have in common.
    """

    def __init__(self, dependant: Dependant) -> None:
        self._dependant = dependant
        self._body = dependant.body_params[0] if dependant.body_params else None
        self._made = {str(sub.name): sub.call.make for sub in dependant.dependencies if isinstance(sub.call, Made)}
        self._filters = {
            str(sub.name): (sub.call, sub.query_params)
            for sub in dependant.dependencies
            if isinstance(sub.call, type) and _is_filters(sub)
        }

    @classmethod
    def of(cls, dependant: Dependant, embeds: bool) -> "Binding | None":
        """The binding of an endpoint, or None where it wants more than a simple one does."""
        wants = (
            embeds,
            dependant.header_params,
            dependant.cookie_params,
            dependant.response_param_name,
            dependant.background_tasks_param_name,
            dependant.http_connection_param_name,
            dependant.security_scopes_param_name,
        )
        plain = all(sub.name and (isinstance(sub.call, Made) or _is_filters(sub)) for sub in dependant.dependencies)
        bodies = all(type(field.field_info) is Body for field in dependant.body_params)
        return cls(dependant) if plain and bodies and len(dependant.body_params) < 2 and not any(wants) else None

    def arguments(self, request: Request, document: Any, path: Mapping[str, Any]) -> dict[str, Any]:
        """The endpoint's arguments. Raises RequestValidationError."""
        wanted = self._dependant
        values, errors = request_params_to_args(wanted.path_params, path) if wanted.path_params else ({}, [])
        if wanted.query_params:
            found, wrong = request_params_to_args(wanted.query_params, request.query_params)
            values.update(found)
            errors.extend(wrong)
        parts = {}
        for name, (filters, fields) in self._filters.items():
            found, wrong = request_params_to_args(fields, request.query_params)
            parts[name] = partial(filters, **found)
            errors.extend(wrong)
        if self._body is not None:
            values[self._body.name], wrong = _validated(self._body, document)
            errors.extend(wrong)
        if errors:
            raise RequestValidationError(errors)
        values.update((name, part()) for name, part in parts.items())
        for name, make in self._made.items():
            values[name] = make(request)
        if wanted.request_param_name:
            values[wanted.request_param_name] = request
        return values


def _is_filters(dependant: Dependant) -> bool:
    """Whether this is a dataclass of query parameters and nothing else."""
    others = (dependant.path_params, dependant.header_params, dependant.cookie_params, dependant.body_params)
    return is_dataclass(dependant.call) and not any(others) and not dependant.dependencies


def _validated(field: ModelField, document: Any) -> tuple[Any, list[dict[str, Any]]]:
    """The body, or what is wrong with it; as FastAPI's field does it, but counted before it is listed."""
    try:
        return field._type_adapter.validate_python(document, from_attributes=True), []
    except ValidationError as error:
        if error.error_count() > MOST_ERRORS:
            return None, [{"type": "too_many_errors", "loc": ("body",), "msg": f"has over {MOST_ERRORS:,} errors"}]
        return None, [{**wrong, "loc": ("body", *wrong["loc"])} for wrong in error.errors(include_url=False)]
