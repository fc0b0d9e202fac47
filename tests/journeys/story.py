"""One ticket on its way: each method is a step that somebody takes, and waits until the others have heard of it."""

from dataclasses import dataclass
from typing import Any

from deploy.devstack.badges import subject_of
from services.dispatch.work_orders.api.forms import SCRAWL
from tests.journeys.people import People

CUSTOMER = {"name": "王芳", "phones": ["13800000000"], "address": "福州市鼓楼区"}


@dataclass
class Story:
    """A ticket, by its id, its newest work order, and who makes the visit: a manager until somebody is assigned."""

    people: People
    ticket_id: str
    work_order_id: str = ""
    engineer: str = "manager"

    @classmethod
    async def begin(cls, people: People, **form: Any) -> "Story":
        """A customer calls; returns when triage has the case."""
        contact = {"channel": "phone", "kind": "repair", "customer": CUSTOMER, "summary": "空调不制冷", **form}
        opened = await people.do("agent", "intake", "/v1/tickets", contact)
        story = cls(people, opened["id"])
        await people.until(lambda case: case["status"], "triage", story.case)
        return story

    @property
    def ticket(self) -> str:
        return f"/v1/tickets/{self.ticket_id}"

    @property
    def case(self) -> str:
        return f"/v1/cases/{self.ticket_id}"

    @property
    def visit(self) -> str:
        return f"/v1/work-orders/{self.work_order_id}"

    async def classify(self, level: int = 2) -> Any:
        """Triage says how bad it is."""
        body = {"level": level, "maintenance_type": "corrective"}
        return await self.people.do("triage", "triage", f"{self.case}/classification", body)

    async def authorise(self, visits: int = 1) -> None:
        """Triage lets dispatch send somebody; returns when there is a work order."""
        body = {"job_type": "repair", "payable": False, "skills": ["hvac"]}
        await self.people.do("triage", "triage", f"{self.case}/authorisation", body)
        await self.next_visit(visits)

    async def next_visit(self, visits: int = 1) -> None:
        """Go on with the newest work order, as soon as there are that many."""
        listed = await self.people.until(
            lambda page: len(page["items"]) == visits, "dispatch", "/v1/work-orders", ticket_id=self.ticket_id
        )
        (self.work_order_id,) = (item["id"] for item in listed["items"] if item["visit"] == visits)

    async def assign(self) -> str:
        """A dispatcher finds somebody to send."""
        new = {"name": "李强", "skills": ["hvac"], "region": "福建"}
        engineer = await self.people.do("dispatcher", "dispatch", "/v1/engineers", new)
        self.engineer = f"engineer/{engineer['id']}"
        login = {"subject": subject_of(self.engineer)}
        await self.people.do("dispatcher", "dispatch", f"/v1/engineers/{engineer['id']}/binding", login)
        body = {"engineer_id": engineer["id"]}
        await self.people.do("dispatcher", "dispatch", f"{self.visit}/assignment", body)
        return str(engineer["id"])

    async def on_site(self, step: str, **body: Any) -> Any:
        """The engineer says what happens: departure, arrival, pause, resumption, completion."""
        if step == "arrival":
            body = {"latitude": 26.08, "longitude": 119.3, "accuracy_m": 12.0, **body}
        return await self.people.do(self.engineer, "dispatch", f"{self.visit}/{step}", body)

    async def repair(self) -> None:
        """A visit from the assignment to the completion."""
        await self.assign()
        await self.on_site("arrival")
        await self.on_site("completion", result="更换电容")

    async def sign(self) -> Any:
        """The customer signs."""
        return await self.on_site("acceptance", signed_by="王芳", signature=SCRAWL)

    async def call_back(self, outcome: str = "reached", **more: Any) -> Any:
        """An agent calls the customer, as soon as the callback is scheduled."""
        scheduled = await self.people.until(
            lambda page: page["items"], "survey", "/v1/callbacks", ticket_id=self.ticket_id
        )
        (callback,) = scheduled["items"]
        body = {"outcome": outcome, **more}
        return await self.people.do("agent", "survey", f"/v1/callbacks/{callback['id']}/attempts", body)

    async def status(self, wanted: str) -> Any:
        """The public status, as soon as it is this."""
        return await self.people.until(lambda ticket: ticket["status"] == wanted, "intake", self.ticket)

    async def told(self, type: str, times: int = 1) -> list[Any]:
        """The ticket's whole story, as soon as it tells this so many times."""
        page = await self.people.until(
            lambda page: [item["type"] for item in page["items"]].count(type) == times,
            "intake",
            f"{self.ticket}/history",
            limit=200,
        )
        return list(page["items"])

    async def clocks(self, wanted: dict[str, str]) -> dict[str, Any]:
        """The ticket's clocks by metric, as soon as their states are these."""

        def as_wanted(page: Any) -> bool:
            return {clock["metric"]: clock["status"] for clock in page["items"]} == wanted

        page = await self.people.until(as_wanted, "sla", "/v1/clocks", ticket_id=self.ticket_id)
        return {clock["metric"]: clock for clock in page["items"]}
