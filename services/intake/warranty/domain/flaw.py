"""What makes a question senseless though each field is well formed: the first such place, and a sentence about it."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from libs.zones import ZONES
from services.intake.warranty.domain.asset import Asset, Component
from services.intake.warranty.domain.contract import AddTerm, Amendment, Contract, Product, RemoveTerm, SetTerm, Term
from services.intake.warranty.domain.question import Ask, Given

EASTERNMOST = timedelta(hours=14)
"""Where it is tomorrow first."""

YEARS = range(1900, 2200)


class Flaw(NamedTuple):
    """A place inside `given` or `ask`, such as contracts[0].terms[0].months, and what is wrong there."""

    field: str
    sentence: str


def flaw(given: Given, ask: Ask, now: datetime) -> Flaw | None:
    """The first flaw. `now` is for acceptances, which cannot be recorded before they were."""
    return next(_flaws(given, ask, now), None)


def _flaws(given: Given, ask: Ask, now: datetime) -> Iterator[Flaw]:
    yield from _years("on", ask.on)
    yield from _years("known_at", ask.known_at)
    yield from asset_flaws("asset.", given.asset, now)
    if ask.component not in {component.id for component in given.asset.components}:
        yield Flaw("component", "The asset has no component of this id.")
    yield from _twice("contracts", "id", [contract.id for contract in given.contracts])
    yield from _of_extensions(given.contracts)
    for place, contract in enumerate(given.contracts):
        yield from contract_flaws(f"contracts[{place}].", contract)
    for place, product in enumerate(given.products):
        yield from product_flaws(f"products[{place}].", product)


def product_flaws(where: str, product: Product) -> Iterator[Flaw]:
    """What is wrong with a product's default terms."""
    yield from _of_terms(f"{where}terms", product.terms)


def asset_flaws(where: str, asset: Asset, now: datetime) -> Iterator[Flaw]:
    """What is wrong with an asset; `where` stands before each field, such as `asset.`."""
    yield from _zone(f"{where}site_timezone", asset.site_timezone)
    for place, move in enumerate(asset.moves):
        yield from _zone(f"{where}moves[{place}].site_timezone", move.site_timezone)
        yield from _years(f"{where}moves[{place}].at", move.at)
    if asset.acceptance_date and asset.acceptance_date > (now.astimezone(UTC) + EASTERNMOST).date():
        yield Flaw(f"{where}acceptance_date", "The acceptance lies in the future.")
    yield from _years(f"{where}acceptance_date", asset.acceptance_date)
    yield from _years(f"{where}completion_date", asset.completion_date)
    yield from _years(f"{where}card.start_date", asset.card.start_date if asset.card else None)
    yield from _of_components(f"{where}components", asset.components)


def _of_components(where: str, components: Iterable[Component]) -> Iterator[Flaw]:
    listed = list(components)
    yield from _twice(where, "id", [component.id for component in listed])
    yield from _twice(where, "serial", [component.serial for component in listed])
    yield from _circles(where, "parent", {component.id: component.parent for component in listed})
    yield from _circles(where, "replaces", {component.id: component.replaces for component in listed})
    for place, component in enumerate(listed):
        yield from _years(f"{where}[{place}].installed_on", component.installed_on)
        yield from _years(f"{where}[{place}].replaced_on", component.replaced_on)
        if component.installed_on and component.replaced_on and component.replaced_on < component.installed_on:
            yield Flaw(f"{where}[{place}].replaced_on", "It was taken out before it was put in.")


def _of_extensions(contracts: Iterable[Contract]) -> Iterator[Flaw]:
    yield from _circles("contracts", "extends", {contract.id: contract.extends for contract in contracts})


def contract_flaws(where: str, contract: Contract) -> Iterator[Flaw]:
    """What contradicts itself within a contract; `where` stands before each field, such as `contracts[0].`."""
    yield from _years(f"{where}signed_at", contract.signed_at)
    yield from _years(f"{where}ended_at", contract.ended_at)
    if contract.ended_at and contract.ended_at < contract.signed_at:
        yield Flaw(f"{where}ended_at", "The contract was ended before it was signed.")
    yield from _of_terms(f"{where}terms", contract.terms)
    if contract.amendments:
        yield from _of_amendments(f"{where}amendments", contract)


def _of_terms(where: str, terms: Iterable[Term]) -> Iterator[Flaw]:
    seen: set[str] = set()
    for place, term in enumerate(terms):
        if term.component_class in seen:
            yield Flaw(f"{where}[{place}].component_class", "Two terms for one class.")
        seen.add(term.component_class)
        yield from _of_term(f"{where}[{place}]", term)


def _of_term(where: str, term: Term) -> Iterator[Flaw]:
    if term.start_rule == "date" and term.start_date is None:
        yield Flaw(f"{where}.start_date", "The start rule `date` needs a date.")
    yield from _years(f"{where}.start_date", term.start_date)


def _of_amendments(where: str, contract: Contract) -> Iterator[Flaw]:
    """In the order in which they were agreed: each has to find what it changes."""
    classes = {term.component_class for term in contract.terms}
    for place, amendment in sorted(enumerate(contract.amendments), key=lambda each: each[1].at):
        yield from _years(f"{where}[{place}].at", amendment.at)
        yield from _of_change(f"{where}[{place}].change", amendment, classes)


def _of_change(where: str, amendment: Amendment, classes: set[str]) -> Iterator[Flaw]:
    match amendment.change:
        case AddTerm(term):
            if term.component_class in classes:
                yield Flaw(f"{where}.term.component_class", "Two terms for one class.")
            classes.add(term.component_class)
            yield from _of_term(f"{where}.term", term)
        case SetTerm(component_class=name) | RemoveTerm(component_class=name) as change:
            if name not in classes:
                yield Flaw(f"{where}.component_class", "The contract has no term for this class.")
            if isinstance(change, RemoveTerm):
                classes.discard(name)


def _twice(where: str, name: str, values: Iterable[str | None]) -> Iterator[Flaw]:
    seen: set[str] = set()
    for place, value in enumerate(values):
        if value is not None and value in seen:
            yield Flaw(f"{where}[{place}].{name}", "Another one has it.")
        seen.add(value or "")


def _circles(where: str, name: str, above: Mapping[str, str | None]) -> Iterator[Flaw]:
    """Whoever stands above nobody known, or above itself. Each step up is walked once."""
    sound: set[str] = set()
    for place, first in enumerate(above):
        path: dict[str, None] = {}
        at: str | None = first
        while at is not None and at not in sound and at not in path:
            if at not in above:
                yield Flaw(f"{where}[{place}].{name}", "There is none of this id.")
                break
            path[at] = None
            at = above[at]
        if at in path:
            yield Flaw(f"{where}[{place}].{name}", "It leads back to itself.")
        sound |= path.keys()


def _zone(where: str, name: str) -> Iterator[Flaw]:
    if name not in ZONES:
        yield Flaw(where, "This is not an IANA time zone, such as Asia/Shanghai.")


def _years(where: str, at: date | None) -> Iterator[Flaw]:
    if at is not None and at.year not in YEARS:
        yield Flaw(where, "The year is not between 1900 and 2199.")
