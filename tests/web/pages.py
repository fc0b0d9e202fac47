"""The console's pages that are looked at one by one, and what stands on them.

A new page is a line of PAGES, and what it needs beside is a field of Stage.
"""

from dataclasses import asdict, dataclass
from typing import Self

from tests.web.office import Office
from tests.web.visitor import Visitor

CUSTOMER = {"name": "周岚", "phones": ["13700001234"], "address": "南京市鼓楼区中山路8号"}
OWNER = {"name": "顾青", "phones": ["13700005678"], "address": "苏州市姑苏区平江路1号"}
TICKET = {
    "channel": "phone",
    "kind": "repair",
    "urgency": "high",
    "summary": "消防主机误报，现场已复位",
    "requirements": "到达前电话联系",
    "region": "华东",
    "contract": "HT-2026-0101",
    "timezone": "Asia/Shanghai",
}
CALENDAR = {
    "id": "stage-hours",
    "title": {"zh-CN": "办公时间", "en": "Office hours"},
    "timezone": "Asia/Shanghai",
    "weekly_hours": {day: [["09:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
}


@dataclass(frozen=True)
class Stage:
    """A ticket of one customer, another's callback, a third's asset and contract, a calendar's draft, and a replay of
    a day without tickets: no other test touches them."""

    ticket_id: str
    number: str
    callback_id: str
    customer_id: str
    contract_id: str
    asset_id: str
    replay_id: str

    @classmethod
    def seeded(cls, agent: Visitor, office: Office) -> Self:
        """Registered by an agent who has signed in, and by a manager's office."""
        ticket = agent.command("intake", "tickets", {**TICKET, "customer": CUSTOMER})
        callback = office.accepted("stage_pumps")["callback_id"]
        replay = office.tried(CALENDAR)
        return cls(ticket["id"], ticket["number"], callback, *office.covered(OWNER), replay)


@dataclass(frozen=True)
class ConsolePage:
    """A page: who opens it, where, and what stands on it when it has all that it waits for (CSS selectors)."""

    name: str
    role: str
    address: str
    """Of the stage's fields: `/tickets/{ticket_id}`."""
    has: tuple[str, ...]
    of_all: bool = False
    """It shows what there is of everybody's work, other tests' too: its tree is never the same."""

    def open(self, visitor: Visitor, stage: Stage) -> None:
        """Come in and wait until it stands."""
        visitor.come_back(self.role, self.address.format(**asdict(stage)))
        for selector in self.has:
            visitor.page.locator(selector).first.wait_for()


PAGES = [
    ConsolePage("home", "agent", "/home", (".home-figures a",), of_all=True),
    ConsolePage("queue", "agent", "/tickets?number={number}", (".grid-line .clock",)),
    ConsolePage("register", "agent", "/register", (".register",)),
    ConsolePage("ticket", "agent", "/tickets/{ticket_id}", (".path", "[role=timer]", ".timeline li")),
    ConsolePage("triage", "triage", "/triage", (".grid-line",), of_all=True),
    ConsolePage("case", "triage", "/triage/{ticket_id}", (".case",)),
    ConsolePage("board", "dispatcher", "/board", ("main h1",), of_all=True),
    ConsolePage("callbacks", "agent", "/callbacks", ("main h1",), of_all=True),
    ConsolePage("callback", "agent", "/callbacks/{callback_id}", (".timeline li", ".facts")),
    ConsolePage("engineers", "dispatcher", "/engineers", (".grid-line",), of_all=True),
    ConsolePage("customers", "agent", "/customers", ("main search",)),
    ConsolePage("customer", "agent", "/customers/{customer_id}", ("main h1", ".facts")),
    ConsolePage("file", "agent", "/accounts/{customer_id}", (".facts", "#contracts ~ ul a", "#assets ~ ul a")),
    # What the warranty says is of today: no tree of it stays.
    ConsolePage("asset", "agent", "/devices/{asset_id}", (".verdict", "td", "#about ~ * a"), of_all=True),
    ConsolePage("contract", "agent", "/contracts/{contract_id}", ("#terms ~ ul li",)),
    # The day that it begins with is today.
    ConsolePage("sign", "manager", "/accounts/{customer_id}/contract", (".template", ".listed"), of_all=True),
    ConsolePage("install", "agent", "/accounts/{customer_id}/device", (".listed", "#begins ~ * label span")),
    ConsolePage("models", "manager", "/models", ("main form",), of_all=True),
    ConsolePage("policies", "manager", "/policies", (".plain", "details"), of_all=True),
    ConsolePage("policy", "auditor", "/policies/demo?show=1", (".targets section",)),
    ConsolePage("calendar", "auditor", "/calendars?name=demo/1%23office&year=2026", (".month",), of_all=True),
    ConsolePage("try", "auditor", "/try?one=demo/1&level=1&start=2026-03-06T16:00", (".due-line li", "main details")),
    ConsolePage("shared-calendar", "auditor", "/calendars/stage-hours", (".facts", "pre")),
    ConsolePage("what-if", "manager", "/what-if", (".question select", "#replays ~ ul a"), of_all=True),
    ConsolePage("replay", "auditor", "/what-if/{replay_id}", ("#figures ~ .empty", "#changes ~ .empty")),
    # Nobody imports engineers in these tests: a dispatcher sees the form alone.
    ConsolePage("imports", "dispatcher", "/imports", ("main form",)),
    ConsolePage("wallboard", "manager", "/wallboard", (".figures li",), of_all=True),
    ConsolePage("operations", "operator", "/operations", ("main h2",), of_all=True),
    ConsolePage("settings", "operator", "/settings", ("#sessions ~ ul li", "#department ~ .facts"), of_all=True),
    ConsolePage("snippets", "manager", "/settings/snippets", ("main form",), of_all=True),
    ConsolePage("hotlines", "manager", "/settings/hotlines", ("main form",), of_all=True),
    # What becomes known at one instant comes in any order, and goes on for a while.
    ConsolePage("audit", "auditor", "/audit?ticket={ticket_id}", (".facts", ".ledger td", "#looks"), of_all=True),
]
NAMES = [page.name for page in PAGES]
