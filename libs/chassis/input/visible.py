"""What a person sees of a text: nothing at all, or all that is stored, in the order in which it is stored.

Characters go by their kind, as Unicode has it, so that the next invisible one is known already.
"""

import re
import unicodedata
from functools import lru_cache

CHARACTERS = 8192
"""Of how many it is remembered what they are: a department writes with some thousands."""
LINES = frozenset("\n\t")
"""The control characters that people's sentences hold."""

_JOINERS = frozenset("\u200c\u200d")
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Embeddings, overrides and isolates: they show a text in another order than it is stored in."""

_FLAG = re.compile("\U0001f3f4[\U000e0030-\U000e007a]{2,6}\U000e007f")
"""A flag such as Scotland's: the only place where tag characters show."""

_MARKS = frozenset({"Mn", "Mc", "Me"})
_NEVER = _MARKS | {"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"}
"""Categories of which nothing shows alone: control, format, blanks, and marks without a letter."""

_BLANK = frozenset("\u115f\u1160\u17b4\u17b5\u2065\u2800\u3164\uffa0\ufffc\U0001d159\U00013441\U00013442")
"""Blank to the eye though their category is a letter's or a symbol's: Hangul's fillers, braille's empty cell."""


def shows(text: str) -> bool:
    """Whether there is something to see."""
    return any(map(_shows, text))


def honest(sentence: str) -> bool:
    """Whether a sentence hides nothing: no control character but line ends and tabs, no change of order, no tags.

    What a script or an emoji needs hides nothing: joiners, marks of direction, variation selectors.
    """
    return not any(map(_hides, set(_FLAG.sub("", sentence)) - LINES))


def honest_name(name: str) -> bool:
    """Whether a name holds only what shows, blanks, marks on letters, and joiners where a script needs them."""
    return all(_belongs(name, place) for place, character in enumerate(name) if not _shows(character))


@lru_cache(maxsize=CHARACTERS)
def _shows(character: str) -> bool:
    if character.isascii():
        return " " < character < "\x7f"
    return not (unicodedata.category(character) in _NEVER or character in _BLANK or _ignored(ord(character)))


def _ignored(code: int) -> bool:
    """What stands for no character, and what Unicode ignores by default, also where nothing is assigned yet."""
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF or 0xFFF0 <= code <= 0xFFFB or 0xE0000 <= code <= 0xE0FFF


@lru_cache(maxsize=CHARACTERS)
def _hides(character: str) -> bool:
    kind = unicodedata.category(character)
    return kind in ("Cc", "Cs") or character in _BIDI or (kind not in _MARKS and _ignored(ord(character)))


def _belongs(name: str, place: int) -> bool:
    """Whether a character that does not show alone does so in its place in a name."""
    character, before = name[place], name[:place][-1:]
    kind = unicodedata.category(character)
    if kind == "Zs":
        return True
    if kind in _MARKS:
        return bool(before)
    return character in _JOINERS and _joins(before, name[place + 1 :][:1])


def _joins(before: str, after: str) -> bool:
    """Whether a joiner shapes these neighbours: after a virama, or between Arabic letters (RFC 5892, A.1 and A.2)."""
    return bool(before and after) and (
        unicodedata.combining(before) == 9 or {unicodedata.bidirectional(c) for c in (before, after)} == {"AL"}
    )
