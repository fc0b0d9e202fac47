"""`python -m tools.coverage`: which characters the forms' font has, into libs/documents/coverage.json."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec
import pylopdf_fonts_zh_cn
from fontTools.ttLib import TTFont

from libs.documents.printable import COVERAGE

FONT = Path(pylopdf_fonts_zh_cn.__file__).parent / "NotoSerifSC-Regular.otf"


def main() -> None:
    """Write it."""
    COVERAGE.write_bytes(encoded(ranges(characters())))


def characters() -> list[int]:
    """The font's, in order. None that a private use gives a meaning, which a PDF for the archive may not have."""
    with TTFont(FONT, lazy=True) as font:
        found = sorted(font.getBestCmap())
    return [code for code in found if not (0xE000 <= code <= 0xF8FF or code >= 0xF0000)]


def ranges(codes: Iterable[int]) -> Iterator[tuple[int, int]]:
    """First and last of each run."""
    first = last = -2
    for code in codes:
        if code != last + 1:
            if last >= 0:
                yield first, last
            first = code
        last = code
    yield first, last


def encoded(found: Iterable[tuple[int, int]]) -> bytes:
    """A line for each thousand or so, so that a change can be read."""
    lines = [msgspec.json.encode(pair).decode() for pair in found]
    rows = [", ".join(lines[start : start + 10]) for start in range(0, len(lines), 10)]
    return ("[\n" + ",\n".join(rows) + "\n]\n").encode()


if __name__ == "__main__":
    main()
