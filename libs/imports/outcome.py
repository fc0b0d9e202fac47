"""What came of each row: an id, or what is wrong with it, column by column; and the file that says so."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from libs.chassis.lists.csv_cell import safe
from libs.imports.columns import Columns
from libs.imports.template import BOM

HEADERS = {True: ("行", "结果", "编号", "问题"), False: ("row", "outcome", "id", "errors")}
WORDS = {
    True: {"created": "已建档", "sound": "无误", "wrong": "有误"},
    False: {"created": "created", "sound": "sound", "wrong": "wrong"},
}


class Wrong(msgspec.Struct, frozen=True):
    """What is wrong with one cell, or with the row where there is no column: a sentence in English."""

    column: str
    detail: str


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """One row's. `id` is of what was made; a sound row of a dry run has none."""

    row: int
    id: str | None = None
    errors: tuple[Wrong, ...] = ()

    @property
    def word(self) -> str:
        """In one word."""
        if self.errors:
            return "wrong"
        return "created" if self.id else "sound"


@dataclass(frozen=True)
class ResultLines:
    """The outcomes as lines of a CSV file in one language, part by part; `said` is a sentence in it."""

    columns: Columns
    chinese: bool
    said: Callable[[str], str]

    def head(self) -> bytes:
        """The header, with the mark by which Excel takes the file for UTF-8."""
        return BOM.encode() + _written([HEADERS[self.chinese]])

    def of(self, outcomes: Iterable[Outcome]) -> bytes:
        """A line for each row."""
        titles = {column.name: column.chinese if self.chinese else column.english for column in self.columns}
        return _written(self._line(outcome, titles) for outcome in outcomes)

    def _line(self, outcome: Outcome, titles: Mapping[str, str]) -> tuple[Any, ...]:
        errors = (
            f"{titles[wrong.column]}: {self.said(wrong.detail)}" if wrong.column in titles else self.said(wrong.detail)
            for wrong in outcome.errors
        )
        return outcome.row, WORDS[self.chinese][outcome.word], outcome.id or "", safe("; ".join(errors))


def _written(rows: Iterable[Sequence[Any]]) -> bytes:
    lines = io.StringIO(newline="")
    csv.writer(lines).writerows(rows)
    return lines.getvalue().encode()
