"""An XLSX workbook: the rows of its first visible sheet, streamed.

A workbook is XML in a zip. Nothing in it is carried out: of a formula counts the value that was kept with it. What it
would unpack to is bounded before it is unpacked, and a document type, which entities could be declared in, is refused.
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
        elif name == "workbookPr":
            self.since_1904 = attributes.get("date1904") in ("1", "true")

    def _related(self, name: str, attributes: Attributes) -> None:
        if name == "Relationship":
            self._targets[attributes.get("Id", "")] = attributes.get("Target", "")

    def _run(self, part: str, begin: Callable[[str, Attributes], None]) -> None:
        for _ in self._parsed(part, Heads(begin)):
            pass

    def _parsed(self, part: str, reader: "Reader") -> Iterator[None]:
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
