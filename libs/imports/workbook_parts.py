"""What the parts of a workbook say, element by element: attributes, the texts that cells share, the rows of a sheet."""

from collections.abc import Callable
from dataclasses import dataclass, field

from libs.imports.sheet import MOST_COLUMNS, Line, Unreadable

EXACT = 10**15
"""A spreadsheet keeps fifteen digits of a number: what is longer has lost its end."""

MOST_STRINGS = 5_000_000
"""An empty one takes five bytes of XML, and eight of memory in the list."""

MOST_LETTERS = 32_767
"""Of a cell: what spreadsheets allow."""

Attributes = dict[str, str]


class Reader:
    """What listens to a part; it hears elements without their prefixes."""

    def begin(self, name: str, attributes: Attributes) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """It ends."""

    def text(self, text: str) -> None:
        """What stands in it."""


@dataclass
class Heads(Reader):
    """Elements of which the attributes say all."""

    heard: Callable[[str, Attributes], None]

    def begin(self, name: str, attributes: Attributes) -> None:
        self.heard(name, attributes)


@dataclass
class Strings(Reader):
    """The texts that cells name by number. How Japanese is read aloud (`rPh`) is none of a text."""

    texts: list[str] = field(default_factory=list)
    _bits: list[str] = field(default_factory=list)
    _letters: int = 0
    _within: str = ""

    def begin(self, name: str, attributes: Attributes) -> None:
        if name == "si":
            self._bits, self._letters = [], 0
        elif name in ("t", "rPh") and self._within != "rPh":
            self._within = name

    def end(self, name: str) -> None:
        if name == "si":
            if len(self.texts) == MOST_STRINGS:
                raise Unreadable("workbook-too-large")
            self.texts.append("".join(self._bits).strip())
        elif name == self._within:
            self._within = ""

    def text(self, text: str) -> None:
        if self._within == "t":
            self._letters = _letters(self._letters, text)
            self._bits.append(text)


@dataclass
class Rows(Reader):
    """The rows of a sheet."""

    strings: list[str]
    _lines: list[Line] = field(default_factory=list)
    _cells: dict[int, str] = field(default_factory=dict)
    _bits: list[str] = field(default_factory=list)
    _letters: int = 0
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
            self._kind, self._bits, self._letters = attributes.get("t", "n"), [], 0
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
            self._letters = _letters(self._letters, text)
            self._bits.append(text)

    def _said(self, written: str) -> str:
        if self._kind == "s":
            place = _whole(written, -1)
            return self.strings[place] if 0 <= place < len(self.strings) else ""
        if self._kind == "b":
            return "TRUE" if written == "1" else "FALSE"
        return _number(written) if self._kind == "n" and written else written


def _letters(before: int, text: str) -> int:
    """How many a cell has with these. Raises Unreadable."""
    if before + len(text) > MOST_LETTERS:
        raise Unreadable("not-a-table")
    return before + len(text)


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
