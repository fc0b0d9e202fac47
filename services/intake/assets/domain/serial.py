"""A serial of a maker: it stands on one asset. One stream a serial keeps two assets from having the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never
from uuid import NAMESPACE_OID, uuid5

from libs.events import Catalogue, Decider, Event, Refused, event


@event("intake.SerialTaken")
class SerialTaken(Event, frozen=True, kw_only=True):
    """The serial is this asset's."""

    asset_id: str


@dataclass(frozen=True, slots=True)
class TakeSerial:
    """Give the serial to an asset."""

    asset_id: str


Serial = str | None
"""The asset whose serial it is; None while it is nobody's."""


def serial_id(maker: str, number: str) -> str:
    """The id of a maker's serial, the same without regard to case."""
    return str(uuid5(NAMESPACE_OID, f"{maker.casefold()}\n{number.casefold()}"))


def decide(command: TakeSerial, state: Serial, at: datetime) -> Sequence[SerialTaken]:
    """What changes by the command. Raises Refused for a serial that stands on another asset, which it names."""
    match command:
        case TakeSerial(asset_id):
            if state not in (None, asset_id):
                raise Refused("serial-taken", "Another asset has this serial of this maker.", asset_id=state)
            return [] if state else [SerialTaken(asset_id=asset_id)]
        case _:
            assert_never(command)


def evolve(state: Serial, event: SerialTaken) -> Serial:
    """Whose serial it is after one event."""
    return event.asset_id


def status(state: Serial) -> str:
    """`taken` or `free`."""
    return "taken" if state else "free"


serial = Decider("serial", Catalogue(SerialTaken), None, decide, evolve, status)
