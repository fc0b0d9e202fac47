"""The contracts: whose they are, of what kind, and whether they were ended. What they promise is read from the log."""

from datetime import datetime
from typing import Annotated, assert_never

import msgspec
from msgspec.structs import replace

from libs.events import AnyRecorded
from libs.events.contracts.intake.contracts import (
    ContractAmended,
    ContractEnded,
    ContractExtended,
    ContractKind,
    ContractSigned,
)
from libs.events.table import Note, newest_first, table
from libs.events.view import View
from services.intake.contracts.domain.contract import ContractEvent, contract
from services.intake.tables import metadata


class ContractRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the list."""

    id: str
    number: str
    kind: ContractKind
    customer_id: Annotated[str | None, Note("none: a maker's commitment to whoever has the product")]
    extends: Annotated[str | None, Note("the contract that this one goes on from")]
    signed_at: datetime
    ended_at: datetime | None = None
    version: int
    opened_at: Annotated[datetime, Note("when it was put on file")]


contracts = table("contract", ContractRow, metadata, newest_first("number", "customer_id", "kind"))


def apply(row: ContractRow | None, recorded: AnyRecorded) -> ContractRow | None:
    """The row after one more event of the contract's stream."""
    event = recorded.event
    if isinstance(event, ContractSigned):
        return _signed(event, recorded)
    return row and replace(_changed(row, event), version=recorded.version)


def _signed(event: ContractSigned, recorded: AnyRecorded) -> ContractRow:
    return ContractRow(
        id=event.contract_id,
        number=event.number,
        kind=event.kind,
        customer_id=event.customer_id,
        extends=event.extends,
        signed_at=event.signed_at,
        version=recorded.version,
        opened_at=recorded.recorded_at,
    )


def _changed(row: ContractRow, event: ContractEvent) -> ContractRow:
    match event:
        case ContractEnded():
            return replace(row, ended_at=event.ended_at)
        case ContractSigned() | ContractAmended() | ContractExtended():
            return row
        case _:
            assert_never(event)


contract_view = View.of(contract, contracts, ContractRow, apply)
