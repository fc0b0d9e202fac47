"""What came of each row: an id, or what is wrong with it, column by column; and the file that says so."""

import csv
import io
from collections.abc import Callable, Iterable

import msgspec

from libs.chassis.csv_cell import safe
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


def result_file(outcomes: Iterable[Outcome], columns: Columns, chinese: bool, said: Callable[[str], str]) -> bytes:
    """The outcomes as CSV, in one language; `said` is a sentence in it."""
    titles = {column.name: column.chinese if chinese else column.english for column in columns}
    written = io.StringIO(newline="")
    rows = csv.writer(written)
    rows.writerow(HEADERS[chinese])
    for outcome in outcomes:
        errors = (
            f"{titles[wrong.column]}: {said(wrong.detail)}" if wrong.column in titles else said(wrong.detail)
            for wrong in outcome.errors
        )
        rows.writerow((outcome.row, WORDS[chinese][outcome.word], outcome.id or "", safe("; ".join(errors))))
    return (BOM + written.getvalue()).encode()
