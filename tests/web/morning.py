"""What a desk has before it in pictures: a morning's tickets, and the visits of the day after, in one language."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from tests.web.office import Office
from tests.web.visitor import Visitor

MATTERS = {
    "zh-CN": (
        ("王芳", "空调不制冷，外机异响", "华东"),
        ("高平", "电梯门关闭不到位", "华北"),
        ("周勇", "会议系统无声音", "华南"),
        ("赵敏", "消防主机误报", "华东"),
        ("何静", "热水器漏水", "华北"),
        ("林涛", "冷库温度偏高报警", "华东"),
        ("孙莉", "门禁读卡失败", "华南"),
    ),
    "en": (
        ("Anna Berg", "The air conditioning does not cool, its outer unit rattles", "North"),
        ("Tom Hale", "The lift's door does not close", "East"),
        ("Mia Lund", "The conference system is silent", "North"),
        ("Ian Moss", "The fire panel reports a false alarm", "West"),
        ("Eva Roth", "The water heater leaks", "East"),
        ("Max Vogt", "The cold store is too warm", "North"),
        ("Lea Kern", "The door reads no cards", "West"),
    ),
}
CREWS = {"zh-CN": ("陈凯", "林静", "赵磊", "吴敏"), "en": ("Kai Ohm", "Ida Ross", "Leo Marsh", "Uma Beck")}
SKILLS = ("hvac", "lifts", "fire", "doors")
ABOUT = (0, 1, 3, 6)
"""Which of the matters needs each skill."""
LOGIN = "engineer-1"
SLOTS = ((0, 8.5), (1, 8.5), (2, 9), (3, 9.5), (0, 10.75), (1, 11), (2, 13.5), (0, 14))
"""Whose visit, and the hour of the day at which it begins: two hours each."""
WAITING = 3
URGENCIES = ("normal", "high", "low", "critical", "normal")
COUNT = 21


def seeded(agent: Visitor, language: str, now: datetime) -> str:
    """Tickets as a desk has them; the id of one that is worth a look."""
    ids = [agent.command("intake", "tickets", ticket)["id"] for ticket in tickets(language, now)]
    found: str = ids[-2]
    return found


def tickets(language: str, now: datetime) -> Iterator[dict[str, Any]]:
    """The commands, the oldest first."""
    for number in range(COUNT):
        name, summary, region = matter(language, number)
        yield {
            "channel": ("phone", "web", "chat")[number % 3],
            "kind": ("repair", "repair", "inspection", "installation")[number % 4],
            "urgency": URGENCIES[number % len(URGENCIES)],
            "summary": summary,
            "region": region,
            "contract": f"HT-2026-{101 + number:04d}",
            "customer": {"name": name, "phones": [f"138{number:08d}"], "address": f"{region} {number + 1}"},
            "occurred_at": (now - timedelta(hours=2.2) * (COUNT - number - 1)).isoformat(),
        }


def matter(language: str, number: int) -> tuple[str, str, str]:
    """Who, what, and where."""
    return MATTERS[language][number % len(MATTERS[language])]


def planned(office: Office, language: str, day: datetime) -> None:
    """Tomorrow's visits of a crew, the first of whom has a login, and some that wait for a dispatcher."""
    crew = [office.engineer(name, skill) for name, skill in zip(CREWS[language], SKILLS, strict=True)]
    office.asked(f"dispatch/v1/engineers/{crew[0]}/binding", {"subject": LOGIN})
    for number in range(len(SLOTS) + WAITING):
        whose, hour = SLOTS[number % len(SLOTS)]
        (name, _, region), (_, summary, _) = matter(language, number), matter(language, ABOUT[whose])
        customer = {"name": name, "phones": [f"139{number:08d}"], "address": f"{region} {number + 1}"}
        order, _ = office.visit(SKILLS[whose], customer, summary)
        if number < len(SLOTS):
            start = day + timedelta(hours=hour)
            times = {"start": start.isoformat(), "end": (start + timedelta(hours=2)).isoformat()}
            office.asked(
                f"dispatch/v1/work-orders/{order}/plan",
                {"engineer_id": crew[whose], **times, "confirmed": number % 3 > 0},
            )
