"""JSON as we take it: RFC 8259 without the holes that parsers leave open. What it refuses is a 422 problem.

Duplicate keys, NaN and Infinity, numbers beyond a double or 64 bits, NUL and lone surrogates (which PostgreSQL does not
store), nesting and keys without end, invalid UTF-8 and byte order marks: none of them gets as far as a model.
"""

import json
import math
from typing import Any

from libs.chassis.problems import Problem, invalid

_LARGEST = 2**63
MOST_KEYS = 1000
"""Of one object. A form names each that it does not know, which takes seconds for all that fit into a body."""


class _Bad(ValueError):
    """A sentence that says what no document of ours may hold."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(pairs) > MOST_KEYS:
        raise _Bad(f"An object has over {MOST_KEYS:,} keys.")
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Bad("A key stands twice in one object.")
    return found


def _float(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise _Bad("A number is out of range.")
    return number


def _int(digits: str) -> int:
    if len(digits) > 20 or not -_LARGEST <= (number := int(digits)) < _LARGEST:
        raise _Bad("A number is out of range.")
    return number


def _constant(name: str) -> Any:
    raise _Bad(f"{name} is not JSON.")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=_float, parse_int=_int, parse_constant=_constant, strict=True
)


def loads(body: bytes) -> Any:
    """The document. Raises a 422 problem that says what is wrong, never what was sent."""
    try:
        document = _DECODER.decode(body.decode())
        if b"\\u" in body:
            _check_text(document)
    except UnicodeDecodeError:
        raise _malformed("The body is not UTF-8.") from None
    except RecursionError:
        raise _malformed("The body is nested too deeply.") from None
    except json.JSONDecodeError as error:
        raise _malformed(f"The body is not JSON, at character {error.pos}.") from None
    except _Bad as bad:
        raise _malformed(str(bad)) from None
    return document


def _malformed(sentence: str) -> Problem:
    return invalid("body", sentence, "malformed-json")


def _check_text(value: Any) -> None:
    """Refuse what only an escape can smuggle in; a raw NUL is no JSON and a raw surrogate no UTF-8."""
    if isinstance(value, str):
        if "\0" in value:
            raise _Bad("A text holds the character NUL.")
        try:
            value.encode()
        except UnicodeEncodeError:
            raise _Bad("A text holds half of a surrogate pair.") from None
    elif isinstance(value, dict):
        for key, item in value.items():
            _check_text(key)
            _check_text(item)
    elif isinstance(value, list):
        for item in value:
            _check_text(item)
