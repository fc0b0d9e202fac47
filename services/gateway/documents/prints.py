"""What is printed, by its English name: each print-out asks for its own facts, and says them in the form's words."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from libs.documents.asset_forms import AssetLabel, AssetLabels, WarrantyCard
from libs.documents.contract_forms import ServiceContract
from libs.documents.forms import FORMS, Document, Form
from libs.documents.ticket_forms import TICKET_FORMS, CustomerReceipt, TicketForm
from services.gateway.asset_code import AssetCodes
from services.gateway.documents import assets, contracts, tickets
from services.gateway.documents.client import Reader
from services.gateway.documents.domain import filled_in


@dataclass(frozen=True)
class Desk:
    """Where it is printed: `origin` is the gateway's, `zone` the department's, `codes` sign for labels."""

    origin: str
    zone: ZoneInfo
    codes: AssetCodes
    hotline: str

    def page(self, kind: str, id: str) -> str:
        """The address of a page of the console."""
        return f"{self.origin}/{kind}/{id}"

    def label(self, asset_id: str) -> str:
        """The address that an asset's label holds."""
        return self.page("a", self.codes.code_of(asset_id))


Print = Callable[[Desk, Reader, str], Awaitable[Document]]
"""The document about the visit, ticket, asset, customer or contract of this id. Raises problems."""


def _of_visit(form: type[Form]) -> Print:
    async def printed(desk: Desk, reader: Reader, id: str) -> Document:
        return filled_in(form, await reader.record(form, id), desk.page("work-orders", id), desk.zone)

    return printed


def _of_ticket(form: type[TicketForm]) -> Print:
    async def printed(desk: Desk, reader: Reader, id: str) -> Document:
        return tickets.filled_in(form, await reader.ticket(id), desk.page("tickets", id), desk.zone)

    return printed


async def _receipt(desk: Desk, reader: Reader, id: str) -> Document:
    return tickets.receipt(await reader.settled(id), desk.page("tickets", id), desk.zone)


async def _warranty_card(desk: Desk, reader: Reader, id: str) -> Document:
    return assets.card(await reader.asset_record(id), desk.label(id), desk.hotline)


async def _label(desk: Desk, reader: Reader, id: str) -> Document:
    return assets.one_label(await reader.asset(id), desk.label)


async def _labels(desk: Desk, reader: Reader, id: str) -> Document:
    return assets.all_labels(id, await reader.assets_of(id), desk.label)


async def _contract(desk: Desk, reader: Reader, id: str) -> Document:
    return contracts.agreement(await reader.contract_record(id), desk.page("contracts", id), desk.zone, desk.hotline)


PRINTS: Mapping[str, Print] = {
    **{name: _of_visit(form) for name, form in FORMS.items()},
    **{name: _of_ticket(form) for name, form in TICKET_FORMS.items()},
    CustomerReceipt.name: _receipt,
    WarrantyCard.name: _warranty_card,
    AssetLabel.name: _label,
    AssetLabels.name: _labels,
    ServiceContract.name: _contract,
}
