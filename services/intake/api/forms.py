"""What intake's forms ask for: the fields that more than one of them has."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

NOT_BLANK = r"^[^\x00]*\S[^\x00]*$"
PHONE = r"^\+?[0-9(][0-9 ()#*,;./转-]{2,31}$"

Words = Annotated[str, StringConstraints(min_length=1, max_length=4000, pattern=NOT_BLANK)]
"""People's words: not blank."""
Phone = Annotated[str, StringConstraints(max_length=33, pattern=PHONE)]
"""A phone number as it is said, perhaps with an extension."""


class Contact(BaseModel):
    """业主姓名、电话、地址 / Who the customer is and how to reach them (R005)."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[Words, Field(max_length=200, description="姓名 / Name", examples=["王芳"])]
    phones: Annotated[
        list[Phone], Field(min_length=1, max_length=10, description="电话 / Phones", examples=[["13800000000"]])
    ]
    address: Annotated[Words, Field(max_length=500, description="地址 / Address", examples=["北京市朝阳区建国路1号"])]


class CustomerContact(Contact):
    """A contact that is on file."""

    id: UUID = Field(description="客户编号 / Customer id")
