"""What exceptions are to the caller: each of the kernel's, FastAPI's and the database's has its problem."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import structlog
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.routing import Match
from starlette.types import Scope

from libs.chassis.input.fields import BLANK, NOT_BLANK
from libs.chassis.preconditions import stale
from libs.chassis.problems import FieldError, Problem, busy, malformed
from libs.chassis.telemetry import DEFECTS
from libs.events import Forbidden, Refused
from libs.events.database.connections import TRANSIENT, UNREACHABLE
from libs.events.database.pool import Crowded
from libs.events.log.store import Conflict, EventTooLarge, KeyInFlight, KeyReused, NewerLog
from libs.events.log.unit import FutureInstant, StaleVersion

log = structlog.get_logger(__name__)

MOST_ERRORS = 50
MOST_CHARACTERS = 100
"""Of one part of a field's path."""
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
SOON = {"Retry-After": "1"}

_TOLD: Mapping[type[Exception], Callable[[], Problem]] = {
    StaleVersion: stale,
    KeyReused: lambda: Problem(422, "idempotency-key-reused", "This Idempotency-Key was used for another request."),
    KeyInFlight: lambda: Problem(
        409,
        "idempotency-key-in-flight",
        "The first request with this key is still running.",
        headers={"Retry-After": "1"},
    ),
    EventTooLarge: lambda: Problem(413, "event-too-large", "What would be recorded is over 256 KiB."),
    Conflict: lambda: busy("busy", "Too many at once: try again."),
    Crowded: lambda: busy("busy", "Too many at once: try again."),
    NewerLog: lambda: busy("newer-release", "A newer release wrote this, and will answer in a moment."),
}


def problem(error: Exception, scope: Scope) -> Problem:
    """The problem that an exception is. What nothing expected is logged, and told as 500 and no more."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, Refused):
        status = 403 if isinstance(error, Forbidden) else 409
        return Problem(status, error.code, error.sentence, extensions=error.members)
    if isinstance(error, FutureInstant):
        return _future(error)
    if isinstance(error, RequestValidationError):
        return _malformed(error)
    if isinstance(error, HTTPException):
        return _http(error, scope)
    if type(error) in _TOLD:
        return _TOLD[type(error)]()
    return _ours(error)


def _future(error: FutureInstant) -> Problem:
    """With our time, so that a clock can be put right."""
    where = FieldError("body.occurred_at", "lies in the future")
    told = {"server_time": error.now}
    return Problem(422, "future-instant", "occurred_at lies more than five minutes ahead.", [where], extensions=told)


def _ours(error: Exception) -> Problem:
    if isinstance(error, UNREACHABLE):
        log.warning("database out of reach", error=type(error).__name__)
        return busy("database-unreachable", "The database is out of reach for now.")
    if isinstance(error, TRANSIENT):
        log.warning("database busy", error=type(error).__name__)
        return busy("busy", "Too many at once: try again.")
    DEFECTS.inc()
    log.error("request failed", exc_info=error)
    return Problem(500, "defect", "Something went wrong on our side; the trace id names it in our logs.")


def _malformed(error: RequestValidationError) -> Problem:
    errors = [FieldError(_field(e["loc"]), sentence_of(e)) for e in error.errors()[:MOST_ERRORS]]
    return malformed(errors)


def _field(loc: Sequence[str | int]) -> str:
    """The path to a field. Parts may be the caller's own keys, which are echoed where they could be a field's name."""
    return ".".join(map(_part, loc))


def _part(part: str | int) -> str:
    return str(part) if isinstance(part, int) else part[:MOST_CHARACTERS] if _NAME.fullmatch(part) else "*"


def sentence_of(error: Mapping[str, Any]) -> str:
    """What is wrong by one error of pydantic's, never what was sent."""
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])
    if error["type"] == "string_pattern_mismatch":
        return BLANK if error["ctx"]["pattern"] == NOT_BLANK else "is not of the form that the document gives for it"
    return str(error["msg"])


def _http(error: HTTPException, scope: Scope) -> Problem:
    if error.status_code == 405:
        return Problem(
            405, "method-not-allowed", "Not with this method.", headers={"Allow": ", ".join(_methods(scope))}
        )
    code = "no-such-route" if error.status_code == 404 else "refused"
    return Problem(error.status_code, code, "There is nothing here.", headers=error.headers)


def _methods(scope: Scope) -> list[str]:
    """The methods that this path knows, on whichever route."""
    routes = [route for route in scope["app"].routes if route.matches(scope)[0] is not Match.NONE]
    return sorted({method for route in routes for method in route.methods or ()})
