"""I4, seen from outside: every cause had its effect in the other services, once. Pure functions over event rows."""

from collections import Counter
from collections.abc import Iterable, Sequence, Set
from operator import eq

from tests.faults.evidence import EventRow

NOTED = (
    "triage.TriageStarted",
    "triage.RemoteSupportStarted",
    "triage.RemoteSupportSucceeded",
    "triage.RemoteSupportFailed",
    "triage.WorkAuthorised",
    "dispatch.WorkOrderCreated",
    "dispatch.AppointmentConfirmed",
    "dispatch.AppointmentMoved",
    "dispatch.OnSiteArrived",
    "dispatch.WorkPaused",
    "dispatch.WorkResumed",
    "dispatch.RepairCompleted",
    "dispatch.VisitFailed",
    "dispatch.RepairAccepted",
    "dispatch.RepairRejected",
    "dispatch.WorkOrderCancelled",
    "survey.CallbackCompleted",
)
"""What intake notes on a ticket's own stream."""

JUDGED = (
    "dispatch.AppointmentConfirmed",
    "dispatch.AppointmentMoved",
    "dispatch.AppointmentProposed",
    "dispatch.AppointmentWished",
    "dispatch.CrewAssigned",
    "dispatch.EngineerDeparted",
    "dispatch.OnSiteArrived",
    "dispatch.RepairAccepted",
    "dispatch.RepairCompleted",
    "dispatch.RepairRejected",
    "dispatch.ReworkOrdered",
    "dispatch.VisitFailed",
    "dispatch.WorkOrderCancelled",
    "dispatch.WorkOrderCreated",
    "dispatch.WorkPaused",
    "dispatch.WorkResumed",
    "intake.TicketAmended",
    "intake.TicketCancelled",
    "intake.TicketClosed",
    "intake.TicketMarkedDuplicate",
    "intake.TicketOpened",
    "intake.TicketOwnerChanged",
    "intake.TicketReopened",
    "intake.TicketTeamChanged",
    "intake.TicketUnmerged",
    "intake.TicketWaitChanged",
    "intake.WarrantyAssessed",
    "survey.CallbackAttempted",
    "survey.CallbackCompleted",
    "survey.CallbackScheduled",
    "triage.CauseDetermined",
    "triage.FaultClassified",
    "triage.RemoteSupportFailed",
    "triage.RemoteSupportStarted",
    "triage.RemoteSupportSucceeded",
    "triage.TriageStarted",
    "triage.WorkAuthorised",
)
"""What a policy may name, so that sla keeps it as a fact."""

METRICS = ("response", "on_site", "fix")

ENDS = {
    "intake.TicketClosed": "closed",
    "intake.TicketCancelled": "cancelled",
    "intake.TicketMarkedDuplicate": "cancelled",
}
"""What ends a ticket, and its public status from then on."""


def effects_once(events: Sequence[EventRow]) -> list[str]:
    """Every event that others react to had its reaction, and each reaction happened once."""
    by_type: dict[str, list[EventRow]] = {}
    for event in events:
        by_type.setdefault(event.type, []).append(event)

    def told(*types: str) -> list[EventRow]:
        return [event for type in types for event in by_type.get(type, [])]

    cancelled = {event.key for event in told("intake.TicketCancelled", "intake.TicketMarkedDuplicate")}
    authorised = [event for event in told("triage.WorkAuthorised") if event.key not in cancelled]
    wrong = _one_each("case", told("intake.TicketOpened"), told("triage.TriageStarted"))
    wrong += _one_each(
        "end of the case",
        told("intake.TicketClosed", "intake.TicketCancelled", "intake.TicketMarkedDuplicate"),
        told("triage.CaseEnded"),
    )
    wrong += _one_each("new round of the case", told("intake.TicketReopened"), told("triage.CaseReopened"))
    wrong += _one_each("callback", told("dispatch.RepairAccepted"), told("survey.CallbackScheduled"))
    visits = [event for event in told("dispatch.WorkOrderCreated") if event.key not in cancelled]
    first = [event for event in visits if not (event.data.get("rework_of") or event.data.get("follows"))]
    wrong += _one_each("first visit of a round", authorised, first)
    wrong += _visits_counted(visits)
    wrong += _in_their_round(told("intake.TicketReopened"), [*authorised, *visits, *told("intake.TicketClosed")])
    wrong += _as_many("visits", len(visits), len(authorised) + len(told("dispatch.ReworkOrdered")))
    wrong += _cancelled_visits(told("dispatch.WorkOrderCreated"), told("dispatch.WorkOrderCancelled"), cancelled)
    wrong += _heard_once("noted by intake", told(*NOTED), (e.data["fact_id"] for e in told("intake.TicketProgressed")))
    turned = told(*ENDS, "intake.TicketReopened")
    wrong += _last_status(told("intake.TicketOpened"), turned, told("intake.TicketStatusChanged"))
    wrong += _heard_once("kept by sla", told(*JUDGED), (e.data["fact"]["id"] for e in told("sla.FactHeard")))
    ruled = (e.data["ruling_id"] for e in told("sla.EvidenceRuled"))
    wrong += _heard_once("ruled in sla", told("intake.EvidenceAccepted"), ruled)
    reopened = told("intake.TicketReopened")
    needless = {event.key for event in told("triage.RemoteSupportSucceeded")}
    return wrong + _clocks(told("intake.TicketOpened"), reopened, needless, told("sla.ClockStarted"))


def story_complete(events: Iterable[EventRow], history: Iterable[str], services: Sequence[str]) -> list[str]:
    """The one view over other services' events: intake's history is what the others published of tickets, each once."""
    told = [e for e in events if e.key and e.data.get("ticket_id") == e.key]
    others = [event for event in told if event.service in services and event.service != "intake"]
    return _heard_once("in intake's story", others, history)


def _last_status(opened: Iterable[EventRow], turned: Iterable[EventRow], told: Iterable[EventRow]) -> list[str]:
    """Of each ticket no status was told twice running, and the last one that was told is how the ticket ended."""
    statuses: dict[str | None, list[str]] = {}
    for event in sorted(told, key=lambda event: event.position):
        statuses.setdefault(event.key, []).append(event.data["status"])
    ends = {event.key: ENDS.get(event.type) for event in sorted(turned, key=lambda event: event.position)}
    wrong = [f"ticket {key} became {all} twice" for key, all in statuses.items() if any(map(eq, all, all[1:]))]
    for ticket in opened:
        last, end = statuses.get(ticket.key, ["open"])[-1], ends.get(ticket.key)
        if (last in ENDS.values() or end) and last != end:
            wrong.append(f"the last that was told of ticket {ticket.key} is {last}, it is {end or 'not over'}")
    return wrong


def _one_each(what: str, causes: Iterable[EventRow], effects: Iterable[EventRow]) -> list[str]:
    """Each cause is named by one effect, and by no other."""
    named = Counter(effect.cause for effect in effects)
    ids = [cause.id for cause in causes]
    wrong = [f"event {id} has {named[id]} of: {what}" for id in ids if named[id] != 1]
    return wrong + [f"a {what} without a cause: {cause}" for cause in named if cause not in set(ids)]


def _heard_once(where: str, said: Iterable[EventRow], heard: Iterable[str]) -> list[str]:
    counted = Counter(heard)
    ids = {event.id: event.type for event in said}
    wrong = [f"{type} {id} is {counted[id]} times {where}" for id, type in ids.items() if counted[id] != 1]
    return wrong + [f"{id} is {where}, and nobody said it" for id in counted if id not in ids]


def _as_many(what: str, found: int, expected: int) -> list[str]:
    return [] if found == expected else [f"{found} {what} instead of {expected}"]


def _cancelled_visits(created: Iterable[EventRow], ended: Iterable[EventRow], cancelled: set[str | None]) -> list[str]:
    """A visit of a withdrawn ticket, whichever news came first, is cancelled once or was never ordered."""
    orders = Counter(event.data["work_order_id"] for event in created if event.key in cancelled)
    ends = Counter(event.data["work_order_id"] for event in ended)
    return (
        [] if orders == ends else [f"visits of withdrawn tickets: {orders - ends} go on, {ends - orders} ended twice"]
    )


def _visits_counted(visits: Iterable[EventRow]) -> list[str]:
    """The visits of a ticket are 1, 2, 3 …, through all its rounds of work."""
    numbers: dict[str | None, list[int]] = {}
    for event in visits:
        numbers.setdefault(event.key, []).append(event.data["visit"])
    return [
        f"ticket {key} has visits {sorted(found)}"
        for key, found in numbers.items()
        if sorted(found) != list(range(1, len(found) + 1))
    ]


def _in_their_round(reopened: Iterable[EventRow], told: Iterable[EventRow]) -> list[str]:
    """Nothing is of a round of work that its ticket did not come to."""
    rounds = Counter(event.key for event in reopened)
    return [
        f"{event.type} {event.id} is of round {cycle}, ticket {event.key} came to {rounds[event.key] + 1}"
        for event in told
        if not 1 <= (cycle := event.data.get("cycle", 1)) <= rounds[event.key] + 1
    ]


def _clocks(
    opened: Iterable[EventRow], reopened: Iterable[EventRow], needless: Set[str | None], started: Iterable[EventRow]
) -> list[str]:
    """Three of each ticket start once. Of one that was opened again the visit is owed anew that was needless before.

    Others of it may begin anew in passing, where what had met them is heard after the reopening.
    """
    found = Counter((event.key, event.data["metric"], event.data.get("cycle", 1)) for event in started)
    wanted = {(event.key, metric, 1) for event in opened for metric in METRICS}
    again = {event.key for event in reopened}
    wrong = [f"clock {clock} started {found[clock]} times" for clock in wanted if found[clock] != 1]
    wrong += [f"the visit of ticket {key} is not owed anew" for key in again & needless if not found[key, "on_site", 2]]
    allowed = wanted | {(key, metric, 2) for key in again for metric in METRICS}
    return wrong + [f"clock {clock} of no ticket, or begun anew" for clock in found if clock not in allowed]
