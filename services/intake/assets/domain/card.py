"""A warranty card's number: it stands on one asset. One stream a number keeps two assets from having the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never
from uuid import NAMESPACE_OID, uuid5

from libs.events import Addressed, Catalogue, Decider, Event, Refused, Story, event
from services.intake.assets.domain.asset import Asset


@event("intake.CardTaken")
class CardTaken(Event, frozen=True, kw_only=True):
    """The number is this asset's."""

    asset_id: str


@event("intake.CardFreed")
class CardFreed(Event, frozen=True, kw_only=True):
    """The asset has another number now: this one is nobody's."""

    asset_id: str


@dataclass(frozen=True, slots=True)
class TakeCard:
    """Give the number to an asset; `noted_on` is another that had it before numbers were kept apart."""

    asset_id: str
    noted_on: str | None = None


@dataclass(frozen=True, slots=True)
class FreeCard:
    """The asset has it no more."""

    asset_id: str


CardCommand = TakeCard | FreeCard
CardEvent = CardTaken | CardFreed

Card = str | None
"""The asset whose number it is; None while it is nobody's."""


def card_id(number: str) -> str:
    """The id of a number, the same without regard to case."""
    return str(uuid5(NAMESPACE_OID, f"card\n{number.casefold()}"))


def decide(command: CardCommand, state: Card, at: datetime) -> Sequence[CardEvent]:
    """What changes by the command. Raises Refused for a number that stands on another asset, which it names."""
    match command:
        case TakeCard(asset_id, noted_on):
            has = state or noted_on
            if has not in (None, asset_id):
                raise Refused("card-taken", "Another asset has a warranty card of this number.", asset_id=has)
            return [] if state else [CardTaken(asset_id=asset_id)]
        case FreeCard(asset_id):
            return [CardFreed(asset_id=asset_id)] if state == asset_id else []
        case _:
            assert_never(command)


def evolve(state: Card, event: CardEvent) -> Card:
    """Whose number it is after one event."""
    match event:
        case CardTaken():
            return event.asset_id
        case CardFreed():
            return None
        case _:
            assert_never(event)


def status(state: Card) -> str:
    """`taken` or `free`."""
    return "taken" if state else "free"


card: Decider[CardCommand, Card, CardEvent] = Decider(
    "card", Catalogue(CardTaken, CardFreed), None, decide, evolve, status
)


def numbered(asset_id: str, work: Addressed, noted_on: str | None = None) -> Story:
    """What is done to an asset, and the number of its card with it: the new one is taken, the one of before freed."""
    change = yield work
    before, after = _number(change.before), _number(change.after)
    if before == after:
        return
    if before is not None:
        yield card.on(before, FreeCard(asset_id))
    if after is not None:
        yield card.on(after, TakeCard(asset_id, noted_on))


def _number(asset: Asset) -> str | None:
    number = asset.days.card_number
    return None if number is None else card_id(number)
