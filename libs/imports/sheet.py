"""A table as a file has it: a header, and rows of texts with the numbers that a spreadsheet shows."""

from dataclasses import dataclass

MOST_BYTES = 16 * 1024 * 1024
MOST_ROWS = 100_000
MOST_COLUMNS = 100


class Unreadable(Exception):
    """A file that is no table, or more of one than is taken; `code` says which, and is the reason of a failed job."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Line:
    """A row that is not empty: its number as a spreadsheet shows it, and its cells."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """The first row that is not empty, and those below it. `since_1904`: days are counted from then, as Macs did."""

    header: tuple[str, ...]
    lines: tuple[Line, ...]
    since_1904: bool = False
