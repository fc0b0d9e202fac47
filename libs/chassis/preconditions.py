"""Headers that a command is sent with: Idempotency-Key and If-Match."""

import re
from collections.abc import Mapping
from typing import Any

from starlette.datastructures import Headers

from libs.chassis.problems import Problem

_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_ETAG = re.compile(r'"([0-9]{1,9})"')


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


def expected_version(headers: Mapping[str, str]) -> int | None:
    """The version that If-Match asks for; None without one or for `*`. Raises a 400 problem."""
    if_match = headers.get("if-match")
    if if_match is None or if_match.strip() == "*":
        return None
    found = _ETAG.fullmatch(if_match.strip())
    if found is None:
        raise Problem(400, "if-match-malformed", 'If-Match is one ETag as it was answered, such as "3".')
    return int(found[1])


PARAMETERS: list[dict[str, Any]] = [
    {
        "name": "Idempotency-Key",
        "in": "header",
        "required": True,
        "description": "Names this command: sent again with the same key, it is answered again and not done again.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[\\x21-\\x7e]+$"},
        "example": "3f1c2f6e-5a38-4f0e-9b3c-1f6f1c2d7a10",
    },
    {
        "name": "If-Match",
        "in": "header",
        "required": False,
        "description": "The ETag of the version that the command was meant for; another version is answered 412.",
        "schema": {"type": "string", "pattern": '^"[0-9]{1,9}"$'},
    },
]
"""Both, as OpenAPI documents them."""
