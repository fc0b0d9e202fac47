"""The invariants of a fault run, as pure functions over rows: what is wrong, in sentences; nothing, if all is well.

It imports nothing of the project: what should be there follows from the clients' ledger alone. I1 every acknowledged
command is in the store once; I2 streams have no gap; I3 lanes have none, in the store and on Kafka; I4 effects follow
from causes, once; I6 timers fired once, and not early; I8 no answer above 499 without an excuse, none that leaks.
"""

import json
import zlib
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

from tests.faults.evidence import EventRow, KeptRow, PublishedRow, Sent
from tests.faults.ledger import Acknowledged, Failure, Repeat, Window

LANES = 16
GRACE_SECONDS = 10.0
CLOCKS = 3

STATUS = "intake.TicketStatusChanged"
"""Left by commands and by reactions alike, how often depends on the order in which news arrived."""

LEFT_BEHIND: Mapping[str, tuple[str, Sequence[str]]] = {
    "tickets": ("ticket", ["intake.TicketOpened", "intake.WarrantyAssessed"]),
    "cancellation": ("ticket", ["intake.TicketCancelled", STATUS]),
    "closure": ("ticket", ["intake.TicketClosed", STATUS]),
    "reopening": ("ticket", ["intake.TicketReopened", STATUS]),
    "amendment": ("ticket", ["intake.TicketAmended"]),
    "classification": ("case", ["triage.FaultClassified"]),
    "remote-support started": ("case", ["triage.RemoteSupportStarted"]),
    "remote-support succeeded": ("case", ["triage.RemoteSupportSucceeded"]),
    "remote-support failed": ("case", ["triage.RemoteSupportFailed"]),
    "cause": ("case", ["triage.CauseDetermined"]),
    "authorisation": ("case", ["triage.WorkAuthorised"]),
    "engineers": ("engineer", ["dispatch.EngineerRegistered"]),
    "binding": ("engineer", ["dispatch.EngineerBound"]),
    "assignment": ("work_order", ["dispatch.CrewAssigned"]),
    "departure": ("work_order", ["dispatch.EngineerDeparted"]),
    "arrival": ("work_order", ["dispatch.OnSiteArrived"]),
    "pause": ("work_order", ["dispatch.WorkPaused"]),
    "resumption": ("work_order", ["dispatch.WorkResumed"]),
    "completion": ("work_order", ["dispatch.RepairCompleted"]),
    "acceptance": ("work_order", ["dispatch.RepairAccepted"]),
    "rejection": ("work_order", ["dispatch.RepairRejected", "dispatch.ReworkOrdered"]),
    "links": ("link", ["intake.LinkIssued"]),
    "revocation": ("link", ["intake.LinkRevoked"]),
    "evidence acceptance": ("evidence", ["intake.EvidenceAccepted"]),
    "attempts no_answer": ("callback", ["survey.CallbackAttempted"]),
    "attempts reached": ("callback", ["survey.CallbackAttempted", "survey.CallbackCompleted"]),
}
"""The stream that a command is for, and the events that it leaves there, the last at the version that it answers."""

ELSEWHERE: Mapping[str, Sequence[str]] = {"evidence acceptance": ["intake.EvidenceAccepted"]}
"""What a command leaves in other streams: one ruling holds for a late ticket's opening and its warranty's check."""

BY_LINK = "by_link"
"""The outcome of a callback whose score no command of a client's gave: a customer did, at the gateway."""

FIRED = ("sla.DeadlineApproaching", "sla.DeadlineBreached")


def commands_kept(acknowledged: Mapping[str, Acknowledged], kept: Iterable[KeptRow]) -> list[str]:
    """I1: every acknowledged command's key is kept, once, with the very answer that the client got."""
    found: dict[tuple[str, str], list[KeptRow]] = defaultdict(list)
    for row in kept:
        found[row.service, row.key].append(row)
    wrong = []
    for key, command in acknowledged.items():
        rows = found[command.service, key]
        if len(rows) != 1:
            wrong.append(f"{command.service} keeps {len(rows)} answers to {key}")
        elif (rows[0].status, json.loads(rows[0].body)) != (command.status, json.loads(command.body)):
            wrong.append(f"{command.service} keeps another answer to {key} than it gave")
    return wrong


def commands_recorded(acknowledged: Mapping[str, Acknowledged], events: Iterable[EventRow]) -> list[str]:
    """I1: every acknowledged command's events stand in its stream, up to the version answered, and nowhere else."""
    found: dict[tuple[str, str, int], list[str]] = defaultdict(list)
    counted: Counter[str] = Counter()
    for event in events:
        found[event.service, event.stream, event.version].append(event.type)
        counted[event.type] += event.data.get("outcome") != BY_LINK
    wrong, expected = [], Counter[str]()
    for key, command in acknowledged.items():
        stream, types = LEFT_BEHIND[command.verb]
        expected.update(type for type in (*types, *ELSEWHERE.get(command.verb, ())) if type != STATUS)
        for number, type in enumerate(reversed(types)):
            there = found[command.service, f"{stream}-{command.id}", command.version - number]
            if there != [type]:
                wrong.append(f"{key} was acknowledged, but {command.verb} of {command.id} left {there}, not {type}")
    return wrong + [
        f"{n} of {type} were acknowledged, {counted[type]} stand" for type, n in expected.items() if counted[type] != n
    ]


def repeats_answered_alike(acknowledged: Mapping[str, Acknowledged], repeats: Iterable[Repeat]) -> list[str]:
    """I1: the same key answers the same body, and says that it is a replay."""
    wrong = []
    for repeat in repeats:
        first = acknowledged[repeat.key]
        if (repeat.status, repeat.body) != (first.status, first.body):
            wrong.append(f"{repeat.key} was answered {first.body!r} and then {repeat.body!r}")
        elif not repeat.flagged:
            wrong.append(f"{repeat.key} was carried out again, or its replay is not flagged")
    return wrong


def streams_contiguous(events: Iterable[EventRow]) -> list[str]:
    """I2: the versions of a stream are 1, 2, 3 … in the order of recording, and no event's id is there twice."""
    streams: dict[tuple[str, str], list[int]] = defaultdict(list)
    ids: Counter[tuple[str, str]] = Counter()
    for event in sorted(events, key=lambda event: event.position):
        streams[event.service, event.stream].append(event.version)
        ids[event.service, event.id] += 1
    wrong = [
        f"{service}.{stream} has versions {versions}"
        for (service, stream), versions in streams.items()
        if versions != list(range(1, len(versions) + 1))
    ]
    return wrong + _doubled("event", ids)


def lanes_contiguous(events: Sequence[EventRow], published: Iterable[PublishedRow]) -> list[str]:
    """I3, in the store: lanes are numbered without a gap, hold every event with a key once, and keep streams' order."""
    logged = {(event.service, event.position): event for event in events}
    lanes: dict[tuple[str, int, int], list[PublishedRow]] = defaultdict(list)
    places: Counter[tuple[str, int]] = Counter()
    wrong = []
    for row in sorted(published, key=lambda row: row.seq):
        lanes[row.service, row.epoch, row.lane].append(row)
        places[row.service, row.position] += 1
        event = logged.get((row.service, row.position))
        if event is None or event.key is None:
            wrong.append(f"{row.service} published position {row.position}, where no event for others stands")
        elif lane_of(event.key) != row.lane:
            wrong.append(f"{event.type} of key {event.key} is in lane {row.lane} of {row.service}")
    for lane, rows in lanes.items():
        if [row.seq for row in rows] != list(range(1, len(rows) + 1)):
            wrong.append(f"lane {lane} has a gap or a double: {[row.seq for row in rows]}")
        wrong += _disordered(logged[place] for row in rows if (place := (row.service, row.position)) in logged)
    wrong += [
        f"{event.type} {event.id} was never published"
        for event in events
        if event.key and not places[event.service, event.position]
    ]
    return wrong + _doubled("position", places)


def topics_hold_lanes(events: Iterable[EventRow], published: Iterable[PublishedRow], sent: Sequence[Sent]) -> list[str]:
    """I3, on Kafka: repeats dropped, each lane's seqs in order without a gap, with ids, keys and data as stored."""
    logged = {(event.service, event.position): event for event in events}
    stored = {(row.service, row.epoch, row.lane, row.seq): logged[row.service, row.position] for row in published}
    heads: dict[tuple[str, int, int], int] = defaultdict(int)
    seen: dict[Hashable, str] = {}
    wrong = []
    for record in sent:
        lane, place = record.source, (record.source, record.epoch, record.lane, record.seq)
        if record.partition != record.lane % record.partitions or record.lane != lane_of(record.key):
            wrong.append(f"{record.type} {record.id} of key {record.key} went to partition {record.partition}")
        if seen.setdefault(place, record.id) != record.id:
            wrong.append(f"{place} was sent with two ids")
        if place not in stored:
            wrong.append(f"{record.type} {record.id} was sent as {place}, which was never published")
        elif not _same(record, stored[place]):
            wrong.append(f"{place} was sent as {record.type} {record.id}, not as it is stored")
        if record.seq > heads[place[:3]] + 1:
            wrong.append(f"lane {record.lane} of {lane} jumps from {heads[place[:3]]} to {record.seq} on Kafka")
        heads[place[:3]] = max(heads[place[:3]], record.seq)
    return wrong + [
        f"{event.type} {event.id} never came to Kafka" for place, event in stored.items() if place not in seen
    ]


def lane_of(key: str) -> int:
    """The lane of a key, fixed for ever."""
    return zlib.crc32(key.encode()) % LANES


def timers_fired_once(events: Sequence[EventRow], late_tickets: set[str], timers_left: int) -> list[str]:
    """I6: a deadline is announced and breached at most once, never early; every late ticket's were, no other's."""
    fired = [event for event in events if event.type in FIRED]
    times = Counter((e.data["clock_id"], e.type, e.data["deadline"]) for e in fired)
    wrong = [
        f"{type} of clock {clock} for {deadline} fired {n} times"
        for (clock, type, deadline), n in times.items()
        if n > 1
    ]
    wrong += [f"{event.type} {event.id} fired before {event.data['at']}" for event in fired if event.early]
    wrong += [f"{e.type} of ticket {e.key}, which is in time" for e in fired if e.key not in late_tickets]
    breached: dict[str | None, set[str]] = defaultdict(set)
    for event in fired:
        if event.type == "sla.DeadlineBreached":
            breached[event.key].add(event.data["clock_id"])
    wrong += [
        f"{len(breached[ticket])} clocks of late ticket {ticket} are breached, not {CLOCKS}"
        for ticket in late_tickets
        if len(breached[ticket]) != CLOCKS
    ]
    return wrong + ([f"{timers_left} timers are left"] if timers_left else [])


def answers_fair(failures: Iterable[Failure], windows: Sequence[Window], leaks: Sequence[str]) -> list[str]:
    """I8: an answer of 500 is a defect; another above it is excused by a fault that hinders the service, + 10 s.

    Who has too many requests at once may say so at any time.
    """
    wrong = [
        f"{failure.service} answered {failure.status} without excuse {_before(failure, windows)}: {failure.body}"
        for failure in failures
        if failure.status == 500 or not (_is_crowded(failure) or _excused(failure, windows))
    ]
    return wrong + list(leaks)


def _is_crowded(failure: Failure) -> bool:
    return failure.status == 503 and any(f'"code":"{code}"' in failure.body for code in ("overloaded", "busy"))


def _before(failure: Failure, windows: Iterable[Window]) -> str:
    """How far from the next fault it was, in words."""
    ahead = [window.begin - failure.at for window in windows if window.begin > failure.at]
    return f"({min(ahead):.2f} s before the next fault)" if ahead else "(after the last fault)"


def _excused(failure: Failure, windows: Iterable[Window]) -> bool:
    return any(
        window.begin <= failure.at <= window.end + GRACE_SECONDS and failure.service in window.hinders
        for window in windows
    )


def _same(record: Sent, event: EventRow) -> bool:
    return (record.id, record.type, record.key, record.record_key, record.data) == (
        event.id, event.type, event.key, event.key, event.data,
    )  # fmt: skip


def _disordered(events: Iterable[EventRow]) -> list[str]:
    """Events of one lane that come before an earlier version of their stream."""
    versions: dict[str, int] = {}
    wrong = []
    for event in events:
        if event.version <= versions.get(event.stream, 0):
            wrong.append(f"version {event.version} of {event.stream} was published after {versions[event.stream]}")
        versions[event.stream] = event.version
    return wrong


def _doubled(what: str, counted: Mapping[Any, int]) -> list[str]:
    return [f"{what} {place} of {service} is there {n} times" for (service, place), n in counted.items() if n > 1]
