"""What each form says. Its template is `templates/<name>.typ`; texts are in Chinese, as the departments know the forms.

What is None is left blank, to be filled in by hand.
"""

import re
from typing import ClassVar, Literal

import msgspec


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """What is printed. `address` is where the QR code leads, `version` that of the record that was printed."""

    name: ClassVar[str]
    title: ClassVar[str]

    number: str
    version: int
    address: str

    @property
    def file_name(self) -> str:
        """As people know it, without its ending."""
        return f"{self.title.replace('/', '、')} {self.number}"

    @property
    def plain_name(self) -> str:
        """The same in letters that every program knows."""
        return f"{self.name}-{re.sub(r'[^0-9A-Za-z._-]', '', self.number)}"


class Form(Document, frozen=True, kw_only=True):
    """Of one visit; the version is the work order's."""

    visit: int
    customer: str | None
    phones: str | None
    site: str | None
    region: str | None
    contract: str | None
    warranty: str
    kind: str
    maintenance_type: str | None
    summary: str | None
    engineer: str | None

    @property
    def file_name(self) -> str:
        return f"{self.title} {self.number}-{self.visit}"

    @property
    def plain_name(self) -> str:
        return f"{self.name}-{self.number}-{self.visit}"


class TaskOrder(Form, frozen=True, kw_only=True):
    """《维护任务单》: what the engineer is to do, where, and when."""

    name = "maintenance-task-order"
    title = "维护任务单"

    level: str | None
    cause: str | None
    payable: bool | None
    skills: str
    requirements: str | None
    appointment: str | None
    rework: bool


class Acceptance(Form, frozen=True, kw_only=True):
    """《维护验收表》: what was done, and the customer's verdict; `signature` is a PNG, and there is none `by_link`."""

    name = "maintenance-acceptance"
    title = "维护验收表"

    arrived: str | None
    completed: str | None
    result: str | None
    verdict: Literal["accepted", "rejected"] | None
    reasons: list[str]
    signature: bytes | None
    signed_by: str | None
    signed_at: str | None
    by_link: bool = False


class OpinionFeedback(Form, frozen=True, kw_only=True):
    """《用户意见反馈表》: how content the customer is, 1 to 5, and what they say."""

    name = "user-opinion-feedback"
    title = "用户意见反馈表"

    completed: str | None
    result: str | None
    score: int | None
    opinion: str | None
    called: str | None


BLANK = OpinionFeedback(
    number="",
    visit=1,
    version=0,
    address="/",
    customer=None,
    phones=None,
    site=None,
    region=None,
    contract=None,
    warranty="",
    kind="",
    maintenance_type=None,
    summary=None,
    engineer=None,
    completed=None,
    result=None,
    score=None,
    opinion=None,
    called=None,
)
"""A form of no visit."""

FORMS: dict[str, type[Form]] = {form.name: form for form in (TaskOrder, Acceptance, OpinionFeedback)}
