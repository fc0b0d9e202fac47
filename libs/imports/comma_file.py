"""A CSV file: its text in the encodings that spreadsheets write, its delimiter, its rows."""

import csv
import io
from collections.abc import Iterator

from libs.imports.sheet import Line, Unreadable

UTF_16 = (b"\xff\xfe", b"\xfe\xff")
DELIMITERS = ",;\t"


def text_of(data: bytes) -> str:
    """UTF-8 with a byte order mark or without, UTF-16 with one, else GB18030. Raises Unreadable."""
    for encoding in ("utf-16",) if data.startswith(UTF_16) else ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            raise Unreadable("not-a-table")
        return text
    raise Unreadable("file-encoding")


def lines_of(data: bytes) -> Iterator[Line]:
    """Its rows that are not empty. Raises Unreadable."""
    text = text_of(data)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        for number, cells in enumerate(rows, 1):
            if any(cell.strip() for cell in cells):
                yield Line(number, tuple(cell.strip() for cell in cells))
    except csv.Error:
        raise Unreadable("not-a-table") from None


def _delimiter(text: str) -> str:
    """The one that the header has most of."""
    header = text.lstrip().partition("\n")[0]
    return max(DELIMITERS, key=header.count)
