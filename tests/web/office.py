"""Work that waits for a dispatcher, made over the API by somebody who has signed in: engineers and visits."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from tests.faults.journey import SIGNATURE
from tests.web.visitor import Visitor

SEND = """async ([path, body, key]) => {
    const headers = {"Content-Type": "application/json", "Idempotency-Key": key};
    const sent = body === null ? {} : {method: "POST", headers, body: JSON.stringify(body)};
    const answer = await fetch("/api/" + path, sent);
    return [answer.status, await answer.json()];
}"""
QUIET = ("2026-03-01T00:00:00+08:00", "2026-03-02T00:00:00+08:00")
"""A day on which nobody opened a ticket."""
SIGNED = "2024-01-05T10:00:00+08:00"
TERM = {"component_class": "pump", "months": 12, "start_rule": "day_after_acceptance", "latent_defect_months": 24}
ASSET = {
    "model": "KFR-35GW",
    "maker": "格力",
    "site": {"timezone": "Asia/Shanghai", "region": "华东", "address": "苏州市姑苏区平江路1号"},
    "days": {"acceptance_date": "2024-03-14"},
    "parts": [{"id": "pump-1", "component_class": "pump", "serial": "P1"}],
}
CUSTOMER = {"name": "王芳", "phones": ["13800001111"], "address": "北京市朝阳区建国路1号"}


@dataclass(frozen=True)
class Office:
    """The services as a manager calls them, through the page and with its session.

    What is made for a page is whole: whoever opens it reads it once, and news of names and addresses come by no stream.
    """

    manager: Visitor

    def asked(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """The answer to a GET, or to a POST of a body; asked again, with one key, until the service can answer."""
        found, key = list[Any]([0]), str(uuid4())

        def is_answered() -> bool:
            found[:] = self.manager.page.evaluate(SEND, [path, body, key])
            return found[0] in (200, 201, 202)

        self.manager.until(is_answered, f"{path}: {found}")
        return found[1]

    def engineer(self, name: str, skill: str) -> str:
        """The id of an engineer with one skill."""
        return str(self.asked("dispatch/v1/engineers", {"name": name, "skills": [skill], "region": "华北"})["id"])

    def visit(self, skill: str, customer: dict[str, Any] = CUSTOMER, summary: str = "空调不制冷") -> tuple[str, str]:
        """The id of a work order that needs a skill, and the last digits of its ticket's number."""
        ticket = {"channel": "phone", "kind": "repair", "summary": summary, "customer": customer}
        opened = self.asked("intake/v1/tickets", ticket)
        case = f"triage/v1/cases/{opened['id']}"
        self.asked(f"{case}/classification", {"level": 2, "maintenance_type": "corrective"})
        self.asked(f"{case}/authorisation", {"job_type": "repair", "payable": False, "skills": [skill]})
        listed = f"dispatch/v1/work-orders?ticket_id={opened['id']}"
        self.manager.until(lambda: bool(self.asked(listed)["items"]), "a work order")
        order = self.asked(listed)["items"][0]["id"]
        self.asked(f"dispatch/v1/work-orders/{order}/contact")  # which comes to dispatch by a way of its own
        return order, opened["number"][-4:]

    def accepted(self, skill: str, customer: dict[str, Any] = CUSTOMER) -> dict[str, str]:
        """Ids and number of a repair that its customer accepted, and whose callback is scheduled."""
        engineer, (order, _) = self.engineer("凯", skill), self.visit(skill, customer)
        for step, body in (
            ("assignment", {"engineer_id": engineer}),
            ("arrival", {"latitude": 26.08, "longitude": 119.3, "accuracy_m": 12.0}),
            ("completion", {"result": "更换电容，试机正常"}),
            ("acceptance", {"signed_by": "王芳", "signature": SIGNATURE}),
        ):
            self.asked(f"dispatch/v1/work-orders/{order}/{step}", body)
        listed = f"survey/v1/callbacks?work_order_id={order}"
        self.manager.until(lambda: bool(self.asked(listed)["items"]), "a callback")
        callback = self.asked(listed)["items"][0]
        self.asked(f"survey/v1/callbacks/{callback['id']}/contact")
        ticket = self.asked(f"intake/v1/tickets/{callback['ticket_id']}")
        return {"ticket_id": ticket["id"], "number": ticket["number"], "callback_id": callback["id"]}

    def covered(self, customer: dict[str, Any]) -> tuple[str, str, str]:
        """The ids of a customer, of the contract that they signed, and of the asset that it covers."""
        id = self.asked("intake/v1/customers", customer)["id"]
        signed = {"number": "HT-2024-0105", "kind": "own", "customer_id": id, "terms": [TERM], "occurred_at": SIGNED}
        contract = self.asked("intake/v1/contracts", signed)["id"]
        asset = self.asked("intake/v1/assets", ASSET | {"customer_id": id, "contracts": [contract]})["id"]
        return id, contract, asset

    def tried(self, calendar: dict[str, Any]) -> str:
        """The id of a replay of days without tickets; the shared calendar is drafted, too."""
        self.asked("sla/v1/calendars", {"document": calendar})
        id: str = self.asked("sla/v1/replays", {"policy": "demo/1", "from": QUIET[0], "to": QUIET[1]})["id"]
        one = f"sla/v1/replays/{id}"
        self.manager.until(lambda: bool(self.asked(one)["status"] == "completed"), "a replay that is done")
        return id

    def order(self, id: str) -> Any:
        """A work order as it is."""
        return self.asked(f"dispatch/v1/work-orders/{id}")

    def is_given(self, order: str, engineer: str | None) -> None:
        """Wait until the visit is this engineer's; None: nobody's."""
        self.manager.until(lambda: bool(self.order(order)["engineer_id"] == engineer), f"the visit with {engineer}")
