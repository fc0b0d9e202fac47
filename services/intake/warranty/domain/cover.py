"""Cover: the days that each clause gives a component, reckoned from what was on file."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from msgspec import Struct

from services.intake.warranty.domain.asset import Component
from services.intake.warranty.domain.contract import Contract, Term, term_of
from services.intake.warranty.domain.known import Known
from services.intake.warranty.domain.months import A_DAY, plus

ORDER = ("own", "maker", "extension", "product")
"""Whose clause is named first where two say the same."""


class Clause(Struct, frozen=True):
    """A term of a contract, by the contract's id or `product:<model>`, and the term's class."""

    contract: str
    component_class: str


class Period(NamedTuple):
    """Days of warranty, both inclusive."""

    begin: date
    until: date


class Cover(NamedTuple):
    """What one clause gives: `period` is None without a day to start from, and ends before it begins if it never ran.

    `latent_until` is the last day of the latent-defect cover, the period's own last day where there is none.
    """

    clause: Clause
    kind: str
    term: Term
    period: Period | None
    latent_until: date | None
    ended: bool


class Covers:
    """The covers of an asset's components. Raises ValueError for days beyond the year 9999."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._bases: dict[tuple[str, str], Period | None] = {}

    def of(self, component: Component) -> list[Cover]:
        """What each clause in force gives the component; the product's defaults where no contract says anything."""
        contracts = self._known.contracts.values()
        covers = [cover for contract in contracts for cover in self._of_contract(contract, component)]
        if all(cover.kind == "extension" for cover in covers):
            covers += self._of_product(component)
        return covers

    def _of_contract(self, contract: Contract, component: Component) -> Iterator[Cover]:
        term = term_of(self._known.terms(contract), component.component_class)
        if term:
            period = self._period(term, component, contract)
            yield _cover(contract.id, contract.kind, term, period, self._known.end(contract))

    def _of_product(self, component: Component) -> Iterator[Cover]:
        given = self._known.given
        for product in given.products:
            term = term_of(product.terms, component.component_class) if product.model == given.asset.model else None
            if term:
                yield _cover(f"product:{product.model}", "product", term, self._period(term, component, None), None)

    def _period(self, term: Term, component: Component, contract: Contract | None) -> Period | None:
        match component.kind:
            case "spare" if term.shelf_years:
                return self._of_spare(term, component, contract, 12 * term.shelf_years)
            case "expansion" if term.expansion == "own":
                return _from(self._known.installed(component), term.months)
            case "replacement":
                return self._of_replacement(term, component, contract)
            case _:
                return self._from_start(term, component, contract, term.months)

    def _of_replacement(self, term: Term, component: Component, contract: Contract | None) -> Period | None:
        """What the part that stood there first had, and each that was put in for it since, however many."""
        *later, first = self._replaced(component)
        if first.kind == "replacement":
            rest = self._put_in(term, first, self._from_start(term, first, contract, term.months))
        else:
            rest = self._period(term, first, contract)
        for part in reversed(later):
            rest = self._put_in(term, part, rest)
        return rest

    def _replaced(self, component: Component) -> Iterator[Component]:
        """The part, the one that it was put in for, and so on."""
        part: Component | None = component
        while part is not None:
            yield part
            part = self._known.components.get(part.replaces or "") if part.kind == "replacement" else None

    def _put_in(self, term: Term, component: Component, rest: Period | None) -> Period | None:
        """The rest of what the replaced part had, or its own months once it was put in, if these end later."""
        if term.replacement == "rest":
            return rest
        own = _from(self._known.installed(component), term.replacement_months or term.months)
        if own is None or own.begin > self._known.day or (rest and rest.until >= own.until):
            return rest
        return own

    def _of_spare(self, term: Term, component: Component, contract: Contract | None, months: int) -> Period | None:
        """The months of its shelf while unused; its own from the day on which it was taken into use within them."""
        shelf, installed = self._from_start(term, component, contract, months), self._known.installed(component)
        used = shelf is not None and installed is not None and installed <= min(self._known.day, shelf.until)
        return _from(installed, term.months) if used else shelf

    def _from_start(self, term: Term, component: Component, contract: Contract | None, months: int) -> Period | None:
        if term.start_rule == "day_after_acceptance":
            accepted = self._known.acceptance
            return Period(accepted + A_DAY, plus(accepted, months)) if accepted else None
        if term.start_rule == "after_base":
            base = self._base(contract, component)
            return _from(base.until + A_DAY, months) if base else None
        return _from(self._known.start(term.start_rule, term), months)

    def _base(self, contract: Contract | None, component: Component) -> Period | None:
        base = self._known.contracts.get(contract.extends or "") if contract else None
        if base is None:
            return None
        key = base.id, component.id
        if key not in self._bases:
            self._bases[key] = next((cover.period for cover in self._of_contract(base, component)), None)
        return self._bases[key]


def _from(start: date | None, months: int) -> Period | None:
    return Period(start, plus(start, months)) if start else None


def _cover(contract: str, kind: str, term: Term, period: Period | None, end: date | None) -> Cover:
    clause = Clause(contract, term.component_class)
    if period is None:
        return Cover(clause, kind, term, None, None, ended=False)
    latent = plus(period.until, term.latent_defect_months)
    if end is None or end >= latent:
        return Cover(clause, kind, term, period, latent, ended=False)
    return Cover(clause, kind, term, Period(period.begin, min(period.until, end)), end, ended=True)
