"""A policy and a shared calendar as people write them, and their way into force over HTTP."""

from typing import Any

import httpx

from tests.caller import Caller
from tests.sla.rules import CHINA, hours, repair, response

Document = dict[str, Any]


def written(id: str = "vip", *, within: float = 2, calendar: str | Document = CHINA, **changes: Any) -> Document:
    """A policy with an answer within so many hours, and a repair that has four times as many."""
    targets = [response(within=hours(within)), repair(within=hours(4 * within))]
    document = {
        "id": id,
        "title": {"zh-CN": "贵宾", "en": "VIP"},
        "calendars": {"office": calendar},
        "targets": targets,
    }
    return document | changes


def shared(id: str = "cn-office", **changes: Any) -> Document:
    """A calendar that policies may share."""
    return {"id": id, "title": {"zh-CN": "国内办公时间", "en": "Office hours"}, **CHINA} | changes


async def told(caller: Caller, path: str, body: Document | None = None, status: int = 200) -> dict[str, Any]:
    """What a command was answered that was carried out."""
    answer = await caller.post(path, body or {})
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def drafted(caller: Caller, document: Document, rules: str = "policies") -> httpx.Response:
    """Mia, a manager, writes a draft: the first one of a new rule, or else of its next version."""
    caller.as_person("mia", "manager")
    answer = await caller.post(f"/v1/{rules}", {"document": document})
    if answer.status_code == 409:
        answer = await caller.post(f"/v1/{rules}/{document['id']}/draft", {"document": document})
    return answer


async def published(caller: Caller, document: Document, rules: str = "policies") -> httpx.Response:
    """Mia writes it, and Dora, a director, approves and publishes it."""
    assert (await drafted(caller, document, rules)).status_code in (200, 201)
    caller.as_person("dora", "director")
    await told(caller, f"/v1/{rules}/{document['id']}/approval")
    return await caller.post(f"/v1/{rules}/{document['id']}/publication", {})
