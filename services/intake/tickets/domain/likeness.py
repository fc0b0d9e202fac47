"""What makes two tickets perhaps one matter: what they share, one reason each."""

import unicodedata
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Literal, get_args

Likeness = Literal["asset", "customer", "phone", "address", "words", "time"]
LIKENESSES: tuple[Likeness, ...] = get_args(Likeness)

ALIKE = 0.35
"""The share of all their pairs of letters that two descriptions have in common, from which on they say the same."""

AT_ONCE = timedelta(hours=24)


def reasons(
    found: Collection[Likeness], said: tuple[str | None, str | None], opened: tuple[datetime, datetime]
) -> list[Likeness]:
    """By what two tickets are alike that were found by what they share, the strongest reason first."""
    all_of = {*found}
    if similar(*said):
        all_of.add("words")
    if abs(opened[0] - opened[1]) <= AT_ONCE:
        all_of.add("time")
    return [reason for reason in LIKENESSES if reason in all_of]


def similar(one: str | None, other: str | None) -> bool:
    """Whether two descriptions say much the same, in whatever script; what is erased is like nothing."""
    pairs, others = _pairs(one or ""), _pairs(other or "")
    return bool(pairs and others) and len(pairs & others) >= ALIKE * len(pairs | others)


def strongest(found: Mapping[str, Collection[Likeness]], most: int) -> list[str]:
    """The ids of the tickets that share most, of two alike the newer one first."""
    return sorted(found, key=lambda each: (len(found[each]), each), reverse=True)[:most]


def together(rows: Iterable[Mapping[str, str]]) -> dict[str, set[Likeness]]:
    """By ticket, all that it was found by."""
    found: dict[str, set[Likeness]] = {}
    for row in rows:
        found.setdefault(row["id"], set()).update(reason for reason in LIKENESSES if reason == row["reason"])
    return found


def _pairs(said: str) -> set[str]:
    letters = [c for c in unicodedata.normalize("NFKC", said).casefold() if c.isalnum()]
    return {"".join(pair) for pair in pairwise(letters)}
