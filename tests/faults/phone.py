"""An engineer's phone in a fault run: what was done without a network is sent through the gateways, in its order."""

import asyncio
import random
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from deploy.devstack.badges import subject_of
from deploy.devstack.issuer.people import ENGINEERS
from tests.faults.client import Clients
from tests.faults.ledger import Step

LONGEST_STEP_SECONDS = 0.1


class Phone:
    """Of an engineer who can sign in. Who has it has one visit at a time, whose steps are one lane."""

    def __init__(self, clients: Clients, login: str) -> None:
        self._clients = clients
        self._chance = random.Random(login)
        self._outbox: list[tuple[str, Step, Mapping[str, Any]]] = []
        self.login, self.engineer_id = login, ""

    async def begin(self) -> None:
        """The engineer is known, and signed in. In a later run of the same stack both are so already."""
        key = f"faults/phones/{self.login}"
        new = {"name": self.login, "skills": ["hvac"], "region": "fj"}
        found = await self._clients.command("dispatch", "dispatcher", "/v1/engineers", key, new)
        self.engineer_id = found["id"]
        path, bound = f"/v1/engineers/{self.engineer_id}/binding", {"subject": subject_of(self.login)}
        await self._clients.command("dispatch", "dispatcher", path, f"{key}/login", bound)
        await self._clients.sign_in(self.login)

    async def take(self, work_order_id: str, verb: str, key: str, body: Mapping[str, Any], refused: str = "") -> None:
        """Done now, without a network; `refused` is the code of the rule that it will be found to break."""
        await asyncio.sleep(self._chance.uniform(0.01, LONGEST_STEP_SECONDS))
        step = Step(verb, key, datetime.now(UTC), refused)
        self._outbox.append((work_order_id, step, {**body, "occurred_at": step.at.isoformat()}))

    async def sync(self) -> None:
        """The network is back: each step until a service answers, then the next. What a rule refuses is given up."""
        while self._outbox:
            work_order_id, step, body = self._outbox.pop(0)
            self._clients.ledger.lanes[work_order_id].append(step)
            path = f"/v1/work-orders/{work_order_id}/{step.verb}"
            if step.refused:
                await self._clients.refused("dispatch", self.login, path, step.key, body, step.refused)
            else:
                await self._clients.command("dispatch", self.login, path, step.key, body)


async def signed_in(clients: Clients) -> list[Phone]:
    """One of each engineer who can sign in."""
    phones = [Phone(clients, person.username) for person in ENGINEERS]
    for phone in phones:
        await phone.begin()
    return phones
