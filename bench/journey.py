"""A repair as people live it, from the call to the closed ticket: the same HTTP commands for ours and for the peer."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from demo.clients import Apis
from demo.scenario import SIGNATURE, SITE
from deploy.devstack.badges import subject_of

TICKET = {
    "channel": "phone",
    "kind": "repair",
    "customer": {"name": "王芳", "phones": ["13800000000"], "address": "福州市鼓楼区"},
    "summary": "空调不制冷, 已经两天了, 外机有异响",
    "urgency": "high",
}


class Engineer:
    """Who mends: a login, bound to an engineer of dispatch. Nobody is at two doors."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.login = f"engineer/{number}"
        self.id = ""

    async def begin(self, apis: Apis) -> None:
        """Be known to dispatch, and be this login."""
        fields = {"name": "张伟", "skills": ["hvac"], "region": "fj"}
        key = f"bench/{self.login}"
        self.id = (await apis.command("dispatch", "dispatcher", "/v1/engineers", key, fields))["id"]
        binding = {"subject": subject_of(self.login)}
        await apis.command("dispatch", "dispatcher", f"/v1/engineers/{self.id}/binding", f"{key}/binding", binding)


class Journey:
    """One ticket of one round, in phases: each begins when everybody has heard the one before."""

    def __init__(self, apis: Apis, engineer: Engineer, number: int) -> None:
        self._apis = apis
        self._engineer = engineer
        self._prefix = f"bench/{number}/{engineer.number}"
        self._ticket_id = ""
        self._sent = 0

    async def open(self) -> None:
        self._ticket_id = (await self._do("intake", "agent", "/v1/tickets", **TICKET))["id"]

    async def classify(self) -> None:
        case = f"/v1/cases/{self._ticket_id}"
        await self._do("triage", "manager", f"{case}/classification", level=2, maintenance_type="corrective")
        await self._do("triage", "manager", f"{case}/authorisation", job_type="repair", payable=False, skills=["hvac"])

    async def visit(self) -> None:
        order = f"/v1/work-orders/{await self._listed('dispatch', '/v1/work-orders', 'dispatcher')}"
        await self._do("dispatch", "dispatcher", f"{order}/assignment", engineer_id=self._engineer.id)
        steps: Sequence[tuple[str, dict[str, Any]]] = (
            ("departure", {}),
            ("arrival", SITE),
            ("pause", {"reason": "waiting_parts"}),
            ("resumption", {}),
            ("completion", {"result": "更换电容, 试机正常"}),
            ("acceptance", {"signed_by": "王芳", "signature": SIGNATURE}),
        )
        for step, fields in steps:
            await self._do("dispatch", self._engineer.login, f"{order}/{step}", **fields)

    async def call_back(self) -> None:
        path = f"/v1/callbacks/{await self._listed('survey', '/v1/callbacks', 'agent')}/attempts"
        await self._do("survey", "agent", path, outcome="reached", score=5, comment="很好")

    async def close(self) -> None:
        await self._do("intake", "agent", f"/v1/tickets/{self._ticket_id}/closure")

    async def _do(self, service: str, role: str, path: str, **fields: Any) -> dict[str, Any]:
        self._sent += 1
        return await self._apis.command(service, role, path, f"{self._prefix}/{self._sent}", fields)

    async def _listed(self, service: str, path: str, role: str) -> str:
        """The id of the one that is about this ticket."""
        found = (await self._apis.get(service, role, path, {"ticket_id": self._ticket_id}))["items"]
        (one,) = found
        return str(one["id"])


PHASES = (Journey.open, Journey.classify, Journey.visit, Journey.call_back, Journey.close)


async def live(journeys: Sequence[Journey], settled: Callable[[], Awaitable[None]]) -> None:
    """All of them side by side, phase by phase; `settled` returns when all that happened has been heard."""
    for phase in PHASES:
        await asyncio.gather(*(phase(journey) for journey in journeys))
        await settled()
