"""People with their roles, who call the five services over HTTP."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx

from deploy.devstack.badges import subject_of
from tests.journeys.product import Product

PATIENCE_SECONDS = 60.0
"""How long something may need to get from one service to the next on a busy machine."""

Wanted = Callable[[Any], object]


@dataclass
class People:
    """Everybody who works with the product: one person a role, or several, such as `engineer/2`."""

    product: Product
    http: httpx.AsyncClient

    def headers(self, role: str) -> dict[str, str]:
        """What a person of this role sends with every request: a new token, for the tests may outlast one."""
        token = self.product.token(role.partition("/")[0], subject=subject_of(role))
        return {"Authorization": f"Bearer {token}"}

    async def send(
        self, role: str, service: str, path: str, body: Any = None, key: str | None = None, **headers: str
    ) -> httpx.Response:
        """A command, whatever comes of it; with a key of its own unless it is given."""
        sent = {**self.headers(role), "Idempotency-Key": key or str(uuid4()), **headers}
        url, form = self.product.address(service, path), {} if body is None else body
        return await _once_it_has_time(lambda: self.http.post(url, json=form, headers=sent))

    async def do(self, role: str, service: str, path: str, body: Any = None) -> Any:
        """A command that is carried out: its answer."""
        answer = await self.send(role, service, path, body)
        assert answer.is_success, (path, answer.status_code, answer.text)
        return answer.json()

    async def ask(self, service: str, path: str, role: str = "auditor", **parameters: Any) -> httpx.Response:
        """A read, whatever comes of it."""
        url, sent = self.product.address(service, path), self.headers(role)
        return await _once_it_has_time(lambda: self.http.get(url, params=parameters, headers=sent))

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


async def _once_it_has_time(ask: Callable[[], Awaitable[httpx.Response]]) -> httpx.Response:
    """The answer: who is told that the service is busy comes back after a second, as it says, for a while."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (answer := await ask()).status_code == 503 and time.monotonic() < deadline:  # noqa: ASYNC110
        await asyncio.sleep(float(answer.headers.get("retry-after", "1")))
    return answer
