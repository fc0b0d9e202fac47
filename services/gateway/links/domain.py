"""What a link is for, and what its holder may answer."""

import re
from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from services.gateway.links.words import Language

LONGEST_COMMENT = 2000
TOKEN = re.compile(r"[\w-]{20,100}", re.ASCII)
"""What may be a token: anything else is asked of nobody."""


class Link(msgspec.Struct, frozen=True):
    """A link that is open."""

    id: str
    ticket_id: str
    purpose: str
    object_id: str | None = None
    timezone: str = "Asia/Shanghai"


class Visit(msgspec.Struct, frozen=True):
    """A planned visit; until it is confirmed its time was only offered."""

    start: str
    end: str
    confirmed: bool


class Progress(msgspec.Struct, frozen=True):
    """How far a ticket has come; instants are RFC 3339."""

    number: str
    status: str
    opened_at: str
    timezone: str
    visit: Visit | None = None


class Rating(msgspec.Struct, frozen=True):
    """A customer's score, 1 to 5, and words. `answer_id` is the form's: it is the same when the form comes again."""

    answer_id: str
    score: int | None
    comment: str

    @classmethod
    def of(cls, fields: Mapping[str, Sequence[str]]) -> "Rating | None":
        """What a form says, perhaps without a score; None for what no form of ours says."""
        answer_id, score, comment = (fields.get(name, [""])[0].strip() for name in ("answer_id", "score", "comment"))
        try:
            id = str(UUID(answer_id))
        except ValueError:
            return None
        return cls(id, int(score) if score in ("1", "2", "3", "4", "5") else None, comment.replace("\r\n", "\n"))

    @property
    def flaw(self) -> str | None:
        """The word for what is wrong with it; None: nothing."""
        if self.score is None:
            return "score_missing"
        return "comment_too_long" if len(self.comment) > LONGEST_COMMENT else None


STEPS: dict[str, int] = {
    **dict.fromkeys(("open",), 1),
    **dict.fromkeys(("in_triage",), 2),
    **dict.fromkeys(("authorised", "scheduled"), 3),
    **dict.fromkeys(("on_site", "waiting_customer", "repaired", "rework"), 4),
    **dict.fromkeys(("accepted", "closed"), 5),
}
"""The step of five at which a ticket with this status is; a cancelled one is at none."""


def language_of(chosen: str | None, accepted: str) -> Language:
    """The language that the address says, else the one that the browser would rather have: Chinese, but for English."""
    if chosen in ("zh-CN", "en"):
        return "en" if chosen == "en" else "zh-CN"
    return "en" if accepted.lower().lstrip().startswith("en") else "zh-CN"
