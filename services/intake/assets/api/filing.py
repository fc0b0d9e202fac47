"""What all commands on assets have in common: who keeps them, what a site's form means, and what is to blame."""

from collections.abc import Sequence

from libs.chassis.http import UUID, CommandBody, Commands, Reads, Response, allow, invalid
from libs.events import Refused
from libs.events.contracts.intake.assets import Site
from libs.events.filters import by_id
from libs.events.log.unit import Work
from libs.events.texts import Text
from services.intake.assets.api.forms import SiteForm
from services.intake.assets.view import other_of_card
from services.intake.contracts.api.forms import ANOTHERS_CONTRACT
from services.intake.contracts.view import contracts

KEEPERS = allow("agent", "manager")
NO_CONTRACT = "No contract of this id is on file."


async def known(reads: Reads, contract_id: UUID, customer_id: str | None, field: str) -> None:
    """Raises a 422 problem about the field for a contract that is not on file, or another customer's."""
    rows = await reads.rows(by_id(contracts, contract_id))
    if not rows:
        raise invalid(field, NO_CONTRACT, "unknown-contract")
    if customer_id is not None and rows[0]["customer_id"] not in (None, customer_id):
        raise invalid(field, ANOTHERS_CONTRACT)


def meant_site(form: SiteForm, customer_id: str) -> tuple[Site, Sequence[Text]]:
    """A site, and its address beside it: a text that goes with the customer's erasure."""
    address = Text.of(customer_id, form.address) if form.address else None
    site = Site(timezone=form.timezone, region=form.region, address_id=address.id if address else None)
    return site, [address] if address else []


async def noted_on(reads: Reads, number: str | None, asset_id: str) -> str | None:
    """Another asset with a card of this number: since before numbers were kept apart, two may have the same."""
    rows = await reads.rows(other_of_card(number, asset_id)) if number else []
    return rows[0]["id"] if rows else None


PLACES = {"card.start_date": "days.card_date", "components": "parts"}
"""Fields of the warranty's asset by the names that the forms have for them."""


async def by_field(
    commands: Commands, work: Work, body: CommandBody, texts: Sequence[Text] = (), creates: bool = False
) -> Response:
    """The command's answer. Raises a 422 problem where the asset would contradict itself, about the field that does."""
    try:
        return await commands.run(work, body, texts=texts, creates=creates)
    except Refused as refusal:
        if refusal.code != "asset-contradicts":
            raise
        name, bracket, rest = str(refusal.members["field"]).partition("[")
        raise invalid(f"body.{PLACES.get(name, name)}{bracket}{rest}", refusal.sentence, refusal.code) from None
