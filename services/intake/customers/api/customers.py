"""HTTP of customers: register one, find them, read and amend their file. Every look at a contact is recorded."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any, Literal, Self

import msgspec
from fastapi import Query
from pydantic import Field, model_validator

from libs.chassis.http import (
    DEFAULT,
    TAGGED,
    UUID,
    CommandBody,
    Commands,
    Cursor,
    Limit,
    MinVersion,
    Page,
    Reads,
    Response,
    Router,
    allow,
    new_id,
)
from libs.chassis.http.contacts import look_at, look_at_all, seen_by
from libs.chassis.input.fields import Address, Digits, Name, NamePart, Phone
from libs.chassis.links import links
from libs.chassis.lists.filters import several
from services.intake.customers.api.forms import SEES, Contact, CustomerContact
from services.intake.customers.domain import AmendCustomer, RegisterCustomer, customer, status
from services.intake.customers.view import contact, found, of_customer

router = Router(prefix="/v1/customers", tags=["customers"])


class NewCustomer(CommandBody, Contact):
    """客户建档 / A new customer's file."""


class CustomerAmendment(CommandBody):
    """资料变更 / What changes in a customer's contact; what is left out stays."""

    name: Annotated[Name | None, Field(description="姓名 / Name", examples=["王芳"])] = None
    phones: Annotated[
        list[Phone] | None,
        Field(min_length=1, max_length=10, description="电话 / Phones, all of them", examples=[["13800000000"]]),
    ] = None
    address: Annotated[Address | None, Field(description="地址 / Address", examples=["北京市朝阳区建国路1号"])] = None

    @model_validator(mode="after")
    def something(self) -> Self:
        """An amendment changes something."""
        if self.name is None and self.phones is None and self.address is None:
            raise ValueError("should name what changes")
        return self


class CustomerFile(CustomerContact):
    """客户资料 / A customer's file; once erased it has no contact any more."""

    status: Literal["registered", "erasure_requested", "erased"] = Field(description="客户状态 / The customer's status")
    version: int = Field(ge=1, description="版本 / Version of the customer's stream that this reflects")


READERS = allow(*SEES)
CustomerId = Annotated[str, msgspec.Meta(pattern="^[0-9a-f-]{36}$")]

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


NEXT = links(201, "get_customer", "amend_customer", customer_id="id")[201]["links"]


@router.post(
    "",
    status_code=201,
    operation_id="register_customer",
    dependencies=[allow("agent", "manager", "service")],
    responses={201: {"links": {"open_ticket": OPEN_TICKET, **NEXT}}},
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


@router.get(
    "",
    operation_id="list_customers",
    dependencies=[READERS],
    response_model=Page[CustomerContact],
    responses=links(200, "get_customer", "amend_customer", customer_id="items/0/id"),
)
async def list_customers(
    reads: Reads,
    id: Annotated[list[UUID], several("客户编号 / Customer id")],
    name: Annotated[NamePart | None, Query(description="姓名开头 / How the name begins", examples=["王芳"])] = None,
    phone: Annotated[
        Digits | None, Query(description="电话或尾号 / A phone number, or its last digits", examples=["0000"])
    ] = None,
    limit: Limit = DEFAULT,
    cursor: Cursor = None,
) -> Any:
    """客户列表 / Customers on file, newest first. Each contact that is shown is recorded as looked at."""
    last = reads.place_as(CustomerId, cursor)
    query = found(id, name, phone)
    (key,) = query.selected_columns
    query = query.order_by(key.desc()).limit(limit + 1)
    rows = await reads.rows(query if last is None else query.where(key < last))
    page = reads.paged([row["id"] for row in rows], limit, str)
    fields = seen_by(reads.principal, SEES)
    shown = await look_at_all(reads, contact, page["items"], fields, "GET /v1/customers")
    return page | {"items": [as_shown(shown[id]) for id in page["items"] if id in shown]}


@router.get(
    "/{customer_id}",
    operation_id="get_customer",
    dependencies=[READERS],
    response_model=CustomerFile,
    responses=TAGGED,
)
async def get_customer(customer_id: UUID, reads: Reads, min_version: MinVersion = None) -> Response:
    """客户资料 / One customer's file. The look is recorded."""
    id = str(customer_id)
    await reads.wait(customer.stream(id), min_version)
    state, version = await reads.state(customer, id, what="customer")
    shown = await look_at(reads, contact, id, seen_by(reads.principal, SEES), "GET /v1/customers/{customer_id}")
    file = as_shown(shown or {"id": id}) | {"status": status(state), "version": version}
    return reads.answer(file, version=version)


@router.post("/{customer_id}/amendment", operation_id="amend_customer", dependencies=[allow("agent", "manager")])
async def amend_customer(customer_id: UUID, body: CustomerAmendment, reads: Reads, commands: Commands) -> Response:
    """变更资料 / Change name, phones or address. What they were before is not kept."""
    id = str(customer_id)
    row = await reads.one(of_customer(id), "customer")
    changed = amended(row, body) | {"version": row["version"] + 1}
    return await commands.run(customer.on(id, AmendCustomer(id, row["version"])), body, rows=[(contact, changed)])


def amended(row: Mapping[str, Any], form: CustomerAmendment) -> dict[str, Any]:
    """The contact with what the form changes."""
    phones = None if form.phones is None else [asdict(phone) for phone in form.phones]
    given = {"name": form.name, "phones": phones, "address": form.address}
    return {**row, **{name: value for name, value in given.items() if value is not None}}


def as_shown(contact: Mapping[str, Any]) -> dict[str, Any]:
    """A contact as it is answered: what the caller's roles do not show is null."""
    return {name: contact.get(name) for name in CustomerContact.model_fields}


def contact_row(customer_id: str, form: Contact) -> dict[str, Any]:
    """The first version of a customer's contact, as a row."""
    phones = [asdict(phone) for phone in form.phones]
    row = {"id": customer_id, "version": 1, "name": form.name, "phones": phones, "address": form.address}
    return row | {"sites": None}
