"""Problem details (RFC 9457): the one shape of every answer that is not a success."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import msgspec
from starlette.responses import Response

from libs.chassis.tracing import trace

MEDIA_TYPE = "application/problem+json"


class FieldError(msgspec.Struct, frozen=True):
    """What is wrong with one field: where it is (`body.level`, `query.limit`) and a sentence."""

    field: str
    detail: str


class Problem(Exception):
    """An answer that is no success. `code` is stable and for programs, `detail` a sentence for people.

    Raise it anywhere below a route. It never carries what the caller sent, a stack trace, SQL or a path. `extensions`
    are further members, as RFC 9457 allows.
    """

    def __init__(
        self,
        status: int,
        code: str,
        detail: str = "",
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
        extensions: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(f"{status} {code}: {detail}")
        self.status, self.code, self.detail = status, code, detail
        self.title = HTTPStatus(status).phrase
        self.errors = list(errors)
        self.headers = dict(headers or {})
        self.extensions = dict(extensions or {})

    def answer(self) -> Response:
        """The response that tells it."""
        return Response(_encode(self), self.status, self.headers, MEDIA_TYPE)


def _encode(problem: Problem) -> bytes:
    body: dict[str, Any] = {
        "type": f"urn:aftercare:problem:{problem.code}",
        "title": problem.title,
        "status": problem.status,
        "code": problem.code,
        "detail": problem.detail,
        "trace_id": trace().trace_id,
    }
    if problem.errors:
        body["errors"] = problem.errors
    return msgspec.json.encode(body | problem.extensions)


def summary(errors: Sequence[FieldError]) -> str:
    """The first of what is wrong, and how much more there is."""
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return f"{errors[0].field}: {errors[0].detail}{more}"


def malformed(errors: Sequence[FieldError], code: str = "malformed") -> Problem:
    """422, field by field; at least one."""
    return Problem(422, code, summary(errors), errors)


def missing(what: str = "resource") -> Problem:
    """404: there is none, or none that the caller may know of."""
    return Problem(404, "not-found", f"There is no such {what}.")


def invalid(field: str, detail: str, code: str = "invalid") -> Problem:
    """422 about one field."""
    return malformed([FieldError(field, detail)], code)


def busy(code: str, detail: str, seconds: int = 1) -> Problem:
    """503: try the same request again after `seconds`."""
    return Problem(503, code, detail, headers={"Retry-After": str(seconds)})


SCHEMA: dict[str, Any] = {
    "title": "Problem",
    "description": "Problem details, RFC 9457.",
    "type": "object",
    "required": ["type", "title", "status", "code", "detail", "trace_id"],
    "properties": {
        "type": {"type": "string", "description": "`urn:aftercare:problem:` and the code."},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "code": {"type": "string", "description": "Stable, for programs.", "examples": ["stale-version"]},
        "detail": {"type": "string", "description": "A sentence for people."},
        "trace_id": {"type": "string", "description": "Names this request in logs and traces."},
        "errors": {
            "type": "array",
            "description": "Field by field, where fields are to blame.",
            "items": {
                "type": "object",
                "required": ["field", "detail"],
                "properties": {"field": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
    },
}

_TOLD = {
    400: "A header is missing or malformed (Idempotency-Key, If-Match, …), or the cursor is of another list.",
    401: "No valid bearer token.",
    403: "The token's roles do not allow this.",
    404: "There is none.",
    405: "Not with this method.",
    408: "The body did not arrive in time.",
    409: "A rule forbids it, the request is still in flight, or the wanted version has not been reached.",
    412: "If-Match names another version than the current one.",
    413: "The body or the event is too large.",
    414: "The address is over 8 KiB.",
    415: "The body is not application/json.",
    422: "The request is malformed, or the Idempotency-Key was used for another request.",
    429: "So many are waiting already: try again after Retry-After seconds.",
    503: "Busy or not ready: try again after Retry-After seconds.",
}


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """OpenAPI's `responses` of these statuses."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {s: {"description": _TOLD[s], "content": {MEDIA_TYPE: {"schema": schema}}} for s in statuses}
