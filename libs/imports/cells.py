"""What a cell means, with what spreadsheets make of days, numbers and phones undone; or why it cannot be known.

A reader raises ValueError with a sentence.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

POWER = "was written as a power of ten by a spreadsheet: format the column as text, and type it again"
ERROR = "is an error of a spreadsheet, not a value"
NO_DAY = "should be a day, such as 2026-03-05"
NO_WHOLE = "should be a whole number"
NO_FLAG = "should be yes or no"
NO_AMOUNT = "should be an amount in yuan, such as 10 or 10.50"

Reader = Callable[[str, bool], Any]
"""Of a cell that is not empty, and whether its sheet counts days from 1904."""

_POWER = re.compile(r"[+-]?\d+(\.\d+)?E[+-]?\d+", re.IGNORECASE)
_ERRORS = frozenset(("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"))
_YEAR_FIRST = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T\s]+0{1,2}:00(?::00(?:\.0+)?)?)?"
)
_YEAR_LAST = re.compile(r"(\d{1,2})\s*月\s*(\d{1,2})\s*日\s*(\d{4})\s*年?")
_SERIAL = re.compile(r"(\d{1,5})(?:\.0+)?")
_YEAR = re.compile(r"(?:19|20)\d\d")
_BETWEEN = re.compile(r"[;；,，、\n]+")
_FLAGS = {"是": True, "yes": True, "y": True, "true": True, "1": True} | {
    "否": False,
    "no": False,
    "n": False,
    "false": False,
    "0": False,
}


def text(written: str, since_1904: bool = False) -> str:
    """As it stands, if a spreadsheet has left it as it was."""
    if _POWER.fullmatch(written):
        raise ValueError(POWER)
    if written.upper() in _ERRORS:
        raise ValueError(ERROR)
    return written


def several(written: str, since_1904: bool = False) -> list[str]:
    """Texts with a semicolon, a comma or a line between them."""
    return [part.strip() for part in _BETWEEN.split(text(written)) if part.strip()]


def phones(written: str, since_1904: bool = False) -> list[str]:
    """Phone numbers; each is looked at by itself for a power of ten."""
    return [text(part) for part in several(written)]


def day(written: str, since_1904: bool = False) -> str:
    """A day in ISO 8601: of the year first, of 3月5日2026年, or of the number that a spreadsheet keeps for it.

    03/05/2026 is March in one country and May in another, so it is none; nor is 2026, which would be a day of 1905.
    """
    try:
        return _day(text(written), since_1904).isoformat()
    except OverflowError:
        raise ValueError(NO_DAY) from None


def _day(written: str, since_1904: bool) -> date:
    if found := _YEAR_FIRST.fullmatch(written):
        return _of(*(int(part) for part in found.groups()))
    if found := _YEAR_LAST.fullmatch(written):
        month, day_of_month, year = (int(part) for part in found.groups())
        return _of(year, month, day_of_month)
    if (found := _SERIAL.fullmatch(written)) and not _YEAR.fullmatch(found.group(1)):
        return _counted(int(found.group(1)), since_1904)
    raise ValueError(NO_DAY)


def _of(year: int, month: int, day_of_month: int) -> date:
    try:
        return date(year, month, day_of_month)
    except ValueError:
        raise ValueError(NO_DAY) from None


def _counted(number: int, since_1904: bool) -> date:
    """A day by its number. Number 60 is the 29th of February 1900, which there was none of."""
    if since_1904:
        return date(1904, 1, 1) + timedelta(days=number)
    if number <= 60:
        raise ValueError(NO_DAY)
    return date(1899, 12, 30) + timedelta(days=number)


def whole(written: str, since_1904: bool = False) -> int:
    """A whole number, `12.0` too."""
    digits = re.sub(r"\.0+$", "", written)
    if not re.fullmatch(r"\d{1,9}", digits, re.ASCII):
        raise ValueError(NO_WHOLE)
    return int(digits)


def fen(written: str, since_1904: bool = False) -> int:
    """An amount in yuan, in fen."""
    found = re.fullmatch(r"(\d{1,7})(?:\.(\d{1,2}))?", written, re.ASCII)
    if found is None:
        raise ValueError(NO_AMOUNT)
    return int(found.group(1)) * 100 + int((found.group(2) or "").ljust(2, "0"))


def flag(written: str, since_1904: bool = False) -> bool:
    """是 or 否, yes or no."""
    if (value := _FLAGS.get(written.lower())) is None:
        raise ValueError(NO_FLAG)
    return value


def choice(words: Mapping[str, str]) -> Reader:
    """A code, or its Chinese word: what is neither is left for the form to refuse."""
    codes = {word: code for code, word in words.items()}

    def read(written: str, since_1904: bool = False) -> str:
        return codes.get(written, text(written).lower())

    return read
