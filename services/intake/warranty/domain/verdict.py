"""The verdict: what the best clause says of the day and the cause, its dates, why, and what would change it."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Literal, NamedTuple

import msgspec
from msgspec import Struct, field

from services.intake.warranty.domain.asset import Component
from services.intake.warranty.domain.cover import ORDER, Clause, Cover, Covers
from services.intake.warranty.domain.known import Known
from services.intake.warranty.domain.months import A_DAY
from services.intake.warranty.domain.question import EXCLUDING, LATENT, Ask, Given
from services.intake.warranty.domain.reason import Reason, reasons

Answer = Literal["in_warranty", "latent_defect_cover", "unknown", "expired", "not_covered"]

RANK: dict[Answer, int] = {
    "in_warranty": 0,
    "latent_defect_cover": 1,
    "unknown": 2,
    "expired": 3,
    "not_covered": 4,
}
"""The best first (W10)."""

STARTS = {
    "card": ("card", "completion_date", "acceptance_date"),
    "completion": ("completion_date", "acceptance_date"),
    "acceptance": ("acceptance_date",),
    "day_after_acceptance": ("acceptance_date",),
    "date": ("start_date",),
    "after_base": ("extends",),
}
"""The facts that a warranty may start from, by start rule."""


class Turn(Struct, frozen=True):
    """Were the fact one of these, the verdict would be this: None where it depends on the day that is missing."""

    fact: str
    to: Sequence[str | bool]
    verdict: Answer | None


class Verdict(Struct, frozen=True):
    """`until` is the last covered day. `why` is the reason that decided, `reasons` are all, each with its rule."""

    verdict: Answer
    begin: date | None = field(name="from")
    until: date | None
    clause: Clause | None
    why: str
    reasons: Sequence[Reason]
    would_change: Sequence[Turn]


class Judged(NamedTuple):
    """What one cover says of the day and the cause."""

    answer: Answer
    rule: str
    begin: date | None
    until: date | None
    cover: Cover | None


NOTHING = Judged("not_covered", "W8", None, None, None)


def assess(given: Given, ask: Ask) -> Verdict:
    """The verdict on a question without flaws (`flaws.py`). Raises ValueError for days beyond the year 9999."""
    known = Known(given, ask)
    component = known.components[ask.component]
    covers = Covers(known).of(component)
    judged = _of_component(covers, known, component, ask)
    told = reasons(judged.rule, judged.cover, covers, known, ask)
    turns = list(_turns(judged.answer, covers, known, component, ask))
    return Verdict(judged.answer, judged.begin, judged.until, _clause(judged), told[0].sentence, told, turns)


def _of_component(covers: Iterable[Cover], known: Known, component: Component, ask: Ask) -> Judged:
    if component.supplied_by == "elsewhere":
        return NOTHING._replace(rule="W12 elsewhere")
    if known.taken_out(component):
        return NOTHING._replace(rule="W12 taken out")
    best = min([_judged(cover, known.day, ask) for cover in covers], key=_order, default=NOTHING)
    if best.answer == "in_warranty" and known.to_come(component):
        return best._replace(answer="not_covered", rule="W12 to come")
    if best.answer == "in_warranty" and ask.cause in EXCLUDING:
        return best._replace(answer="not_covered", rule="W11")
    return best


def _judged(cover: Cover, day: date, ask: Ask) -> Judged:
    """What a cover says where no cause excludes."""
    period, latent = cover.period, cover.latent_until
    if period is None or latent is None:
        return Judged("unknown", "W2", None, None, cover)
    if period.until < period.begin:
        return Judged("not_covered", "W13", None, None, cover)
    if day < period.begin:
        return Judged("not_covered", "W4", *period, cover)
    if day <= period.until:
        return Judged("in_warranty", "W3", *period, cover)
    if day <= latent and not ask.discoverable_before_expiry:
        if ask.cause is None:
            return Judged("unknown", "W5", period.until + A_DAY, latent, cover)
        if ask.cause in LATENT:
            return Judged("latent_defect_cover", "W5", period.until + A_DAY, latent, cover)
    return Judged("expired", "W13" if cover.ended else "W3", *period, cover)


def _order(judged: Judged) -> tuple[int, int, int, str, str]:
    cover = judged.cover
    assert cover
    latest_first = -(judged.until.toordinal() if judged.until else 0)
    return RANK[judged.answer], latest_first, ORDER.index(cover.kind), *msgspec.structs.astuple(cover.clause)


def _clause(judged: Judged) -> Clause | None:
    return judged.cover.clause if judged.cover else None


def _turns(answer: Answer, covers: Sequence[Cover], known: Known, component: Component, ask: Ask) -> Iterator[Turn]:
    """What would change the verdict: each is tried."""
    if component.supplied_by == "elsewhere":
        ours = _of_component(covers, known, msgspec.structs.replace(component, supplied_by="us"), ask)
        yield from _differing(answer, "supplied_by", ("us", "maker"), ours)
        return
    for fact, to, changed in _alternatives(ask, any(_hidden(cover, known.day) for cover in covers)):
        yield from _differing(answer, fact, to, _of_component(covers, known, component, changed))
    if answer == "unknown":
        yield from _missing(covers)


def _hidden(cover: Cover, day: date) -> bool:
    """Whether the day is within the latent-defect cover."""
    return (
        cover.period is not None and cover.latent_until is not None and cover.period.until < day <= cover.latent_until
    )


def _alternatives(ask: Ask, hidden: bool) -> Iterator[tuple[str, Sequence[str | bool], Ask]]:
    """Values of a fact that may make a difference: among the other causes only latent-defect cover makes one."""
    yield "cause", EXCLUDING, msgspec.structs.replace(ask, cause="misuse")
    if hidden or ask.cause in EXCLUDING:
        yield "cause", LATENT, msgspec.structs.replace(ask, cause="material_defect")
        yield "cause", ("normal_wear",), msgspec.structs.replace(ask, cause="normal_wear")
    if hidden:
        found = not ask.discoverable_before_expiry
        yield "discoverable_before_expiry", (found,), msgspec.structs.replace(ask, discoverable_before_expiry=found)


def _differing(answer: Answer, fact: str, to: Sequence[str | bool], other: Judged) -> Iterator[Turn]:
    if other.answer != answer:
        yield Turn(fact, to, other.answer)


def _missing(covers: Iterable[Cover]) -> Iterator[Turn]:
    rules = sorted({cover.term.start_rule for cover in covers if cover.period is None})
    facts = dict.fromkeys(fact for rule in rules for fact in STARTS[rule])
    return (Turn(fact, (), None) for fact in facts)
