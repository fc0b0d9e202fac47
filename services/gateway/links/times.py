"""The page of a visit's time: shown, and answered."""

from datetime import UTC, datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

from starlette.responses import Response

from services.gateway.links import pages
from services.gateway.links.appointment import TimeAnswer
from services.gateway.links.client import Services
from services.gateway.links.domain import Link
from services.gateway.links.words import Language


async def shown(services: Services, link: Link, language: Language, hotline: str) -> Response:
    """The form. Raises Unreachable."""
    return await _form(services, link, TimeAnswer(str(uuid4()), None, "", "", "", "", ""), None, language, hotline)


async def answered(
    services: Services, link: Link, answer: TimeAnswer | None, language: Language, hotline: str
) -> Response:
    """What became of the answer; the form again, under its own id, where something is wrong. Raises Unreachable."""
    zone = ZoneInfo(link.timezone)
    if answer is None:
        return pages.closed(language, hotline)
    slot = answer.slot(zone)
    flaw = answer.flaw(zone, datetime.now(UTC))
    if flaw or slot is None:
        return await _form(services, link, answer, flaw, language, hotline)
    said = await services.answer_time(link, answer, *slot)
    if said == "taken":
        return pages.time_taken(answer, slot, zone, language)
    if said == "answered":
        return pages.time_answered(language)
    if said == "closed":
        return pages.closed(language, hotline)
    flaw = "note_unreadable" if said == "unreadable" and answer.choice == "wish" else "time_changed"
    return await _form(services, link, answer, flaw, language, hotline)


async def _form(
    services: Services, link: Link, answer: TimeAnswer, flaw: str | None, language: Language, hotline: str
) -> Response:
    planned = await services.planned(link)
    if planned is None or not planned.is_open:
        return pages.closed(language, hotline)
    return pages.time(answer, planned, ZoneInfo(link.timezone), language, flaw)
