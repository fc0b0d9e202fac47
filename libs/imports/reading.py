"""A file as a sheet, whatever it is called: a workbook begins as a zip does, everything else is a CSV file."""

from collections.abc import Iterator
from itertools import islice

from libs.imports import comma_file
from libs.imports.sheet import MOST_COLUMNS, MOST_ROWS, Line, Sheet, Unreadable
from libs.imports.workbook import ZIP, Workbook


def read(data: bytes) -> Sheet:
    """The whole. Raises Unreadable."""
    return _sheet(data, MOST_ROWS + 2)


def head(data: bytes) -> Sheet:
    """Its header and the first row below it: enough to see whether it is worth a job. Raises Unreadable."""
    return _sheet(data, 2)


def _sheet(data: bytes, most: int) -> Sheet:
    found, since_1904 = _lines(data)
    lines = tuple(islice(found, most))
    if len(lines) < 2:
        raise Unreadable("no-rows")
    if len(lines) > MOST_ROWS + 1:
        raise Unreadable("too-many-rows")
    if any(len(line.cells) > MOST_COLUMNS for line in lines):
        raise Unreadable("too-many-columns")
    return Sheet(lines[0].cells, lines[1:], since_1904)


def _lines(data: bytes) -> tuple[Iterator[Line], bool]:
    if not data.startswith(ZIP):
        return comma_file.lines_of(data), False
    workbook = Workbook(data)
    return workbook.lines(), workbook.since_1904
