"""The page of a repair's acceptance: shown, and answered."""

from uuid import uuid4

from starlette.responses import Response

from services.gateway.links import pages
from services.gateway.links.client import Services
from services.gateway.links.domain import Link, Verdict
from services.gateway.links.words import Language

JUDGED = ("accepted", "rejected")


async def shown(services: Services, link: Link, language: Language, hotline: str) -> Response:
    """What was done, and the two forms. Raises Unreachable."""
    repair = await services.repair(link)
    if repair is None:
        return pages.closed(language, hotline)
    if repair.status in JUDGED:
        return pages.answered(language, "judged")
    if repair.status != "completed":
        return pages.early(language)
    return pages.acceptance(repair, str(uuid4()), language)


async def answered(
    services: Services, link: Link, verdict: Verdict | None, language: Language, hotline: str
) -> Response:
    """What became of the answer. A link that is not of a completed repair is not used up by it. Raises Unreachable."""
    repair = await services.repair(link)
    if verdict is None or repair is None:
        return pages.closed(language, hotline)
    if repair.status not in ("completed", *JUDGED):
        return pages.early(language)
    if verdict.flaw:
        return pages.acceptance(repair, verdict.answer_id, language, verdict, verdict.flaw)
    said = await services.judge(link, verdict)
    if said == "unreadable":
        return pages.acceptance(repair, verdict.answer_id, language, verdict, verdict.unreadable)
    if said == "closed":
        return pages.closed(language, hotline)
    return pages.judged(verdict, language) if said == "taken" else pages.answered(language, "judged")
