"""Text that the font can show. PDF/A takes no character without a glyph, and people write any."""

import unicodedata
from bisect import bisect_right
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

COVERAGE = Path(__file__).with_name("coverage.json")
"""The font's characters as [first, last], sorted: `python -m tools.coverage` writes it from the font."""
MISSING = "〓"
"""What Chinese typesetters put for a character that they do not have."""


def printable(value: Any) -> Any:
    """Builtins as they are, with each text in them composed, its line ends kept, and what the font lacks as 〓."""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, list):
        return [printable(item) for item in value]
    if isinstance(value, dict):
        return {key: printable(item) for key, item in value.items()}
    return value


def _text(text: str) -> str:
    lines = unicodedata.normalize("NFC", text).expandtabs(4).splitlines()
    return "\n".join("".join(map(_shown, line)) for line in lines)


@lru_cache(maxsize=8192)
def _shown(character: str) -> str:
    """The character; nothing for what is invisible by itself; 〓 for what the font lacks."""
    if unicodedata.category(character) in ("Cc", "Cf") or "\ufe00" <= character <= "\ufe0f":
        return ""
    code, place = ord(character), bisect_right(_FIRST, ord(character)) - 1
    return character if place >= 0 and code <= _LAST[place] else MISSING


_RANGES = msgspec.json.decode(COVERAGE.read_bytes(), type=list[tuple[int, int]])
_FIRST, _LAST = [first for first, _ in _RANGES], [last for _, last in _RANGES]
