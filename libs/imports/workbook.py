"""An XLSX workbook: the rows of its first visible sheet, streamed.

A workbook is XML in a zip. Nothing in it is carried out: of a formula counts the value that was kept with it. What it
would unpack to is bounded before it is unpacked, and a document type, which entities could be declared in, is refused.
So is what no spreadsheet writes, and what would cost time or memory without end: elements in elements, and tags of
mebibytes, which a parser goes through again with every bit.
"""

import io
import posixpath
import zipfile
import zlib
from collections.abc import Callable, Iterator
from xml.parsers import expat

from libs.imports.sheet import Line, Unreadable
from libs.imports.workbook_parts import Attributes, Heads, Reader, Rows, Strings

ZIP = b"PK\x03\x04"
MOST_UNPACKED = 256 * 1024 * 1024
MOST_PARTS, MOST_SHEETS = 1000, 20
CHUNK = 64 * 1024
MOST_TAG, MOST_DEEP = 4 * CHUNK, 100
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""How a workbook's parts may be packed (ECMA-376): other methods ask for as much memory as the file says."""

BROKEN = (
    expat.ExpatError, zipfile.BadZipFile, zlib.error, LookupError, ValueError, OverflowError, RuntimeError, EOFError,
    OSError,
)  # fmt: skip
"""What reading a damaged part raises; LookupError and ValueError: it names an encoding that nobody knows."""
WORKBOOK, RELATIONS, STRINGS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml"


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
        if WORKBOOK not in self._zip.namelist() or any(part.compress_type not in METHODS for part in parts):
            raise Unreadable("not-a-table")
        self.since_1904 = False
        self._sheets: list[str] = []
        self._targets: dict[str, str] = {}
        self._run(WORKBOOK, self._found)
        self._run(RELATIONS, self._related)

    def lines(self) -> Iterator[Line]:
        """The rows of the first visible sheet that are not empty. Raises Unreadable."""
        if not self._sheets:
            raise Unreadable("no-rows")
        target = self._targets.get(self._sheets[0], "worksheets/sheet1.xml")
        strings = Strings()
        if STRINGS in self._zip.namelist():
            for _ in self._parsed(STRINGS, strings):
                pass
        rows = Rows(strings.texts)
        for _ in self._parsed(posixpath.normpath(posixpath.join("/xl", target)).lstrip("/"), rows):
            yield from rows.taken()

    def _found(self, name: str, attributes: Attributes) -> None:
        if name == "sheet" and attributes.get("state", "visible") == "visible":
            self._sheets.append(next((value for key, value in attributes.items() if key.endswith(":id")), ""))
            if len(self._sheets) > MOST_SHEETS:
                raise Unreadable("too-many-sheets")
        elif name == "workbookPr":
            self.since_1904 = attributes.get("date1904") in ("1", "true")

    def _related(self, name: str, attributes: Attributes) -> None:
        if name == "Relationship":
            self._targets[attributes.get("Id", "")] = attributes.get("Target", "")
            if len(self._targets) > MOST_PARTS:
                raise Unreadable("workbook-too-large")

    def _run(self, part: str, begin: Callable[[str, Attributes], None]) -> None:
        for _ in self._parsed(part, Heads(begin)):
            pass

    def _parsed(self, part: str, reader: Reader) -> Iterator[None]:
        """Give a part to its reader, bit by bit."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _no_document_type
        nested = Nested(reader)
        parser.StartElementHandler, parser.EndElementHandler = nested.begin, nested.end
        parser.CharacterDataHandler = reader.text
        given = 0
        try:
            with self._zip.open(part) as stream:
                while chunk := stream.read(CHUNK):
                    parser.Parse(chunk, False)
                    given += len(chunk)
                    if 0 <= parser.CurrentByteIndex < given - MOST_TAG:
                        raise Unreadable("not-a-table")
                    yield
                parser.Parse(b"", True)
                yield
        except BROKEN:
            raise Unreadable("not-a-table") from None


class Nested:
    """Tells a reader of elements without their prefixes, as deep as a workbook has them."""

    def __init__(self, reader: Reader) -> None:
        self._reader, self._deep = reader, 0

    def begin(self, name: str, attributes: Attributes) -> None:
        """An element begins. Raises Unreadable."""
        self._deep += 1
        if self._deep > MOST_DEEP:
            raise Unreadable("not-a-table")
        self._reader.begin(name.rpartition(":")[2], attributes)

    def end(self, name: str) -> None:
        """It ends."""
        self._deep -= 1
        self._reader.end(name.rpartition(":")[2])


def _no_document_type(*_: object) -> None:
    raise Unreadable("not-a-table")
