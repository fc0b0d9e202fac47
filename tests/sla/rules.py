"""Rules for tests, as short as they can be written: a policy of one calendar and a few targets, perhaps in force."""

from typing import Any

import msgspec

from services.sla.policies.domain.policy import Policy, SiteHours, decode
from services.sla.policies.domain.rulebook import Library

WORKDAYS = ("mon", "tue", "wed", "thu", "fri")
EVER = {day: [["00:00", "24:00"]] for day in (*WORKDAYS, "sat", "sun")}
OFFICE = {day: [["09:00", "12:00"], ["13:00", "18:00"]] for day in WORKDAYS}
"""Eight hours a day with a lunch that does not count."""

CHINA: dict[str, Any] = {"timezone": "Asia/Shanghai", "weekly_hours": OFFICE, "public_holidays": "CN"}


def hours(amount: float) -> dict[str, Any]:
    """So many working hours."""
    return {"amount": amount, "unit": "hours"}


def days(amount: int, end_of_day: bool = False) -> dict[str, Any]:
    """So many business days."""
    return {"amount": amount, "unit": "business_days", "end_of_day": end_of_day}


def response(**changes: Any) -> dict[str, Any]:
    """An answer within two hours; it does not pause."""
    return _target("response", "triage.RemoteSupportStarted", within=hours(2)) | changes


def arrival(**changes: Any) -> dict[str, Any]:
    """On site within four hours."""
    return _target("on_site", "dispatch.OnSiteArrived", within=hours(4)) | changes


def repair(**changes: Any) -> dict[str, Any]:
    """Mended within eight hours; pauses when work does, and reopens when the repair is rejected."""
    pauses = {"pause": ["dispatch.WorkPaused"], "resume": ["dispatch.WorkResumed"]}
    reopens = {"reopen": ["dispatch.RepairRejected"], "cancel": ["intake.TicketCancelled"]}
    return _target("fix", "dispatch.RepairCompleted", within=hours(8)) | pauses | reopens | changes


def policy(*targets: dict[str, Any], id: str = "test", version: int = 1, **changes: Any) -> Policy:
    """A policy of these targets, in Chinese office hours unless `calendars` says otherwise."""
    document = {"id": id, "version": version, "title": {"en": id}, "calendars": {"office": CHINA}, "targets": targets}
    return decode(msgspec.json.encode(document | changes))


def library(*policies: Policy, **calendars: dict[str, Any]) -> Library:
    """These policies in force, of each id the last one; shared calendars by name, with _ for - and __ for /."""
    shared = {_name(name): msgspec.convert(written, SiteHours) for name, written in calendars.items()}
    return Library(
        policies={one.name: one for one in policies},
        calendars=shared,
        policies_in_force=tuple({one.id: one.name for one in policies}.values()),
        calendars_in_force=tuple({name.partition("/")[0]: name for name in shared}.values()),
    )


def _name(written: str) -> str:
    return written.replace("__", "/").replace("_", "-")


def _target(metric: str, stop: str, **changes: Any) -> dict[str, Any]:
    start = {"metric": metric, "title": {"en": metric}, "calendar": "office", "start": ["intake.TicketOpened"]}
    return start | {"stop": [stop]} | changes
