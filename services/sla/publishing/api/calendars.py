"""HTTP of shared calendars: the working time that policies count in, from the draft to what is in force."""

from typing import Annotated, Any

from fastapi import Path
from pydantic import Field

from libs.chassis.http import (
    ANYONE,
    DEFAULT,
    TAGGED,
    CommandBody,
    Commands,
    Cursor,
    Limit,
    MinVersion,
    Page,
    Reads,
    Response,
    Router,
)
from services.sla.publishing.api import editions
from services.sla.publishing.api.editions import (
    AUTHORS,
    DIRECTORS,
    ID,
    Document,
    Number,
    OrderAnswer,
    Reassessment,
    RuleAnswer,
    RuleItem,
    RuleSheet,
    States,
    Step,
    VersionSheet,
)
from services.sla.publishing.domain.edition import Approve, Publish, Retire
from services.sla.publishing.domain.editions import CALENDAR, calendars

router = Router(prefix="/v1/calendars", tags=["calendars"])

CalendarId = Annotated[str, Path(pattern=ID, description="日历编号 / Id of the calendar", examples=["cn-office"])]

EXAMPLE: Document = {
    "id": "cn-office",
    "title": {"zh-CN": "国内办公时间", "en": "Office hours in China"},
    "timezone": "Asia/Shanghai",
    "weekly_hours": {day: [["09:00", "12:00"], ["13:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
    "public_holidays": "CN",
}


class CalendarDraft(CommandBody):
    """日历草稿 / A shared calendar as it is to be. Its `version` is given when it is published."""

    document: Document = Field(
        description="日历 / The calendar: id, title, zone, hours, holidays; what cannot work is refused by place",
        examples=[EXAMPLE],
    )


def _link(operation: str, id: str = "$response.body#/id") -> dict[str, Any]:
    return {"operationId": operation, "parameters": {"calendar_id": id}}


@router.get(
    "",
    operation_id="list_calendars",
    dependencies=[ANYONE],
    response_model=Page[RuleItem],
    responses={200: {"links": {"calendar": _link("get_calendar", "$response.body#/items/0/id")}}},
)
async def list_calendars(reads: Reads, status: States, limit: Limit = DEFAULT, cursor: Cursor = None) -> Any:
    """共用日历列表 / The calendars that policies share, newest first. Those of one policy stand in its document."""
    return await editions.listed(CALENDAR, reads, status, limit, cursor)


@router.post(
    "",
    status_code=201,
    operation_id="create_calendar",
    dependencies=[AUTHORS],
    response_model=RuleAnswer,
    responses={201: {"links": {name: _link(name) for name in ("get_calendar", "approve_calendar")}}},
)
async def create_calendar(body: CalendarDraft, commands: Commands) -> Response:
    """新建日历 / A new calendar, as a draft: it has no effect before it is approved and published."""
    return await editions.create(CALENDAR, calendars, body.document, body, commands)


@router.get(
    "/{calendar_id}", operation_id="get_calendar", dependencies=[ANYONE], response_model=RuleSheet, responses=TAGGED
)
async def get_calendar(calendar_id: CalendarId, reads: Reads, min_version: MinVersion = None) -> Response:
    """日历详情 / One calendar: its draft, what is in force, and all its versions."""
    await reads.wait(calendars.stream(calendar_id), min_version)
    return await editions.one(CALENDAR, calendar_id, reads)


@router.get(
    "/{calendar_id}/versions/{number}",
    operation_id="get_calendar_version",
    dependencies=[ANYONE],
    response_model=VersionSheet,
)
async def get_calendar_version(calendar_id: CalendarId, number: Number, reads: Reads) -> Any:
    """日历版本 / A published version with its content: what a clock that names it goes by."""
    return await editions.one_version(CALENDAR, calendar_id, number, reads)


@router.post(
    "/{calendar_id}/draft",
    operation_id="draft_calendar",
    dependencies=[AUTHORS],
    response_model=RuleAnswer,
    responses={200: {"links": {name: _link(name) for name in ("get_calendar", "approve_calendar")}}},
)
async def draft_calendar(calendar_id: CalendarId, body: CalendarDraft, commands: Commands) -> Response:
    """起草 / A draft of the next version; it takes the place of the draft before, and of that one's approval."""
    return await editions.draft(CALENDAR, calendars, calendar_id, body.document, body, commands)


@router.post(
    "/{calendar_id}/approval",
    operation_id="approve_calendar",
    dependencies=[DIRECTORS],
    response_model=RuleAnswer,
    responses={200: {"links": {"publish_calendar": _link("publish_calendar")}}},
)
async def approve_calendar(calendar_id: CalendarId, body: Step, commands: Commands) -> Response:
    """审批 / Approve the draft. Its author may not: two people stand behind a rule."""
    return await editions.step(CALENDAR, calendars, calendar_id, Approve, body, commands)


@router.post(
    "/{calendar_id}/publication",
    operation_id="publish_calendar",
    dependencies=[DIRECTORS],
    response_model=RuleAnswer,
    responses={200: {"links": {name: _link(name) for name in ("get_calendar", "reassess_calendar")}}},
)
async def publish_calendar(calendar_id: CalendarId, body: Step, commands: Commands) -> Response:
    """发布 / Put the approved draft into force as the next version. Tickets that have rules keep the ones they have."""
    return await editions.step(CALENDAR, calendars, calendar_id, Publish, body, commands)


@router.post(
    "/{calendar_id}/retirement", operation_id="retire_calendar", dependencies=[DIRECTORS], response_model=RuleAnswer
)
async def retire_calendar(calendar_id: CalendarId, body: Step, commands: Commands) -> Response:
    """停用 / Take the calendar out of force: not while a policy in force counts in it. Its tickets keep it."""
    return await editions.step(CALENDAR, calendars, calendar_id, Retire, body, commands)


@router.post(
    "/{calendar_id}/reassessment",
    status_code=202,
    operation_id="reassess_calendar",
    dependencies=[AUTHORS],
    response_model=OrderAnswer,
    responses={
        202: {
            "links": {
                "get_reassessment": {
                    "operationId": "get_reassessment",
                    "parameters": {"id": "$response.body#/reassessment_id"},
                }
            }
        }
    },
)
async def reassess_calendar(calendar_id: CalendarId, body: Reassessment, commands: Commands, reads: Reads) -> Response:
    """重新计算 / Work open tickets out again by all rules in force, from their original start. Met clocks stay."""
    return await editions.reassess(CALENDAR, calendars, calendar_id, body, commands, reads)
