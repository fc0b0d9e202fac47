"""The columns of one kind of records, and which of them stands where in a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from libs.imports.cells import Reader, text
from libs.imports.sheet import Line, Sheet

MISSING = "The column is missing."
UNKNOWN = "There is no such column."
TWICE = "The column stands twice."
REQUIRED = "Field required"
REPEATED = "stands in an earlier row of this file, too"


@dataclass(frozen=True)
class Column:
    """One column: `name` for programs, and what its header says in both languages.

    `unique`: no two rows of a file have the same in all columns that are.
    """

    name: str
    chinese: str
    english: str
    read: Reader = text
    required: bool = False
    unique: bool = False

    def title(self, chinese: bool) -> str:
        """Its header, with an asterisk where it has to be filled in."""
        return f"{self.chinese if chinese else self.english}{'*' if self.required else ''}"


Columns = Sequence[Column]
Errors = list[tuple[str, str]]
"""Columns by name, each with a sentence in English."""


class Flawed(Exception):
    """A header that cannot be gone by: places such as `column[3]` or `column.name`, each with a sentence."""

    def __init__(self, errors: Errors) -> None:
        super().__init__("the header")
        self.errors = errors


def placed(columns: Columns, header: Sequence[str]) -> dict[int, Column]:
    """Which column stands where. Raises Flawed."""
    known = {said: column for column in columns for said in _sayings(column)}
    found: dict[int, Column] = {}
    errors: Errors = []
    for place, title in enumerate(header):
        column = known.get(_plain(title))
        if column is None or column in found.values():
            if title:
                errors.append((f"column[{place + 1}]", TWICE if column else UNKNOWN))
        else:
            found[place] = column
    missing = [column for column in columns if column.required and column not in found.values()]
    errors.extend((f"column.{column.name}", MISSING) for column in missing)
    if errors:
        raise Flawed(errors[:50])
    return found


def _sayings(column: Column) -> list[str]:
    return [_plain(said) for said in (column.name, column.chinese, column.english)]


def _plain(title: str) -> str:
    return title.strip().rstrip("*＊").strip().lower()


def values(where: Mapping[int, Column], line: Line, since_1904: bool) -> tuple[dict[str, Any], Errors]:
    """What a row says by column, and what is wrong with it; an empty cell says nothing."""
    said: dict[str, Any] = {}
    errors: Errors = []
    for place, column in where.items():
        written = line.cells[place] if place < len(line.cells) else ""
        if not written:
            if column.required:
                errors.append((column.name, REQUIRED))
            continue
        try:
            said[column.name] = column.read(written, since_1904)
        except ValueError as error:
            errors.append((column.name, str(error)))
    return said, errors


def repetitions(columns: Columns, where: Mapping[int, Column], sheet: Sheet) -> dict[int, str]:
    """By row number, the column to blame for what an earlier row has, too: all the unique columns together."""
    places = [place for place, column in where.items() if column.unique]
    if not places or len(places) < sum(column.unique for column in columns):
        return {}
    found: dict[int, str] = {}
    seen: set[tuple[str, ...]] = set()
    for line in sheet.lines:
        key = tuple(line.cells[place] for place in places if place < len(line.cells) and line.cells[place])
        if len(key) == len(places) and key in seen:
            found[line.number] = where[places[-1]].name
        seen.add(key)
    return found
