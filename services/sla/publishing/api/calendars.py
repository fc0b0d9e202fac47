"""HTTP of shared calendars: the working time that policies count in, from the draft to what is in force."""

from typing import Annotated, Any

from pydantic import Field

from libs.chassis.http.document.structs import Formed
from libs.chassis.http.routers.publishing import DocumentBody, Documents
from services.sla.policies.domain.shared_calendar import SharedCalendar
from services.sla.publishing.api.rules import (
    AUTHORS,
    DIRECTORS,
    PublishedRules,
    RuleItem,
    RuleSheet,
    VersionSheet,
    rule_router,
)
from services.sla.publishing.domain.rules import CALENDAR, calendars

EXAMPLE: dict[str, Any] = {
    "id": "cn-office",
    "title": {"zh-CN": "国内办公时间", "en": "Office hours in China"},
    "timezone": "Asia/Shanghai",
    "weekly_hours": {day: [["09:00", "12:00"], ["13:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
    "public_holidays": "CN",
}


Document = Annotated[dict[str, Any], Formed(SharedCalendar)]


class CalendarDraft(DocumentBody):
    """日历草稿 / A shared calendar as it is to be. Its `version` is given when it is published."""

    document: Document = Field(
        description="日历 / The calendar: id, title, zone, hours, holidays; what cannot work is refused by place",
        examples=[EXAMPLE],
    )


class CalendarDetails(RuleSheet):
    """日历详情 / A calendar with its draft, what is in force, and all its versions."""

    draft: Document | None = Field(description="草稿 / The draft", examples=[EXAMPLE | {"version": 2}])
    document: Document | None = Field(description="现行内容 / What is in force", examples=[EXAMPLE | {"version": 1}])


class CalendarVersion(VersionSheet):
    """已发布版本 / A published version of a calendar with its content."""

    document: Document = Field(description="内容 / The calendar", examples=[EXAMPLE | {"version": 1}])


router = rule_router(
    Documents(
        name="calendar",
        plural="calendars",
        chinese="日历",
        authors=AUTHORS,
        directors=DIRECTORS,
        new=CalendarDraft,
        following=CalendarDraft,
        item=RuleItem,
        details=CalendarDetails,
        version=CalendarVersion,
        about="Those of one policy stand in its document.",
        retiring=": not while a policy in force counts in it",
    ),
    PublishedRules(CALENDAR, calendars),
)
