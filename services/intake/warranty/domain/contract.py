"""What was promised: a contract's terms by class of component, and its amendments, each from its own day on."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

Name = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"\S")]
Instant = Annotated[datetime, Meta(tz=True)]
Months = Annotated[int, Meta(ge=1, le=600)]
LatentMonths = Annotated[int, Meta(ge=0, le=600)]
ShelfYears = Annotated[int, Meta(ge=0, le=5)]
StartRule = Literal["card", "completion", "acceptance", "day_after_acceptance", "date", "after_base"]
Kind = Literal["own", "maker", "extension"]

EVERY = "*"
"""The class of a term that holds for all that has no term of its own."""


class Term(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long components of one class are covered, from when, and what parts put in later get.

    `start_date` belongs to the start rule `date`. `replacement_months` are those of a replacement's own cover, `months`
    where it is None.
    """

    component_class: Name
    months: Months
    start_rule: StartRule
    latent_defect_months: LatentMonths = 0
    shelf_years: ShelfYears | None = None
    start_date: date | None = None
    replacement: Literal["rest", "own"] = "rest"
    replacement_months: Months | None = None
    expansion: Literal["own"] | None = None


Terms = Sequence[Term]


class SetTerm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="op", tag="set"):
    """Some fields of a term are others from now on."""

    component_class: Name
    months: Months | UnsetType = UNSET
    start_rule: StartRule | UnsetType = UNSET
    latent_defect_months: LatentMonths | UnsetType = UNSET
    shelf_years: ShelfYears | UnsetType | None = UNSET
    start_date: date | UnsetType | None = UNSET
    replacement: Literal["rest", "own"] | UnsetType = UNSET
    replacement_months: Months | UnsetType | None = UNSET
    expansion: Literal["own"] | UnsetType | None = UNSET


class AddTerm(Struct, frozen=True, forbid_unknown_fields=True, tag_field="op", tag="add"):
    """A term for a class that had none."""

    term: Term


class RemoveTerm(Struct, frozen=True, forbid_unknown_fields=True, tag_field="op", tag="remove"):
    """The contract is silent on a class from now on."""

    component_class: Name


Change = SetTerm | AddTerm | RemoveTerm
FIELDS = [field for field in SetTerm.__struct_fields__ if field != "component_class"]


class Amendment(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A change agreed at an instant; `recorded_at` is that instant where None."""

    at: Instant
    change: Change
    recorded_at: Instant | None = None

    @property
    def known_at(self) -> datetime:
        """When it was recorded."""
        return self.recorded_at or self.at


class Contract(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A contract, a maker's commitment or an extension, which `extends` the contract of that id."""

    id: Name
    signed_at: Instant
    kind: Kind
    terms: tuple[Term, ...]
    amendments: tuple[Amendment, ...] = ()
    ended_at: Instant | None = None
    extends: Name | None = None


class Product(Struct, frozen=True, forbid_unknown_fields=True):
    """What a product model is sold with where no contract says anything."""

    model: Name
    terms: tuple[Term, ...]


def amended(terms: Terms, amendments: Iterable[Amendment], counts: Callable[[Amendment], bool]) -> Terms:
    """The terms after those amendments that count, in the order in which they were agreed."""
    chosen = [amendment for amendment in amendments if counts(amendment)]
    if not chosen:
        return terms
    by_class = {term.component_class: term for term in terms}
    for amendment in sorted(chosen, key=_agreed):
        _change(by_class, amendment.change)
    return tuple(by_class.values())


def _agreed(amendment: Amendment) -> tuple[datetime, datetime, bytes]:
    # Of two agreed and recorded at one instant the text decides: never the place in the list.
    return amendment.at, amendment.known_at, msgspec.json.encode(amendment.change)


def _change(terms: dict[str, Term], change: Change) -> None:
    match change:
        case AddTerm(term):
            terms[term.component_class] = term
        case RemoveTerm(component_class):
            terms.pop(component_class, None)
        case SetTerm(component_class=component_class):
            if component_class in terms:
                terms[component_class] = msgspec.structs.replace(terms[component_class], **_changed(change))


def _changed(change: SetTerm) -> dict[str, object]:
    return {field: value for field in FIELDS if (value := getattr(change, field)) is not UNSET}


def term_of(terms: Terms, component_class: str) -> Term | None:
    """The term of this very class, else that of every class, else None."""
    general = None
    for term in terms:
        if term.component_class == component_class:
            return term
        if term.component_class == EVERY:
            general = term
    return general
