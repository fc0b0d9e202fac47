"""Whom a ticket is for, as intake's forms ask for it and show it."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from libs.chassis.http.contacts import PhoneOnFile, Sees
from libs.chassis.input.fields import Address, Name, Phone
from libs.chassis.input.form import Form


class Contact(Form):
    """业主姓名、电话、地址 / Who the customer is and how to reach them."""

    name: Annotated[Name, Field(description="姓名 / Name", examples=["王芳"])]
    phones: Annotated[
        list[Phone], Field(min_length=1, max_length=10, description="电话 / Phones", examples=[["13800000000"]])
    ]
    address: Annotated[Address, Field(description="地址 / Address", examples=["北京市朝阳区建国路1号"])]


class CustomerContact(BaseModel):
    """A contact that is on file; null where the caller's roles do not show it."""

    id: UUID = Field(description="客户编号 / Customer id")
    name: str | None = Field(description="姓名 / Name", examples=["王芳"])
    phones: list[PhoneOnFile] | None = Field(description="电话 / Phones")
    address: str | None = Field(description="地址 / Address", examples=["北京市朝阳区建国路1号"])


SEES: Sees = {
    "agent": ("name", "phones", "address"),
    "manager": ("name", "phones", "address"),
    "dispatcher": ("name", "phones", "address"),
    "triage": ("name", "phones"),
}
"""Engineers see the contact of their own visit in dispatch; nobody else needs one. The table: docs/privacy.md."""
