"""Which addresses pass: paths that mean the same to whoever reads them, below /v1."""

import re

_DOTS = rb"(?:\.|%2[Ee]){1,2}"
_NEVER = rb"2[Ff5]|5[Cc]|[01]|7[Ff]"
"""Escaped: a slash, a per cent sign, a backslash, and what cannot be printed."""
_PLAIN = rb"[\w.~!$&'()*+,;=:@-]"
_PATH = re.compile(rb"/v1(?:/(?!%b(?:/|\Z))(?:%b|%%(?!%b)[0-9A-Fa-f]{2})+)+" % (_DOTS, _PLAIN, _NEVER))
_QUERY = re.compile(rb"[!-~]*")


def passes(path: bytes) -> bool:
    """Whether a path, from /v1 on, may be sent on as it is."""
    return _PATH.fullmatch(path) is not None


def is_text(query: bytes) -> bool:
    """Whether a query is of visible ASCII characters, as all must be."""
    return _QUERY.fullmatch(query) is not None
