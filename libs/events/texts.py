"""People's words and signatures: rows beside the log, by id, so that events carry none and erasing deletes rows."""

from typing import Self

import msgspec
from uuid_utils import uuid7


class Text(msgspec.Struct, frozen=True, kw_only=True):
    """Words, a name, a position or a signature that a command brought.

    `subject_id` is whose erasure deletes it; empty: whom the first stream of the story is about (`Decider.subject`).
    """

    id: str
    subject_id: str
    body: str
    media_type: str = "text/plain"

    @classmethod
    def of(cls, subject_id: str, body: str, media_type: str = "text/plain") -> Self:
        """A new text with an id of its own, to be written in the transaction of the command that brought it."""
        return cls(id=str(uuid7()), subject_id=subject_id, body=body, media_type=media_type)

    @classmethod
    def said(cls, body: str, media_type: str = "text/plain") -> Self:
        """A new text about the customer whom the story's first stream is about."""
        return cls.of("", body, media_type)
