"""HTTP of customers: register one."""

from dataclasses import asdict
from typing import Any

from libs.chassis.http import CommandBody, Commands, Response, Router, allow, new_id
from services.intake.customers.api.forms import Contact
from services.intake.customers.domain import RegisterCustomer, customer
from services.intake.customers.view import contact

router = Router(prefix="/v1/customers", tags=["customers"])


class NewCustomer(CommandBody, Contact):
    """客户建档 / A new customer's file."""


OPEN_TICKET: dict[str, Any] = {
    "operationId": "open_ticket",
    "description": "Open a ticket for this customer.",
    "requestBody": {
        "channel": "phone",
        "kind": "repair",
        "customer_id": "$response.body#/id",
        "summary": "空调不制冷",
    },
}


@router.post(
    "",
    status_code=201,
    operation_id="register_customer",
    dependencies=[allow("agent", "manager", "service")],
    responses={201: {"links": {"open_ticket": OPEN_TICKET}}},
)
async def register_customer(body: NewCustomer, commands: Commands) -> Response:
    """登记客户 / Open a file for a customer: name, phones and address stand beside the log, never in an event."""
    id = new_id()
    return await commands.run(
        customer.create(id, RegisterCustomer(id)),
        body,
        rows=[(contact, contact_row(id, body))],
        creates=True,
    )


def contact_row(customer_id: str, form: Contact) -> dict[str, Any]:
    """The first version of a customer's contact, as a row."""
    phones = [asdict(phone) for phone in form.phones]
    return {"id": customer_id, "version": 1, "name": form.name, "phones": phones, "address": form.address}
