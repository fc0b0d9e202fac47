"""One ticket's whole life over HTTP, on a way that chance decides and the seed repeats."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from deploy.devstack.badges import subject_of
from tests.faults.client import Clients, Unexpected
from tests.faults.customer import Customer
from tests.faults.phone import Phone

T = TypeVar("T")

PATIENCE_SECONDS = 150.0
LATE = timedelta(days=14)
"""A late ticket is recorded so long after it happened that every deadline has passed: 100 hours of working time."""
SHARE_LATE = 0.3
SHARE_TAPPED_TWICE, SHARE_BY_LINK = 0.3, 0.3
"""Of the arrivals on a phone, and of the callbacks that a link saves."""
SHARE_CANCELLED, SHARE_REMOTE, SHARE_REMOTE_FAILS = 0.12, 0.15, 0.1
SHARE_AMENDED = 0.1
"""Of all tickets, before triage has looked."""
REOPENED_EVERY = 12
"""One of so many that were closed is opened again, so that a run has some: a second round of work is as long as one."""

SIGNATURE = (
    "iVBORw0KGgoAAAANSUhEUgAAAEAAAAAYAQAAAABiz8bpAAAAdklEQVR42o3OIQ6DQBCF4XFIjsA5qrgYzYoe"
    "qbKCI6xEUlfXTQMJ2bDMz86mCFLTZ+ZTb57wjfyHz4E5n97wdmhjCBne4FtSMIw34qsg8liQhT5pNRWoEitZ"
    "aelILsNxteb4hIth83A3pAYGg7r85LxHSurfqTsLtqsviF5A2QAAAABJRU5ErkJggg=="
)
PAUSES = ({"reason": "waiting_parts"}, {"reason": "waiting_customer"}, {"reason": "waiting", "note": "等待物业开门"})


HERE = {"latitude": 26.08, "longitude": 119.3, "accuracy_m": 12.0}


class Journey:
    """The life of ticket `number` of a run, with an engineer of its own: nobody is at two doors.

    `engineer` is one who is there already and has no other ticket meanwhile: login and id. With a `phone` they work
    offline, and the customer looks on.
    """

    def __init__(
        self,
        clients: Clients,
        seed: int,
        number: int,
        engineer: tuple[str, str] | None = None,
        phone: Phone | None = None,
    ) -> None:
        self._clients = clients
        self._phone, self._number = phone, number
        self._prefix = f"faults/{seed}/{number}"
        self._chance = random.Random(self._prefix)
        own = (phone.login, phone.engineer_id) if phone else engineer
        self._login, self._engineer_id = own or (f"engineer/{seed}/{number}", "")
        self._ticket_id = ""
        self._classified = False
        self._visit_number = 0
        self._sent = 0

    async def live(self) -> None:
        """From the first call to the end. Raises Unexpected."""
        await self._open()
        if self._chance.random() < SHARE_AMENDED:
            await self._amend(kind=self._chance.choice(["inspection", "installation"]), region="闽北")
        way = self._chance.random()
        if way < SHARE_CANCELLED:
            await self._until_cancelled()
            return
        if way < SHARE_CANCELLED + SHARE_REMOTE:
            await self._resolved_remotely()
        else:
            await self._mended_on_site()
        if self._number % REOPENED_EVERY == 0:
            await self._reopened()

    async def _open(self) -> None:
        late = self._chance.random() < SHARE_LATE
        body: dict[str, Any] = {
            "channel": self._chance.choice(["phone", "web", "email", "walk_in"]),
            "kind": "repair",
            "customer": {"name": "王芳", "phones": ["13800000000"], "address": "福州市鼓楼区"},
            "summary": "空调不制冷",
            "urgency": self._chance.choice(["low", "normal", "high", "critical"]),
        }
        if late:
            body["occurred_at"] = (datetime.now(UTC) - LATE).isoformat()
        found = await self._do("intake", "agent", "/v1/tickets", **body)
        self._ticket_id = found["id"]
        self._customer = Customer(self._clients, self._prefix, self._chance, self._ticket_id)
        if late:
            self._clients.ledger.late_tickets.add(self._ticket_id)
        await self._there("triage", "triage", f"/v1/cases/{self._ticket_id}")
        if late:
            await self._accept_evidence()

    async def _accept_evidence(self) -> None:
        """A manager lets verdicts rest on what was recorded so long after it happened, all of it at once."""
        found = await self._clients.get("intake", "manager", "/v1/evidence", {"ticket_id": self._ticket_id})
        await self._do("intake", "manager", f"/v1/evidence/{found['items'][0]['id']}/acceptance")

    async def _until_cancelled(self) -> None:
        """Withdrawn at once, after triage began, or when work on site was ordered or even begun."""
        stage = self._chance.randrange(4)
        if stage >= 1:
            await self._classify()
        if stage >= 2:
            await self._authorise()
        if stage >= 3:
            await self._assign(await self._work_order(1))
        await self._do("intake", "agent", f"/v1/tickets/{self._ticket_id}/cancellation", reason="客户已自行解决")

    async def _resolved_remotely(self) -> None:
        if self._chance.random() < 0.5:
            await self._classify()
        await self._triage("remote-support", outcome="started", note="电话指导")
        await self._triage("remote-support", outcome="succeeded")
        await self._close()

    async def _mended_on_site(self) -> None:
        if self._chance.random() < SHARE_REMOTE_FAILS:
            await self._triage("remote-support", outcome="started")
            await self._triage("remote-support", outcome="failed", note="重启无效")
        await self._classify()
        if self._chance.random() < 0.3:
            await self._triage("cause", cause="normal_wear", explanation="电容老化")
        await self._worked()

    async def _reopened(self) -> None:
        """The customer calls again: the ticket goes on, with a visit of its own and an address that was put right."""
        await self._do("intake", "agent", f"/v1/tickets/{self._ticket_id}/reopening", reason="又不制冷了")
        await self._amend(region="闽南", summary="空调又不制冷")
        await _appears(self._on_the_list_again, f"the case of reopened ticket {self._ticket_id}")
        if not self._classified:
            await self._classify()
        await self._worked()

    async def _on_the_list_again(self) -> bool | None:
        found = await self._clients.get("triage", "triage", f"/v1/cases/{self._ticket_id}")
        return True if found["status"] in ("open", "classified") else None

    async def _amend(self, **what: str) -> None:
        await self._do("intake", "agent", f"/v1/tickets/{self._ticket_id}/amendment", reason="客户更正", **what)

    async def _worked(self) -> None:
        """From leave to work on site to the closing."""
        await self._authorise()
        accepted = False
        while not accepted:
            self._visit_number += 1
            accepted = await self._visit(self._visit_number)
        await self._call_back(self._visit_number)
        await self._close()

    async def _visit(self, visit: int) -> bool:
        """One visit; whether the customer accepted it."""
        work_order_id = await self._work_order(visit)
        await self._assign(work_order_id)
        accepted = await self._work(work_order_id, visit)
        if self._phone:
            await self._phone.sync()
            await self._customer.look()
        return accepted

    async def _work(self, work_order_id: str, visit: int) -> bool:
        """The engineer's part of a visit; whether it was accepted."""
        if self._chance.random() < 0.5:
            await self._dispatch(work_order_id, "departure")
        await self._dispatch(work_order_id, "arrival", **HERE)
        if self._phone and self._chance.random() < SHARE_TAPPED_TWICE:
            await self._phone.take(work_order_id, "arrival", self._next_key(), HERE, refused="already-on-site")
        for _ in range(self._chance.choice([0, 1, 1, 2])):
            await self._dispatch(work_order_id, "pause", **self._chance.choice(PAUSES))
            await self._dispatch(work_order_id, "resumption")
        await self._dispatch(work_order_id, "completion", result="更换电容，试机正常")
        if visit < 3 and self._chance.random() < 0.2:
            await self._dispatch(work_order_id, "rejection", reasons=["仍有异响"])
            return False
        await self._dispatch(work_order_id, "acceptance", signed_by="王芳", signature=SIGNATURE)
        return True

    async def _call_back(self, visit: int) -> None:
        work_order_id = await self._work_order(visit)
        callback_id = await self._listed("survey", "/v1/callbacks", "agent", "work_order_id", work_order_id)
        if self._clients.has_gateways and self._chance.random() < SHARE_BY_LINK:
            await self._customer.rate(callback_id)
            return
        path = f"/v1/callbacks/{callback_id}/attempts"
        if self._chance.random() < 0.2:
            await self._do("survey", "agent", path, outcome="no_answer")
        await self._do("survey", "agent", path, outcome="reached", score=5, comment="很好")

    async def _classify(self) -> None:
        await self._triage("classification", level=self._chance.randint(1, 4), maintenance_type="corrective")
        self._classified = True

    async def _authorise(self) -> None:
        await self._triage("authorisation", job_type="repair", payable=False, skills=["hvac"])

    async def _assign(self, work_order_id: str) -> None:
        if not self._engineer_id:
            await self._engineer()
        path = f"/v1/work-orders/{work_order_id}/assignment"
        await self._do("dispatch", "dispatcher", path, engineer_id=self._engineer_id)

    async def _engineer(self) -> None:
        found = await self._do("dispatch", "dispatcher", "/v1/engineers", name="张伟", skills=["hvac"], region="fj")
        self._engineer_id = found["id"]
        path = f"/v1/engineers/{self._engineer_id}/binding"
        await self._do("dispatch", "dispatcher", path, subject=subject_of(self._login))

    async def _close(self) -> None:
        await self._do("intake", "agent", f"/v1/tickets/{self._ticket_id}/closure")

    async def _triage(self, verb: str, **body: Any) -> None:
        await self._do("triage", "manager", f"/v1/cases/{self._ticket_id}/{verb}", **body)

    async def _dispatch(self, work_order_id: str, verb: str, **body: Any) -> None:
        if self._phone:
            await self._phone.take(work_order_id, verb, self._next_key(), body)
        else:
            await self._do("dispatch", self._login, f"/v1/work-orders/{work_order_id}/{verb}", **body)

    async def _do(self, service: str, role: str, path: str, **body: Any) -> dict[str, Any]:
        return await self._clients.command(service, role, path, self._next_key(), body)

    def _next_key(self) -> str:
        self._sent += 1
        return f"{self._prefix}/{self._sent}"

    async def _work_order(self, visit: int) -> str:
        return await self._listed("dispatch", "/v1/work-orders", "dispatcher", "visit", visit)

    async def _there(self, service: str, role: str, path: str) -> None:
        await _appears(lambda: self._clients.get(service, role, path), path)

    async def _listed(self, service: str, path: str, role: str, name: str, value: object) -> str:
        """The id of this ticket's item whose field `name` is `value`, as soon as it is listed."""

        async def look() -> str | None:
            page = await self._clients.get(service, role, path, {"ticket_id": self._ticket_id})
            return next((str(item["id"]) for item in page["items"] if item[name] == value), None)

        return await _appears(look, f"{path} of ticket {self._ticket_id} with {name} {value}")


async def _appears(look: Callable[[], Awaitable[T | None]], what: str) -> T:
    """What `look` finds, as soon as it finds something."""
    give_up, pause = time.monotonic() + PATIENCE_SECONDS, 0.02
    while (found := await look()) is None:
        if time.monotonic() > give_up:
            raise Unexpected(f"{what} did not appear within {PATIENCE_SECONDS:.0f} s")
        await asyncio.sleep(pause)
        pause = min(pause * 1.5, 0.5)
    return found
