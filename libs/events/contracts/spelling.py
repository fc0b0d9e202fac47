"""One spelling for what is compared: regions, contract numbers, skills. Two ways to write a word become the same text.

People type a word with full-width letters, a blank too many, or an accent in two parts; two services and a policy that
compare the texts as typed would never meet. So every service writes names of things in the form that is made here.
"""

import unicodedata
from functools import lru_cache

MOST_KNOWN = 4096


@lru_cache(MOST_KNOWN)
def label(written: str) -> str:
    """A short name in its one spelling: composed characters (NFC) of one width, single blanks and none around it.

    Width is all that a character loses: `Ａ` and `ｱ` become `A` and `ア`, but `①` stays what it is, and so does case.
    """
    return " ".join(unicodedata.normalize("NFC", "".join(map(_one_width, written))).split())


@lru_cache(MOST_KNOWN)
def code(written: str) -> str:
    """A name that programs compare, such as a skill's, in its one spelling: that of a label, without regard to case."""
    return label(unicodedata.normalize("NFD", label(written)).casefold())


def _one_width(character: str) -> str:
    kind, _, narrow = unicodedata.decomposition(character).partition(" ")
    return chr(int(narrow, 16)) if kind in ("<wide>", "<narrow>") else character
