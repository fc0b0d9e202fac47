"""Headers that requests are sent with: Idempotency-Key of commands, If-Match, and If-None-Match of reads."""

import re
from typing import Any

from starlette.datastructures import Headers, QueryParams

from libs.chassis.etags import PATTERN, Tags
from libs.chassis.problems import Problem, invalid

_KEY = re.compile(r"[\x21-\x7e]{1,255}")


def idempotency_key(headers: Headers) -> str:
    """The request's one Idempotency-Key: 1 to 255 visible ASCII characters. Raises a 400 problem."""
    keys = headers.getlist("idempotency-key")
    if len(keys) > 1:
        raise Problem(400, "idempotency-key-repeated", "A request has one Idempotency-Key header.")
    if not keys:
        raise Problem(400, "idempotency-key-missing", "Every POST needs an Idempotency-Key header.")
    (key,) = keys
    if not _KEY.fullmatch(key):
        raise Problem(400, "idempotency-key-malformed", "An Idempotency-Key is 1 to 255 visible ASCII characters.")
    return key


def is_key(key: bytes) -> bool:
    """Whether this is a key, so that an answer may name its command by it."""
    return _KEY.fullmatch(key.decode("latin-1")) is not None


def expected_versions(headers: Headers) -> frozenset[int] | None:
    """The versions that If-Match asks for, one of them; None without one or for `*`. Raises a 400 problem."""
    wanted = Tags.given(headers, "if-match")
    return None if wanted is None or wanted.any else wanted.versions


def unchanged(headers: Headers, version: int, tag: str) -> bool:
    """Whether the reader has what would be answered, by If-None-Match. Raises a 412 problem by If-Match, and 400."""
    wanted = Tags.given(headers, "if-match")
    if wanted is not None and not wanted.any and version not in wanted.versions:
        raise stale()
    had = Tags.given(headers, "if-none-match")
    return had is not None and had.match(tag)


def min_version(query: QueryParams) -> int | None:
    """The version that the command's stream is to have reached; None: whatever it is. Raises a 422 problem."""
    given = query.get("min_version")
    if given is None:
        return None
    if not (given.isascii() and given.isdigit() and len(given) < 10):
        raise invalid("query.min_version", "should be a whole number below 1,000,000,000")
    return int(given)


def stale() -> Problem:
    """412: If-Match asks for another version."""
    return Problem(412, "stale-version", "Somebody changed it since you read it: read it again.")


_IF_MATCH: dict[str, Any] = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "description": "ETags as they were answered, or `*`: another version is answered 412. Weak tags never match.",
    "schema": {"type": "string", "pattern": PATTERN},
    "example": '"3"',
}

PARAMETERS: list[dict[str, Any]] = [
    {
        "name": "Idempotency-Key",
        "in": "header",
        "required": True,
        "description": "Names this command: sent again with the same key, it is answered again and not done again.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[\\x21-\\x7e]+$"},
        "example": "3f1c2f6e-5a38-4f0e-9b3c-1f6f1c2d7a10",
    },
    _IF_MATCH,
]
"""Those of a command, as OpenAPI documents them."""

MIN_VERSION: dict[str, Any] = {
    "name": "min_version",
    "in": "query",
    "required": False,
    "description": "Wait up to 2 s until what the command is about has reached this version: with 1, until it is here.",
    "schema": {"type": "integer", "minimum": 0, "maximum": 999_999_999},
}
"""Of a command on what is there, as OpenAPI documents it."""

READING: list[dict[str, Any]] = [
    _IF_MATCH,
    {
        "name": "If-None-Match",
        "in": "header",
        "required": False,
        "description": "ETags of answers that you have, or `*`: if one of them is still the answer, it is 304.",
        "schema": {"type": "string", "pattern": PATTERN},
        "example": '"3-5f1c09ab42d7"',
    },
]
"""Those of reading one thing, as OpenAPI documents them."""

TAGGED: dict[int | str, dict[str, Any]] = {
    200: {
        "headers": {
            "ETag": {
                "description": "This answer; in If-Match it stands for the version that it begins with.",
                "schema": {"type": "string", "pattern": '^"[0-9]+-[0-9a-f]{12}"$'},
            }
        }
    },
    304: {"description": "What you have is still the answer.", "headers": {"ETag": {"schema": {"type": "string"}}}},
}
"""Responses of a route that answers with `Reader.answer(version=…)`."""
