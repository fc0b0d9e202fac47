"""People with their roles, who call the five services over HTTP."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx

from deploy.devstack.badges import subject_of
from tests.journeys.product import Product

PATIENCE_SECONDS = 30.0
"""How long something may need to get from one service to the next on a busy machine."""

Wanted = Callable[[Any], object]


@dataclass
class People:
    """Everybody who works with the product: one person a role, or several, such as `engineer/2`."""

    product: Product
    http: httpx.AsyncClient
    _tokens: dict[str, str] = field(default_factory=dict)

    def headers(self, role: str) -> dict[str, str]:
        """What a person of this role sends with every request."""
        if role not in self._tokens:
            self._tokens[role] = self.product.token(role.partition("/")[0], subject=subject_of(role))
        return {"Authorization": f"Bearer {self._tokens[role]}"}

    async def send(
        self, role: str, service: str, path: str, body: Any = None, key: str | None = None, **headers: str
    ) -> httpx.Response:
        """A command, whatever comes of it; with a key of its own unless it is given."""
        sent = {**self.headers(role), "Idempotency-Key": key or str(uuid4()), **headers}
        return await self.http.post(
            self.product.address(service, path), json={} if body is None else body, headers=sent
        )

    async def do(self, role: str, service: str, path: str, body: Any = None) -> Any:
        """A command that is carried out: its answer."""
        answer = await self.send(role, service, path, body)
        assert answer.is_success, (path, answer.status_code, answer.text)
        return answer.json()

    async def ask(self, service: str, path: str, role: str = "auditor", **parameters: Any) -> httpx.Response:
        """A read, whatever comes of it."""
        return await self.http.get(self.product.address(service, path), params=parameters, headers=self.headers(role))

    async def see(self, service: str, path: str, role: str = "auditor", **parameters: Any) -> Any:
        """A read that is answered."""
        answer = await self.ask(service, path, role, **parameters)
        assert answer.status_code == 200, (path, answer.status_code, answer.text)
        return answer.json()

    async def until(self, wanted: Wanted, service: str, path: str, role: str = "auditor", **parameters: Any) -> Any:
        """A read again and again, until its answer is as wanted; fails after a while."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            answer = await self.ask(service, path, role, **parameters)
            if answer.status_code == 200 and wanted(answer.json()):
                return answer.json()
            assert time.monotonic() < deadline, (path, answer.status_code, answer.text)
            await asyncio.sleep(0.05)
