"""The acceptance of a visit (《维护验收表》): signed once, or refused and made good by another visit."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, assert_never

from libs.events import Refused
from libs.events.contracts.dispatch.work_orders import RepairAccepted, RepairRejected, ReworkOrdered, WorkOrderCreated
from services.dispatch.jobs.domain import work_order_id_of
from services.dispatch.work_orders.domain.visit_ids import ids_of

AcceptanceEvent = RepairAccepted | RepairRejected | ReworkOrdered
Verdict = Literal["open", "accepted", "rejected"]


@dataclass(frozen=True, slots=True)
class Accept:
    """The customer signs; name and signature are texts. By a link they type their name, and there is no signature."""

    signed_by_id: str
    signature_id: str | None


@dataclass(frozen=True, slots=True)
class Reject:
    """The customer does not accept the repair; why is a text."""

    reasons_id: str
    by_link: bool = False


AcceptanceCommand = Accept | Reject


def decide(
    command: AcceptanceCommand, order: WorkOrderCreated, completed: bool, state: Verdict
) -> Sequence[AcceptanceEvent]:
    """The customer's verdict. Raises Refused before the repair is completed, and for a second verdict."""
    _judgeable(completed, state)
    about = ids_of(order)
    match command:
        case Accept(signed_by_id, signature_id):
            return [
                RepairAccepted(
                    **about,
                    customer_id=order.customer_id,
                    signed_by_id=signed_by_id,
                    signature_id=signature_id,
                    by_link=signature_id is None,
                )
            ]
        case Reject(reasons_id, by_link):
            rework = work_order_id_of(order.ticket_id, order.visit + 1)
            return [
                RepairRejected(**about, reasons_id=reasons_id, by_link=by_link),
                ReworkOrdered(**about, rework_work_order_id=rework),
            ]
        case _:
            assert_never(command)


def _judgeable(completed: bool, state: Verdict) -> None:
    if state == "accepted":
        raise Refused("already-accepted", "The customer has already signed the acceptance.")
    if state == "rejected":
        raise Refused("already-rejected", "The customer has already rejected the repair; a rework visit was ordered.")
    if not completed:
        raise Refused("not-completed", "The repair is not completed yet.")


def evolve(state: Verdict, event: AcceptanceEvent) -> Verdict:
    match event:
        case RepairAccepted():
            return "accepted"
        case RepairRejected():
            return "rejected"
        case ReworkOrdered():
            return state
        case _:
            assert_never(event)
