"""Erasure: the ledger of people whose words and contact are gone, in each service's database.

A row is the order: a trigger on it deletes the texts about that subject, and what else a service's migration ties to
it, in the same transaction. Texts that come later are not kept (`append`); those whose command was under way at that
moment are swept up within a day.
"""

from collections.abc import Callable
from datetime import datetime

import msgspec

from libs.events.catalogue import Catalogue
from libs.events.database.schema import erasure
from libs.events.message import AnyRecorded
from libs.events.view import View

SWEEP = """
DELETE FROM text USING erasure AS e
WHERE text.subject_id = e.subject_id AND e.ordered_at > now() - interval '1 day'
"""
"""Deletes texts whose command was under way while their subject was erased."""


class ErasureRow(msgspec.Struct, frozen=True, kw_only=True):
    """Who was erased, when that was ordered, and by which event."""

    subject_id: str
    ordered_at: datetime
    event_id: str | None


def erasures(subject: Callable[[AnyRecorded], str | None], hears: Catalogue | None = None) -> View[ErasureRow]:
    """The ledger as a view of the events that order an erasure; `subject` is whose, or None for other events."""

    def apply(before: ErasureRow | None, recorded: AnyRecorded) -> ErasureRow:
        if before is not None:
            return before
        who = subject(recorded) or ""
        return ErasureRow(subject_id=who, ordered_at=recorded.recorded_at, event_id=recorded.id)

    return View(erasure, ErasureRow, subject, apply, Catalogue() if hears is None else hears, lasting=True)
