"""From an incident's changes to the commands that people of a service department would have given. Pure.

    scenario(incident) == [Step(at, "intake", "open", …), Step(at, "triage", "classification", {"level": 3, …}), …]

How a change reads:

- The first change opens the ticket, and is then read like any other.
- The impact Major, High, Medium or Low is the fault level 1, 2, 3 or 4.
- An incident whose last completion is In Call was resolved remotely: classified and supported remotely at the first
  change that shows work, helped and closed by the In Call. It is never authorised; queues and waits say nothing.
- Otherwise the first In Progress or Assigned classifies, authorises, assigns and arrives. Later ones resume what is
  paused, and assign anew when the group changed.
- Wait… pauses with its reason; another reason ends one pause and begins the next. A wait before anybody has arrived
  pauses nothing.
- Resolved completes, and so do an In Call or a Closed with something still to complete. A completion without any work
  before it brings that work with it. Completing twice without work between says nothing.
- Work after a completion is a rejection: a rework visit is assigned and arrives.
- The last Closed accepts, calls back and closes. Cancelled cancels. Unmatched and queues say nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from demo.incidents import Change, Incident

LEVELS = {"Major": 1, "High": 2, "Medium": 3, "Low": 4}
URGENCIES = {"Major": "critical", "High": "high", "Medium": "normal", "Low": "low"}
REASONS = {
    "Wait - User": "waiting_customer",
    "Wait - Customer": "waiting_customer",
    "Wait - Vendor": "waiting_supplier",
    "Wait - Implementation": "waiting_implementation",
    "Wait": "waiting",
}
WORK = {"In Progress", "Assigned"}
COMPLETIONS = {"Resolved", "Closed", "In Call", "Cancelled"}

SITE = {"latitude": 57.7072, "longitude": 11.9668, "accuracy_m": 12.0}
"""Where every engineer arrives: the log names no places."""

SIGNATURE = (
    "iVBORw0KGgoAAAANSUhEUgAAAEAAAAAYAQAAAABiz8bpAAAAdklEQVR42o3OIQ6DQBCF4XFIjsA5qrgYzYoe"
    "qbKCI6xEUlfXTQMJ2bDMz86mCFLTZ+ZTb57wjfyHz4E5n97wdmhjCBne4FtSMIw34qsg8liQhT5pNRWoEitZ"
    "aelILsNxteb4hIth83A3pAYGg7r85LxHSurfqTsLtqsviF5A2QAAAABJRU5ErkJggg=="
)
"""The customer's signature: a PNG of one pixel, base64."""

ServiceName = Literal["intake", "triage", "dispatch", "survey"]


@dataclass(frozen=True, slots=True)
class Step:
    """One command: `service` is to do `verb` with `fields`, and it happened at `at` (aware).

    `visit` counts a ticket's work orders from 1 and says which of them a step at dispatch or survey is about.
    An assignment names the `group` that takes over; who is that group's engineer is the runner's to know.
    """

    at: datetime
    service: ServiceName
    verb: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    visit: int = 0


@dataclass(frozen=True, slots=True)
class Visit:
    """How far the work has come: which visit it is, its stage, who is on it, and why it waits."""

    number: int = 0
    stage: Literal["none", "working", "paused", "completed", "over"] = "none"
    group: str = ""
    reason: str = ""


def scenario(incident: Incident) -> list[Step]:
    """The commands that replay `incident`, in the order in which they are given; at is never earlier than before."""
    way = _remotely if goes_remote(incident) else _on_site
    return [_opening(incident), *way(incident.events)]


def goes_remote(incident: Incident) -> bool:
    """Whether the last completion is In Call: it was mended on the phone."""
    completions = [change.sub_status for change in incident.events if change.sub_status in COMPLETIONS]
    return completions[-1:] == ["In Call"]


def _opening(incident: Incident) -> Step:
    first = incident.events[0]
    customer = {
        "name": f"Customer of {incident.case}",
        "phones": ["+46 31 660 000"],
        "address": first.country,
    }
    fields = {
        "channel": "phone",
        "kind": "repair",
        "customer": customer,
        "summary": f"{incident.product} does not work ({incident.case})",
        "urgency": URGENCIES[incident.impact],
    }
    return Step(first.at, "intake", "open", fields)


def _remotely(changes: list[Change]) -> Iterator[Step]:
    last = max(at for at, change in enumerate(changes) if change.sub_status == "In Call")
    begun = False
    for index, change in enumerate(changes[: last + 1]):
        if not begun and (change.sub_status in WORK or index == last):
            begun = True
            yield _classify(change)
            yield Step(change.at, "triage", "remote-support", {"outcome": "started"})
    yield Step(changes[last].at, "triage", "remote-support", {"outcome": "succeeded"})
    yield Step(changes[last].at, "intake", "closure")


def _on_site(changes: list[Change]) -> Iterator[Step]:
    last_closed = max(
        (index for index, change in enumerate(changes) if change.sub_status == "Closed"),
        default=None,
    )
    visit = Visit()
    for index, change in enumerate(changes):
        if visit.stage == "over":
            return
        visit, steps = _read(visit, change, index == last_closed)
        yield from steps


def _read(visit: Visit, change: Change, is_last_closed: bool) -> tuple[Visit, Iterable[Step]]:
    match change.sub_status:
        case "In Progress" | "Assigned":
            return _work(visit, change)
        case "Wait" | "Wait - User" | "Wait - Customer" | "Wait - Vendor" | "Wait - Implementation":
            return _wait(visit, change)
        case "Closed" if is_last_closed:
            return _close(visit, change)
        case "Resolved" | "In Call" | "Closed":
            return _complete(visit, change)
        case "Cancelled":
            return replace(visit, stage="over"), [Step(change.at, "intake", "cancellation", {"reason": "Cancelled"})]
        case "Awaiting Assignment" | "Unmatched":
            return visit, []
        case other:
            raise ValueError(f"the log knows no status {other!r}")


def _work(visit: Visit, change: Change) -> tuple[Visit, list[Step]]:
    """Somebody works: on a first visit, on a paused one, in another's place, or on what was not mended after all."""
    match visit.stage:
        case "none":
            authorise = {"job_type": "repair", "payable": False, "skills": []}
            allow = [
                _classify(change),
                Step(change.at, "triage", "authorisation", authorise),
            ]
            begun, steps = _arrive(visit, change)
            return begun, [*allow, *steps]
        case "completed":
            reject = _on(visit, change, "rejection", {"reasons": ["The fault is still there."]})
            begun, steps = _arrive(visit, change)
            return begun, [reject, *steps]
        case _:
            resume = [_on(visit, change, "resumption")] if visit.stage == "paused" else []
            assign = [_assign(visit, change)] if visit.group != change.group else []
            return replace(visit, stage="working", group=change.group, reason=""), [
                *resume,
                *assign,
            ]


def _arrive(visit: Visit, change: Change) -> tuple[Visit, list[Step]]:
    begun = Visit(number=visit.number + 1, stage="working", group=change.group)
    return begun, [_assign(begun, change), _on(begun, change, "arrival", SITE)]


def _wait(visit: Visit, change: Change) -> tuple[Visit, list[Step]]:
    reason = REASONS[change.sub_status]
    pause = _on(visit, change, "pause", {"reason": reason})
    match visit.stage:
        case "working":
            return replace(visit, stage="paused", reason=reason), [pause]
        case "paused" if visit.reason != reason:
            return replace(visit, reason=reason), [
                _on(visit, change, "resumption"),
                pause,
            ]
        case _:
            return visit, []


def _complete(visit: Visit, change: Change) -> tuple[Visit, list[Step]]:
    match visit.stage:
        case "completed":
            return visit, []
        case "none":
            working, steps = _work(visit, change)
        case "paused":
            working, steps = (
                replace(visit, stage="working", reason=""),
                [_on(visit, change, "resumption")],
            )
        case _:
            working, steps = visit, []
    completion = _on(working, change, "completion", {"result": "Mended and tried out."})
    return replace(working, stage="completed"), [*steps, completion]


def _close(visit: Visit, change: Change) -> tuple[Visit, list[Step]]:
    done, steps = _complete(visit, change)
    score = max(1, 6 - done.number)
    return replace(done, stage="over"), [
        *steps,
        _on(
            done,
            change,
            "acceptance",
            {"signed_by": "Customer", "signature": SIGNATURE},
        ),
        Step(
            change.at,
            "survey",
            "attempts",
            {"outcome": "reached", "score": score},
            done.number,
        ),
        Step(change.at, "intake", "closure"),
    ]


def _classify(change: Change) -> Step:
    fields = {"level": LEVELS[change.impact], "maintenance_type": "corrective"}
    return Step(change.at, "triage", "classification", fields)


def _assign(visit: Visit, change: Change) -> Step:
    return _on(visit, change, "assignment", {"group": change.group})


def _on(visit: Visit, change: Change, verb: str, fields: Mapping[str, Any] | None = None) -> Step:
    return Step(change.at, "dispatch", verb, fields or {}, visit.number)
