"""A verdict's reasons in sentences, each with the rule of docs/warranty.md that it goes by; what decided is first."""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from services.intake.warranty.domain.contract import EVERY
from services.intake.warranty.domain.cover import Clause, Cover
from services.intake.warranty.domain.known import Known
from services.intake.warranty.domain.question import Ask

DECIDED = {
    "W2": "No day is on file that the warranty starts from.",
    "W8": "No contract in force and no default of the product has a term for this component.",
    "W12 elsewhere": "The part was supplied elsewhere.",
    "W12 taken out": "The part was taken out of the asset by that day.",
    "W12 to come": "The part was put in only after that day.",
}

STARTS = {
    "card": "It starts on the card's day, without one on completion, without that on acceptance.",
    "completion": "It starts on completion, without that day on acceptance.",
    "acceptance": "It starts on acceptance.",
    "day_after_acceptance": "It starts the day after acceptance, and its months are counted from acceptance.",
    "date": "It starts on a day of its own.",
    "after_base": "It starts the day after the warranty of the contract that it extends.",
}


class Reason(Struct, frozen=True):
    """A rule's number, the clause that it was applied to, and what came of it."""

    rule: str
    clause: Clause | None
    sentence: str


def reasons(rule: str, cover: Cover | None, covers: Sequence[Cover], known: Known, ask: Ask) -> list[Reason]:
    """Why: the rule that decided, then how the clause came to be the one, and to its days."""
    clause = cover.clause if cover else None
    found = [Reason(rule.partition(" ")[0], clause, _decided(rule, cover, known, ask))]
    if cover:
        found += [Reason(number, clause, sentence) for number, sentence in _of_clause(cover, covers)]
    return found


def _decided(rule: str, cover: Cover | None, known: Known, ask: Ask) -> str:
    period = cover.period if cover else None
    if rule in DECIDED or cover is None or period is None:
        return DECIDED[rule]
    match rule:
        case "W4":
            return f"The warranty begins on {period.begin}, after {known.day}."
        case "W5":
            return _latent(cover, ask)
        case "W11":
            return f"{ask.cause} turns covered work into paid work."
        case "W13":
            return f"The contract was ended: nothing is covered after {cover.latent_until}."
        case _:
            lies = "is within" if period.begin <= known.day <= period.until else "is after"
            return f"{known.day} {lies} the warranty, {period.begin} to {period.until}."


def _latent(cover: Cover, ask: Ask) -> str:
    window = f"the latent-defect cover, up to {cover.latent_until}"
    if ask.cause is None:
        return f"The day is within {window}, and the cause is not known."
    return f"{ask.cause} is found within {window}."


def _of_clause(cover: Cover, covers: Sequence[Cover]) -> Iterator[tuple[str, str]]:
    yield "W2", STARTS[cover.term.start_rule]
    if cover.clause.component_class == EVERY:
        yield "W8", "The contract has no term for this class, and one for every class."
    if cover.kind == "product":
        yield "W9", "No contract in force has a term for the component: the product's default holds."
    if len(covers) > 1:
        yield "W10", f"Of {len(covers)} clauses it is the best for that day."
