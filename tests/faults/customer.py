"""A ticket's customer in a fault run: they look at its progress and rate the service, by links through the gateways."""

import asyncio
import random
import re
from itertools import count

from tests.faults.client import Clients, Unexpected
from tests.faults.ledger import Rated

ANSWER_ID = re.compile(r'name="answer_id" value="([0-9a-f-]{36})"')
SHARE_OF_TWO = 0.15
"""How many links to rate are opened by two people, who answer at once."""
TOO_LATE = frozenset([404, 409])
"""What the other one is told."""


class Customer:
    """`prefix` is the ticket's: it begins the keys of the commands that make its links."""

    def __init__(self, clients: Clients, prefix: str, chance: random.Random, ticket_id: str) -> None:
        self._clients, self._prefix, self._chance, self._ticket_id = clients, prefix, chance, ticket_id
        self._progress = ""
        self._numbers = count(1)

    async def look(self) -> None:
        """How far it is. Raises Unexpected."""
        if not self._progress:
            _, self._progress = await self._link("progress")
        await self._page(self._progress)
        self._clients.ledger.looked += 1

    async def rate(self, callback_id: str) -> None:
        """Once, whoever else has the link. Raises Unexpected."""
        link_id, token = await self._link("rating", object_id=callback_id)
        people = 2 if self._chance.random() < SHARE_OF_TWO else 1
        rated = [Rated(link_id, await self._form(token), self._chance.randint(1, 5)) for _ in range(people)]
        told = await asyncio.gather(*(self._send(token, one) for one in rated))
        if told.count(200) != 1 or not TOO_LATE.issuperset(set(told) - {200}):
            raise Unexpected(f"{people} ratings by link {link_id} were answered {told}")
        self._clients.ledger.ratings[callback_id] = rated[told.index(200)]

    async def _send(self, token: str, rated: Rated) -> int:
        form = {"answer_id": rated.answer_id, "score": rated.score}
        return (await self._clients.page(token, form)).status_code

    async def _form(self, token: str) -> str:
        found = ANSWER_ID.findall(await self._page(token))
        if len(found) != 1:
            raise Unexpected("a link to rate shows no form")
        return str(found[0])

    async def _page(self, token: str) -> str:
        page = await self._clients.page(token)
        if page.status_code != 200:
            raise Unexpected(f"an open link of ticket {self._ticket_id} was answered {page.status_code}")
        return page.text

    async def _link(self, purpose: str, **about: str) -> tuple[str, str]:
        """Id and token. Where the answer with the token was lost, the agent revokes that link and makes another."""
        body = {"ticket_id": self._ticket_id, "purpose": purpose, **about}
        for number in self._numbers:
            key = f"{self._prefix}/{purpose}/{number}"
            link_id, token = await self._clients.issue(key, body)
            if token:
                return link_id, token
            await self._clients.command("intake", "agent", f"/v1/links/{link_id}/revocation", f"{key}/revoked", {})
        raise AssertionError
