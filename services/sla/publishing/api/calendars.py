"""HTTP of shared calendars: the working time that policies count in, from the draft to what is in force."""

from pydantic import Field

from libs.chassis.http.publishing import DocumentBody, Documents
from services.sla.publishing.api.editions import (
    AUTHORS,
    DIRECTORS,
    Document,
    Editions,
    RuleItem,
    RuleSheet,
    VersionSheet,
    rule_router,
)
from services.sla.publishing.domain.editions import CALENDAR, calendars

EXAMPLE: Document = {
    "id": "cn-office",
    "title": {"zh-CN": "国内办公时间", "en": "Office hours in China"},
    "timezone": "Asia/Shanghai",
    "weekly_hours": {day: [["09:00", "12:00"], ["13:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
    "public_holidays": "CN",
}


class CalendarDraft(DocumentBody):
    """日历草稿 / A shared calendar as it is to be. Its `version` is given when it is published."""

    document: Document = Field(
        description="日历 / The calendar: id, title, zone, hours, holidays; what cannot work is refused by place",
        examples=[EXAMPLE],
    )


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
        details=RuleSheet,
        version=VersionSheet,
        about="Those of one policy stand in its document.",
        retiring=": not while a policy in force counts in it",
    ),
    Editions(CALENDAR, calendars),
)
