"""What a link is for, and what its holder may answer."""

import re
from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from services.gateway.links.words import Language

LONGEST_COMMENT = 2000
LONGEST_NAME = 200
FIELDS = (
    *("answer_id", "score", "comment"),
    *("choice", "start", "end", "day", "part", "note"),
    *("verdict", "name", "reasons"),
)
"""What the forms of links ask for."""
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


class Hotline(msgspec.Struct, frozen=True):
    """Whom to call about a ticket, and when."""

    number: str
    hours: str = ""


class Progress(msgspec.Struct, frozen=True):
    """How far a ticket has come; instants are RFC 3339."""

    number: str
    status: str
    opened_at: str
    timezone: str
    visit: Visit | None = None
    merged: bool = False
    merged_into: str | None = None
    others: int = 0
    parted: bool = False
    hotline: Hotline | None = None


class Repair(msgspec.Struct, frozen=True):
    """What a customer is asked to accept."""

    status: str
    result: str | None = None


class Rating(msgspec.Struct, frozen=True):
    """A customer's score, 1 to 5, and words. `answer_id` is the form's: it is the same when the form comes again."""

    answer_id: str
    score: int | None
    comment: str

    @classmethod
    def of(cls, fields: Mapping[str, str]) -> "Rating | None":
        """What a form says, perhaps without a score; None for what no form of ours says."""
        id, score = answer_id_of(fields), fields.get("score")
        if id is None:
            return None
        return cls(id, int(score) if score in ("1", "2", "3", "4", "5") else None, fields.get("comment", ""))

    @property
    def flaw(self) -> str | None:
        """The word for what is wrong with it; None: nothing."""
        if self.score is None:
            return "score_missing"
        return "comment_too_long" if len(self.comment) > LONGEST_COMMENT else None


class Verdict(msgspec.Struct, frozen=True):
    """A customer's verdict on a repair: accepted under a typed name, or rejected with reasons."""

    answer_id: str
    accepted: bool
    name: str
    reasons: str

    @classmethod
    def of(cls, fields: Mapping[str, str]) -> "Verdict | None":
        """What a form says, perhaps without name or reasons; None for what no form of ours says."""
        id, verdict = answer_id_of(fields), fields.get("verdict")
        if id is None or verdict not in ("accept", "reject"):
            return None
        return cls(id, verdict == "accept", fields.get("name", ""), fields.get("reasons", ""))

    @property
    def flaw(self) -> str | None:
        """The word for what is wrong with it; None: nothing."""
        if self.accepted:
            return _flaw("name", self.name, LONGEST_NAME)
        return _flaw("reasons", self.reasons, LONGEST_COMMENT)

    @property
    def unreadable(self) -> str:
        """The word for what cannot be kept of it."""
        return "name_unreadable" if self.accepted else "reasons_unreadable"


def _flaw(field: str, said: str, longest: int) -> str | None:
    if not said:
        return f"{field}_missing"
    return f"{field}_too_long" if len(said) > longest else None


def fields_of(sent: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """What a form says in the fields that ours have, each once."""
    told = {name: said[0].strip().replace("\r\n", "\n") for name, said in sent.items() if said}
    return {name: told[name] for name in FIELDS if name in told}


def answer_id_of(fields: Mapping[str, str]) -> str | None:
    """The form's own id; None: it is no form of ours."""
    try:
        return str(UUID(fields.get("answer_id", "")))
    except ValueError:
        return None


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
