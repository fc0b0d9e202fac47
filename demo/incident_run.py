"""One incident being run: its scenario's steps as commands over HTTP, each after what it builds on."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from demo.barrier import until
from demo.clients import Apis
from demo.incidents import Incident
from demo.scenario import Step, scenario

T = TypeVar("T")

ROLES = {
    "open": "agent",
    "closure": "agent",
    "cancellation": "agent",
    "attempts": "agent",
    "classification": "triage",
    "remote-support": "triage",
    "authorisation": "manager",
    "assignment": "dispatcher",
}
"""Who gives a command; what is not named here is the assigned engineer's."""

REACTION_SECONDS = 0.03
"""What a reaction in another service may take: asked sooner, the answer would only cost everybody time."""

NEWS_ON_ITS_WAY = frozenset({"callback-required", "ticket-not-done"})
"""Why intake does not close a ticket yet: it has not heard that the customer accepted and was called back."""


@dataclass(frozen=True, slots=True)
class Engineer:
    """An engineer's id, and the login that is theirs."""

    id: str
    login: str


class IncidentRun:
    """The run of one incident. `engineers` are those who are assigned, by the number of the step that does it.

    `named` is what its ticket names of what is on file, instead of a new customer.
    """

    def __init__(
        self,
        incident: Incident,
        apis: Apis,
        engineers: Mapping[int, Engineer],
        named: Mapping[str, str] | None = None,
    ) -> None:
        self.case = incident.case
        self.steps = scenario(incident)
        self.done = 0
        self._apis = apis
        self._engineers = engineers
        self._named = named
        self._ticket_id = ""
        self._login = ""
        self._in_triage = False
        self._work_orders: dict[int, str] = {}

    @property
    def next_at(self) -> datetime | None:
        """When the next step happens; None when the run is over."""
        return self.steps[self.done].at if self.done < len(self.steps) else None

    async def run_until(self, until_at: datetime) -> None:
        """Give every command that happened up to `until_at`, one after the other."""
        while self.next_at is not None and self.next_at <= until_at:
            await self._take(self.steps[self.done])
            self.done += 1

    async def _take(self, step: Step) -> None:
        body = self._body(step)
        role = ROLES.get(step.verb, self._login)
        path = await self._path(step)
        answer = await self._apis.command(step.service, role, path, self._key, body, NEWS_ON_ITS_WAY)
        if step.verb == "open":
            self._ticket_id = answer["id"]

    @property
    def _key(self) -> str:
        """The same for the same step, whoever runs it and however often."""
        return f"demo/{self.case}/{self.done}"

    def _body(self, step: Step) -> dict[str, Any]:
        body = {**step.fields, "occurred_at": step.at.isoformat()}
        if step.verb == "open" and self._named is not None:
            del body["customer"]
            body |= self._named
        if step.verb == "assignment":
            del body["group"]
            engineer = self._engineers[self.done]
            body["engineer_id"], self._login = engineer.id, engineer.login
        return body

    async def _path(self, step: Step) -> str:
        if step.verb == "open":
            return "/v1/tickets"
        match step.service:
            case "intake":
                return f"/v1/tickets/{self._ticket_id}/{step.verb}"
            case "triage":
                await self._case_is_there()
                return f"/v1/cases/{self._ticket_id}/{step.verb}"
            case "dispatch":
                return f"/v1/work-orders/{await self._work_order(step.visit)}/{step.verb}"
            case "survey":
                return f"/v1/callbacks/{await self._callback(step.visit)}/{step.verb}"

    async def _case_is_there(self) -> None:
        if self._in_triage:
            return
        path = f"/v1/cases/{self._ticket_id}"
        await _appears(lambda: self._apis.get("triage", "triage", path), f"the case of {self.case}")
        self._in_triage = True

    async def _work_order(self, visit: int) -> str:
        """The id of the nth visit, as soon as dispatch has made it."""
        if visit not in self._work_orders:
            found = await self._listed("dispatch", "/v1/work-orders", "dispatcher", "visit", visit)
            self._work_orders[visit] = found
        return self._work_orders[visit]

    async def _callback(self, visit: int) -> str:
        """The id of the callback for the nth visit, as soon as survey has scheduled it."""
        work_order_id = await self._work_order(visit)
        return await self._listed("survey", "/v1/callbacks", "agent", "work_order_id", work_order_id)

    async def _listed(self, service: str, path: str, role: str, name: str, value: object) -> str:
        """The id of the item of this ticket whose field `name` is `value`, as soon as it is listed."""

        async def look() -> str | None:
            page = await self._apis.get(service, role, path, {"ticket_id": self._ticket_id, "limit": "100"})
            return next((item["id"] for item in page["items"] if item[name] == value), None)

        return await _appears(look, f"{path} of {self.case} with {name} {value}")


async def _appears(look: Callable[[], Awaitable[T | None]], what: str) -> T:
    """What `look` finds, as soon as it finds something."""
    found: T | None = None

    async def missing() -> str | None:
        nonlocal found
        found = await look()
        return "not there yet" if found is None else None

    await until(missing, what, REACTION_SECONDS)
    assert found is not None
    return found


async def side_by_side(runs: list[IncidentRun], until_at: datetime, at_once: int) -> None:
    """Let these tickets' steps happen up to `until_at`, `at_once` tickets at a time; the first error ends them all."""
    turn = asyncio.Semaphore(at_once)

    async def in_turn(run: IncidentRun) -> None:
        async with turn:
            await run.run_until(until_at)

    async with asyncio.TaskGroup() as group:
        for run in runs:
            group.create_task(in_turn(run))
