"""HTTP of a ticket's warranty: which asset it is about, and the verdict worked out anew."""

from functools import partial

from libs.chassis.http import UUID, Commands, Reads, Response, Router, allow, invalid
from libs.events.filters import by_id
from services.intake.assets.domain.asset import asset
from services.intake.tickets.api.forms import NamedAsset, Reassessment
from services.intake.tickets.domain.reassessment import named, reassessed
from services.intake.tickets.view.tickets import tickets

router = Router(prefix="/v1/tickets/{ticket_id}", tags=["tickets"])
KEEPERS = allow("agent", "manager", "triage", "service")
NO_ASSET = "The customer has no asset of this id on file."
NO_PART = "The asset has no component of this id."


@router.post("/asset", operation_id="name_asset", dependencies=[KEEPERS])
async def name_asset(ticket_id: UUID, body: NamedAsset, commands: Commands, reads: Reads) -> Response:
    """指明设备 / Say which asset of the customer the ticket is about: its warranty is worked out at once."""
    row = await reads.one(by_id(tickets, ticket_id), "ticket")
    await owned_asset(reads, body.asset_id, body.part, row["customer_id"])
    return await commands.run(partial(named, str(ticket_id), str(body.asset_id), body.part), body)


@router.post("/warranty", operation_id="reassess_warranty", dependencies=[KEEPERS])
async def reassess_warranty(ticket_id: UUID, commands: Commands, body: Reassessment | None = None) -> Response:
    """重新核定 / Work the warranty out of what is on file now; the verdict of before stays in the ticket's story."""
    story = partial(reassessed, str(ticket_id), "intake.WarrantyReassessed")
    return await commands.run(story, body or Reassessment(occurred_at=None))


async def owned_asset(reads: Reads, asset_id: UUID, part: str | None, customer_id: str | None) -> None:
    """Raises a 422 problem for an asset that is not the customer's, or has no such component."""
    state, _ = await reads.store.state(asset, str(asset_id))
    if state.installed is None or state.installed.customer_id != customer_id:
        raise invalid("body.asset_id", NO_ASSET, "unknown-asset")
    if part is not None and state.part(part) is None:
        raise invalid("body.part", NO_PART, "unknown-part")
