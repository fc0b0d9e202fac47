"""Errors as text for logs and tables, without the values that they came with: a row in an error is personal data."""

import re
import traceback
from collections.abc import Iterator
from types import TracebackType

LONGEST = 2000
QUOTING = frozenset(["asyncpg", "pydantic", "pydantic_core", "sqlalchemy"])
"""Packages whose errors quote what they were given."""
DIAGNOSTICS = ("sqlstate", "schema_name", "table_name", "column_name", "data_type_name", "constraint_name")
_ARGUMENT = re.compile(r"query argument (\$\d+)")

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


def described(error: BaseException) -> str:
    """Type and message of an error. Of a database's error only where it happened: state, table, column, constraint."""
    return f"{type(error).__name__}{_about(error)}"[:LONGEST]


def _about(error: BaseException) -> str:
    if type(error).__module__.partition(".")[0] in QUOTING:
        where = ", ".join(_where(error))
        return f": {where}" if where else ""
    if isinstance(error, UnicodeError):
        return f": {getattr(error, 'reason', 'no valid text')}"
    if isinstance(error, BaseExceptionGroup):
        return f": {error.message} ({len(error.exceptions)})"
    return f": {error}" if str(error) else ""


def _where(error: BaseException) -> Iterator[str]:
    for name in DIAGNOSTICS:
        if value := getattr(error, name, None):
            yield f"{name.removesuffix('_name')} {value}"
    if argument := _ARGUMENT.search(str(error)):
        yield f"query argument {argument[1]}"


def traced(error: BaseException) -> str:
    """The error with its traceback, its causes first, each as it is `described`."""
    return "\n".join(_lines(error, set()))


def _lines(error: BaseException, seen: set[int]) -> Iterator[str]:
    seen.add(id(error))
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None and id(before) not in seen:
        yield from _lines(before, seen)
        yield "which led to:" if error.__cause__ else "while it was handled:"
    yield "Traceback (most recent call last):"
    yield "".join(traceback.format_tb(error.__traceback__)).rstrip("\n")
    yield described(error)
    for inner in error.exceptions if isinstance(error, BaseExceptionGroup) else ():
        if id(inner) not in seen:
            yield "among them:"
            yield from _lines(inner, seen)
