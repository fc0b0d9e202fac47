"""From the services' answers to what a form says: which forms a visit has, and each field in the form's own words."""

from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from libs.documents.forms import Acceptance, Form, OpinionFeedback, TaskOrder
from services.gateway.documents.labels import CAUSE, JOB_TYPE, MAINTENANCE_TYPE, VERDICT, WARRANTY_REASON

Answer = dict[str, Any]
"""What a service said, as its OpenAPI document has it."""

ERASED = "已清除"
DONE = frozenset(["completed", "accepted", "rejected"])
STATUSES: Mapping[type[Form], frozenset[str]] = {
    TaskOrder: DONE | {"created", "assigned", "travelling", "on_site", "failed"},
    Acceptance: DONE,
    OpinionFeedback: DONE,
}
"""The work order's, in which there is something to print on each form."""


@dataclass(frozen=True)
class Record:
    """What the services answered of one visit. None: there is none, or the reader may not see it."""

    order: Answer
    ticket: Answer
    customer: Answer | None
    case: Answer | None
    engineer: Answer | None
    signature: Answer | None
    callback: Answer | None

    @property
    def is_erased(self) -> bool:
        """Whether the customer is: each ticket has its matter in words until then."""
        return self.ticket["summary"] is None


def has_form(form: type[Form], status: str) -> bool:
    """Whether a visit in this status has the form."""
    return status in STATUSES[form]


def filled_in(form: type[Form], record: Record, address: str, zone: ZoneInfo) -> Form:
    """The form. Instants are told in the site's zone, or else in `zone`; `address` leads to the visit."""
    own = OWN[form](record, ZoneInfo(record.ticket["timezone"]) if record.ticket["timezone"] else zone)
    return form(**_about(record, address), **own)


def _about(record: Record, address: str) -> dict[str, Any]:
    order, ticket, case = record.order, record.ticket, record.case or {}
    return {
        "number": ticket["number"],
        "visit": order["visit"],
        "version": order["version"],
        "address": address,
        **_customer(record),
        "region": ticket["region"],
        "contract": ticket["contract"],
        "warranty": warranty_of(ticket["warranty"]),
        "kind": JOB_TYPE[order["job_type"]],
        "maintenance_type": MAINTENANCE_TYPE.get(case.get("maintenance_type")),
        "summary": ERASED if record.is_erased else ticket["summary"],
        "engineer": _name(record.engineer),
    }


def _customer(record: Record) -> dict[str, str | None]:
    """Name, phones, and where to go; blank where the reader may not see them."""
    if record.is_erased:
        return dict.fromkeys(("customer", "phones", "site"), ERASED)
    found = record.customer or {}
    phones = [phone_of(phone) for phone in found.get("phones") or ()]
    site = place_of(record.ticket) or place(found.get("site"), found.get("address"))
    return {"customer": found.get("name"), "phones": "、".join(phones) or None, "site": site}


def place_of(ticket: Answer) -> str | None:
    """Name and address of the customer's site that the ticket names; None: of none, or they are not shown."""
    site = ticket.get("site") or {}  # intake of the release before says none
    return place(site.get("name"), site.get("address"))


def place(*said: str | None) -> str | None:
    """What is said of a place, in one line."""
    return " ".join(filter(None, said)) or None


def _task_order(record: Record, zone: ZoneInfo) -> dict[str, Any]:
    case = record.case or {}
    requirements = ERASED if record.is_erased else record.ticket["requirements"]
    return {
        "level": None if case.get("level") is None else f"{case['level']} 级",
        "cause": CAUSE.get(case.get("cause")),
        "payable": case.get("payable"),
        "skills": "、".join(record.order["skills"]),
        "requirements": requirements,
        "appointment": _appointment(record.order["appointment"], zone),
        "rework": record.order["rework_of"] is not None,
    }


def _acceptance(record: Record, zone: ZoneInfo) -> dict[str, Any]:
    order, signature = record.order, record.signature or {}
    picture, status = signature.get("signature"), order["status"]
    return {
        "arrived": time_of(order["arrived_at"], zone),
        "completed": time_of(order["completed_at"], zone),
        "result": _words(record, order["result"]),
        "verdict": status if status in ("accepted", "rejected") else None,
        "reasons": order["rejection_reasons"] or ([ERASED] if status == "rejected" and record.is_erased else []),
        "signature": b64decode(picture) if picture else None,
        "signed_by": _words(record, order["signed_by"]) if status == "accepted" else None,
        "signed_at": time_of(signature.get("signed_at"), zone),
        "by_link": signature.get("by_link", False),
    }


def _opinion_feedback(record: Record, zone: ZoneInfo) -> dict[str, Any]:
    callback = record.callback or {}
    return {
        "completed": time_of(record.order["completed_at"], zone),
        "result": _words(record, record.order["result"]),
        "score": callback.get("score"),
        "opinion": ERASED if record.is_erased and callback.get("score") else callback.get("comment"),
        "called": time_of(callback.get("last_attempt_at"), zone),
    }


OWN = {TaskOrder: _task_order, Acceptance: _acceptance, OpinionFeedback: _opinion_feedback}
"""What each form says beside what all of them do."""


def _words(record: Record, said: str | None) -> str | None:
    return ERASED if said is None and record.is_erased else said


def _name(engineer: Answer | None) -> str | None:
    return None if engineer is None else engineer["name"] or ERASED


def phone_of(phone: Answer) -> str:
    extension = f" 转 {phone['extension']}" if phone["extension"] else ""
    return f"{phone['typed']}{extension}"


def warranty_of(warranty: Answer) -> str:
    reasons = [WARRANTY_REASON.get(code, code) for code in warranty["reasons"]]
    return VERDICT[warranty["verdict"]] + (f"（{'、'.join(reasons)}）" if reasons else "")


def time_of(instant: str | None, zone: ZoneInfo) -> str | None:
    return None if instant is None else f"{datetime.fromisoformat(instant).astimezone(zone):%Y-%m-%d %H:%M}"


def _appointment(appointment: Answer | None, zone: ZoneInfo) -> str | None:
    if appointment is None:
        return None
    start, end = (datetime.fromisoformat(appointment[name]).astimezone(zone) for name in ("start", "end"))
    until = f"{end:%H:%M}" if start.date() == end.date() else f"{end:%Y-%m-%d %H:%M}"
    return f"{start:%Y-%m-%d %H:%M}–{until}" + ("" if appointment["confirmed"] else "（待客户确认）")
