"""An XLSX workbook: the rows of its first visible sheet, streamed.

A workbook is XML in a zip. Nothing in it is carried out: of a formula counts the value that was kept with it. What it
would unpack to is bounded before it is unpacked, and a document type, which entities could be declared in, is refused.
"""

import io
import posixpath
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from libs.imports.sheet import MOST_COLUMNS, Line, Unreadable

ZIP = b"PK\x03\x04"
MOST_UNPACKED = 256 * 1024 * 1024
MOST_PARTS, MOST_SHEETS = 1000, 20
CHUNK = 64 * 1024
EXACT = 10**15
"""A spreadsheet keeps fifteen digits of a number: what is longer has lost its end."""

WORKBOOK, RELATIONS, STRINGS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml"
Attributes = dict[str, str]


class Workbook:
    """An opened one. Raises Unreadable."""

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError):
            raise Unreadable("not-a-table") from None
        parts = self._zip.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
            raise Unreadable("workbook-too-large")
        if WORKBOOK not in self._zip.namelist():
            raise Unreadable("not-a-table")
        self.since_1904 = False
        self._sheets: list[str] = []
        self._targets: dict[str, str] = {}
        self._run(WORKBOOK, self._found)
        self._run(RELATIONS, self._related)

    def lines(self) -> Iterator[Line]:
        """The rows of the first visible sheet that are not empty. Raises Unreadable."""
        if not 0 < len(self._sheets) <= MOST_SHEETS:
            raise Unreadable("too-many-sheets" if self._sheets else "no-rows")
        target = self._targets.get(self._sheets[0], "worksheets/sheet1.xml")
        strings = _Strings()
        if STRINGS in self._zip.namelist():
            for _ in self._parsed(STRINGS, strings):
                pass
        rows = _Rows(strings.texts)
        for _ in self._parsed(posixpath.normpath(posixpath.join("/xl", target)).lstrip("/"), rows):
            yield from rows.taken()

    def _found(self, name: str, attributes: Attributes) -> None:
        if name == "sheet" and attributes.get("state", "visible") == "visible":
            self._sheets.append(next((value for key, value in attributes.items() if key.endswith(":id")), ""))
        elif name == "workbookPr":
            self.since_1904 = attributes.get("date1904") in ("1", "true")

    def _related(self, name: str, attributes: Attributes) -> None:
        if name == "Relationship":
            self._targets[attributes.get("Id", "")] = attributes.get("Target", "")

    def _run(self, part: str, begin: Callable[[str, Attributes], None]) -> None:
        for _ in self._parsed(part, _Heads(begin)):
            pass

    def _parsed(self, part: str, reader: "_Reader") -> Iterator[None]:
        """Give a part to its reader, bit by bit."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _no_document_type
        parser.StartElementHandler = lambda name, attributes: reader.begin(name.rpartition(":")[2], attributes)
        parser.EndElementHandler = lambda name: reader.end(name.rpartition(":")[2])
        parser.CharacterDataHandler = reader.text
        try:
            with self._zip.open(part) as stream:
                while chunk := stream.read(CHUNK):
                    parser.Parse(chunk, False)
                    yield
                parser.Parse(b"", True)
                yield
        except (expat.ExpatError, zipfile.BadZipFile, zlib.error, KeyError, RuntimeError, EOFError, OSError):
            raise Unreadable("not-a-table") from None


def _no_document_type(*_: object) -> None:
    raise Unreadable("not-a-table")


class _Reader:
    """What listens to a part; it hears elements without their prefixes."""

    def begin(self, name: str, attributes: Attributes) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """It ends."""

    def text(self, text: str) -> None:
        """What stands in it."""


@dataclass
class _Heads(_Reader):
    """Elements of which the attributes say all."""

    heard: Callable[[str, Attributes], None]

    def begin(self, name: str, attributes: Attributes) -> None:
        self.heard(name, attributes)


@dataclass
class _Strings(_Reader):
    """The texts that cells name by number. How Japanese is read aloud (`rPh`) is none of a text."""

    texts: list[str] = field(default_factory=list)
    _bits: list[str] = field(default_factory=list)
    _within: str = ""

    def begin(self, name: str, attributes: Attributes) -> None:
        if name == "si":
            self._bits = []
        elif name in ("t", "rPh") and self._within != "rPh":
            self._within = name

    def end(self, name: str) -> None:
        if name == "si":
            self.texts.append("".join(self._bits).strip())
        elif name == self._within:
            self._within = ""

    def text(self, text: str) -> None:
        if self._within == "t":
            self._bits.append(text)


@dataclass
class _Rows(_Reader):
    """The rows of a sheet."""

    strings: list[str]
    _lines: list[Line] = field(default_factory=list)
    _cells: dict[int, str] = field(default_factory=dict)
    _bits: list[str] = field(default_factory=list)
    _number: int = 0
    _column: int = -1
    _kind: str = "n"
    _open: bool = False

    def taken(self) -> list[Line]:
        """Those that were read since the last time."""
        lines, self._lines = self._lines, []
        return lines

    def begin(self, name: str, attributes: Attributes) -> None:
        if name == "row":
            self._number = _whole(attributes.get("r"), self._number + 1)
            self._cells, self._column = {}, -1
        elif name == "c":
            self._column = _column(attributes.get("r", ""), self._column + 1)
            self._kind, self._bits = attributes.get("t", "n"), []
        elif name in ("v", "t"):
            self._open = True

    def end(self, name: str) -> None:
        if name in ("v", "t"):
            self._open = False
        elif name == "c" and (said := self._said("".join(self._bits).strip())):
            if self._column >= MOST_COLUMNS:
                raise Unreadable("too-many-columns")
            self._cells[self._column] = said
        elif name == "row" and self._cells:
            width = max(self._cells) + 1
            self._lines.append(Line(self._number, tuple(self._cells.get(place, "") for place in range(width))))

    def text(self, text: str) -> None:
        if self._open:
            self._bits.append(text)

    def _said(self, written: str) -> str:
        if self._kind == "s":
            place = _whole(written, -1)
            return self.strings[place] if 0 <= place < len(self.strings) else ""
        if self._kind == "b":
            return "TRUE" if written == "1" else "FALSE"
        return _number(written) if self._kind == "n" and written else written


def _whole(written: str | None, otherwise: int) -> int:
    return int(written) if written and written.isascii() and written.isdigit() and len(written) < 10 else otherwise


def _column(reference: str, otherwise: int) -> int:
    """0 for A1, 26 for AA1."""
    place = 0
    for letter in reference.upper()[:4]:
        if not "A" <= letter <= "Z":
            break
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1 if place else otherwise


def _number(written: str) -> str:
    """A number as a person writes it; one that has lost digits stays a power of ten, and is refused where it stands."""
    try:
        value = float(written)
    except ValueError:
        return written
    if value.is_integer() and abs(value) < EXACT:
        return str(int(value))
    return f"{value:E}" if abs(value) >= EXACT else repr(value)
