"""The checker of fault runs can fail: on a lost event, a doubled one, a gap, a wrong order, and all it claims."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.faults.checker import (
    answers_fair,
    commands_kept,
    commands_recorded,
    lane_of,
    lanes_contiguous,
    repeats_answered_alike,
    streams_contiguous,
    timers_fired_once,
    topics_hold_lanes,
)
from tests.faults.effects import effects_once, story_complete
from tests.faults.evidence import EventRow, KeptRow, PublishedRow, Sent
from tests.faults.faults import Fault, Held, Struck
from tests.faults.gateways import ratings_once, steps_in_order
from tests.faults.ledger import Acknowledged, Failure, Rated, Repeat, Step, Window
from tests.faults.verdict import sent_without_a_leader
from tests.faults.watcher import Watcher, expected

TICKET = "0190b5e0-0000-7000-8000-000000000001"
LANE = lane_of(TICKET)
PARTITIONS = 4

BODY = json.dumps({"id": TICKET, "version": 2, "status": "open"}).encode()
OPENED = Acknowledged("intake", "tickets", "k1", TICKET, 2, 201, BODY, 1.0)
KEPT = KeptRow("intake", "scope", "k1", 201, BODY.decode())
LEDGER = {"k1": OPENED}

EVENTS = [
    EventRow("intake", 1, "e1", f"ticket-{TICKET}", 1, "intake.TicketOpened", {}, TICKET),
    EventRow("intake", 2, "e2", f"ticket-{TICKET}", 2, "intake.WarrantyAssessed", {}, TICKET),
]
PUBLISHED = [PublishedRow("intake", 1, LANE, 1, 1), PublishedRow("intake", 1, LANE, 2, 2)]
SENT = [
    Sent("intake", 1, LANE, seq, event.id, event.type, TICKET, TICKET, LANE % PARTITIONS, PARTITIONS, {})
    for seq, event in enumerate(EVENTS, 1)
]


def test_a_run_without_a_fault_is_told_nothing_wrong() -> None:
    assert commands_kept(LEDGER, [KEPT]) == []
    assert commands_recorded(LEDGER, EVENTS) == []
    assert streams_contiguous(EVENTS) == []
    assert lanes_contiguous(EVENTS, PUBLISHED) == []
    assert topics_hold_lanes(EVENTS, PUBLISHED, SENT) == []
    assert repeats_answered_alike(LEDGER, [Repeat("k1", 201, BODY, True)]) == []


OPENED_TOLD, ASSESSED_TOLD = (("intake.TicketOpened", TICKET, 1), ("intake.WarrantyAssessed", TICKET, 2))


@pytest.mark.parametrize(
    ("told", "cuts", "resets", "wrong"),
    [
        ([OPENED_TOLD, ASSESSED_TOLD], 1, 0, ""),
        ([OPENED_TOLD], 1, 0, "was not told"),
        ([OPENED_TOLD, ASSESSED_TOLD, OPENED_TOLD], 1, 0, "told too often"),
        ([OPENED_TOLD, ASSESSED_TOLD], 0, 0, "never cut"),
        ([OPENED_TOLD, ASSESSED_TOLD], 1, 1, "not known any more"),
    ],
)
def test_an_event_that_the_live_stream_lost_or_doubled(
    told: list[tuple[str, str | None, int]], cuts: int, resets: int, wrong: str
) -> None:
    watcher = Watcher([], "")
    watcher.told, watcher.cuts, watcher.resets = told, cuts, resets
    found = watcher.wrong(expected([replace(event, data={"ticket_id": TICKET}) for event in EVENTS], PUBLISHED, ""))
    assert (len(found), wrong in "".join(found)) == (1 if wrong else 0, True)


@pytest.mark.parametrize("kept", [[], [KEPT, KEPT], [replace(KEPT, body="{}")], [replace(KEPT, service="triage")]])
def test_an_answer_lost_kept_twice_or_changed(kept: Sequence[KeptRow]) -> None:
    assert len(commands_kept(LEDGER, kept)) == 1


@pytest.mark.parametrize(
    "events",
    [
        EVENTS[:1],
        EVENTS[1:],
        [EVENTS[0], replace(EVENTS[1], type="intake.TicketClosed")],
        [*EVENTS, replace(EVENTS[0], position=3, id="e3", stream="ticket-other")],
        [*EVENTS, replace(EVENTS[1], position=3, id="e3")],
    ],
    ids=["lost at the end", "lost at the beginning", "another", "opened twice", "doubled in its stream"],
)
def test_acknowledged_events_lost_or_doubled(events: Sequence[EventRow]) -> None:
    assert commands_recorded(LEDGER, events)


@pytest.mark.parametrize(
    "repeat", [Repeat("k1", 201, b"{}", True), Repeat("k1", 409, BODY, True), Repeat("k1", 201, BODY, False)]
)
def test_the_same_key_answered_otherwise(repeat: Repeat) -> None:
    assert len(repeats_answered_alike(LEDGER, [repeat])) == 1


@pytest.mark.parametrize(
    "events",
    [
        [EVENTS[0], replace(EVENTS[1], version=3)],
        [EVENTS[0], replace(EVENTS[1], version=1)],
        [replace(EVENTS[0], position=2), replace(EVENTS[1], position=1)],
        [EVENTS[0], replace(EVENTS[1], id="e1")],
    ],
    ids=["gap", "doubled version", "wrong order", "doubled id"],
)
def test_a_stream_with_a_gap_a_double_or_a_wrong_order(events: Sequence[EventRow]) -> None:
    assert streams_contiguous(events)


@pytest.mark.parametrize(
    "published",
    [
        PUBLISHED[:1],
        [PUBLISHED[0], replace(PUBLISHED[1], seq=3)],
        [*PUBLISHED, replace(PUBLISHED[0], seq=3)],
        [replace(PUBLISHED[0], seq=2), replace(PUBLISHED[1], seq=1)],
        [PUBLISHED[0], replace(PUBLISHED[1], lane=(LANE + 1) % 16, seq=1)],
        [*PUBLISHED, PublishedRow("intake", 1, LANE, 3, 99)],
    ],
    ids=["never published", "gap", "published twice", "wrong order", "wrong lane", "published but not there"],
)
def test_a_lane_with_something_wrong(published: Sequence[PublishedRow]) -> None:
    assert lanes_contiguous(EVENTS, published)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda sent: sent[:1],
        lambda sent: sent[1:],
        lambda sent: sent[::-1],
        lambda sent: [sent[0], replace(sent[1], id="e9")],
        lambda sent: [*sent, replace(sent[0], id="e9")],
        lambda sent: [sent[0], replace(sent[1], partition=sent[1].partition + 1)],
        lambda sent: [sent[0], replace(sent[1], record_key="other")],
        lambda sent: [sent[0], replace(sent[1], data={"changed": True})],
        lambda sent: [*sent, replace(sent[1], seq=3)],
    ],
    ids=["lost", "first lost", "order", "other id", "two ids", "partition", "key", "data", "never published"],
)
def test_a_topic_with_something_wrong(wrong: Callable[[list[Sent]], list[Sent]]) -> None:
    assert topics_hold_lanes(EVENTS, PUBLISHED, wrong(SENT))


def test_a_topic_may_repeat_what_it_held() -> None:
    assert topics_hold_lanes(EVENTS, PUBLISHED, [*SENT, *SENT]) == []


@pytest.mark.parametrize(
    ("at", "source", "counted"), [(9.0, "sla", 0), (11.0, "sla", 1), (35.1, "sla", 0), (11.0, "survey", 0)]
)
def test_what_is_sent_while_the_leader_stands_still_is_another_ones(at: float, source: str, counted: int) -> None:
    fault, window = Fault("leader frozen", "sla", 25.0), Window(5.0, 40.0, frozenset())
    frozen = Struck(fault, window, "work", Held(10.0, 35.0))
    (check,) = sent_without_a_leader([frozen], [replace(SENT[0], source=source, at=1000.0 + at)], ahead=1000.0)
    assert (check.count, check.holds) == (counted, counted > 0)


def fired(id: str, type: str, clock: str, early: bool = False) -> EventRow:
    data = {"clock_id": clock, "deadline": "2026-03-02T09:00:00Z", "at": "2026-03-02T09:00:00Z"}
    return EventRow("sla", 1, id, f"clocks-{TICKET}", 1, f"sla.Deadline{type}", data, TICKET, early=early)


BREACHES = [fired(f"b{number}", "Breached", f"c{number}") for number in range(3)]


def test_deadlines_that_fired_as_they_should() -> None:
    assert timers_fired_once([*BREACHES, fired("a", "Approaching", "c1")], {TICKET}, 0) == []


def test_deadlines_that_fired_twice_early_never_or_in_time() -> None:
    assert len(timers_fired_once([*BREACHES, fired("b9", "Breached", "c1")], {TICKET}, 0)) == 1
    assert len(timers_fired_once([*BREACHES[:2], replace(BREACHES[2], early=True)], {TICKET}, 0)) == 1
    assert len(timers_fired_once(BREACHES[:2], {TICKET}, 0)) == 1
    assert len(timers_fired_once(BREACHES, {TICKET}, 1)) == 1
    assert len(timers_fired_once(BREACHES[:1], set(), 0)) == 1


def test_failures_need_a_fault_that_hinders_their_service() -> None:
    window = Window(10.0, 12.0, frozenset(["intake"]))
    excused = Failure(21.9, "intake", 503, "")
    assert answers_fair([excused], [window], []) == []
    unexcused = [replace(excused, at=22.1), replace(excused, at=9.9), replace(excused, service="triage")]
    assert len(answers_fair(unexcused, [window], [])) == 3
    assert len(answers_fair([replace(excused, status=500)], [window], [])) == 1
    assert answers_fair([], [window], ["/v1/tickets shows 'Traceback'"])


def told(service: str, id: str, type: str, cause: str | None = None, **data: object) -> EventRow:
    return EventRow(service, 1, id, "s", 1, f"{service}.{type}", data, TICKET, cause)


STORY = [
    told("intake", "o", "TicketOpened"),
    told("triage", "t", "TriageStarted", "o"),
    told("intake", "p", "TicketProgressed", "t", fact_id="t"),
    told("sla", "f", "FactHeard", "o", fact={"id": "o"}),
    told("sla", "h", "FactHeard", "t", fact={"id": "t"}),
    *(told("sla", metric, "ClockStarted", "o", metric=metric) for metric in ("response", "on_site", "fix")),
]


def test_effects_that_follow_from_their_causes() -> None:
    assert effects_once(STORY) == []


@pytest.mark.parametrize("lost", range(len(STORY)))
def test_an_effect_that_is_lost_or_has_no_cause(lost: int) -> None:
    assert effects_once([event for number, event in enumerate(STORY) if number != lost])


@pytest.mark.parametrize("doubled", range(1, len(STORY)))
def test_an_effect_that_happened_twice(doubled: int) -> None:
    assert effects_once([*STORY, replace(STORY[doubled], id="again")])


def test_a_visit_of_a_withdrawn_ticket_ends() -> None:
    ended = [
        told("intake", "x", "TicketCancelled"),
        told("intake", "s", "TicketStatusChanged", status="cancelled"),
        told("triage", "y", "CaseEnded", "x"),
    ]
    kept = [told("sla", "g", "FactHeard", "x", fact={"id": "x"})]
    visit = told("dispatch", "w", "WorkOrderCreated", work_order_id="1", visit=1)
    noted = [
        told("intake", "q", "TicketProgressed", "w", fact_id="w"),
        told("sla", "k", "FactHeard", "w", fact={"id": "w"}),
    ]
    assert effects_once([*STORY, *ended, *kept]) == []
    assert len(effects_once([*STORY, *ended, *kept, visit, *noted])) == 1


AGAIN = [
    told("intake", "c", "TicketClosed"),
    told("triage", "d", "CaseEnded", "c"),
    told("intake", "r", "TicketReopened"),
    told("triage", "n", "CaseReopened", "r"),
    *(told("sla", f"kept {id}", "FactHeard", id, fact={"id": id}) for id in ("c", "r")),
]


def test_a_ticket_that_was_opened_again_has_another_round_of_work() -> None:
    assert effects_once([*STORY, *AGAIN]) == []
    assert len(effects_once([*STORY, *AGAIN, replace(AGAIN[3], id="m")])) == 1
    assert len(effects_once([*STORY, *(event for event in AGAIN if event.id != "n")])) == 1
    closed_again = [replace(AGAIN[0], id="c2", data={"cycle": 2}), replace(AGAIN[1], id="d2", cause="c2")]
    kept = told("sla", "kept c2", "FactHeard", "c2", fact={"id": "c2"})
    assert effects_once([*STORY, *AGAIN, *closed_again, kept]) == []
    assert len(effects_once([*STORY, *AGAIN, replace(closed_again[0], data={"cycle": 3}), closed_again[1], kept])) == 1


def test_a_visit_that_was_needless_is_owed_anew_and_no_clock_begins_anew_without_a_reopening() -> None:
    mended = [
        told("triage", "m", "RemoteSupportSucceeded"),
        told("intake", "noted m", "TicketProgressed", fact_id="m"),
        told("sla", "fact m", "FactHeard", fact={"id": "m"}),
    ]
    owed = told("sla", "owed", "ClockStarted", metric="on_site", cycle=2)
    assert effects_once([*STORY, *AGAIN, *mended, owed]) == []
    assert len(effects_once([*STORY, *AGAIN, *mended])) == 1
    assert len(effects_once([*STORY, owed])) == 1


def test_visits_of_a_ticket_are_counted_through_all_its_rounds() -> None:
    work = [told("triage", f"a{cycle}", "WorkAuthorised", cycle=cycle) for cycle in (1, 2)]
    visits = [
        told(
            "dispatch",
            f"w{cycle}",
            "WorkOrderCreated",
            f"a{cycle}",
            visit=cycle,
            cycle=cycle,
            work_order_id=f"w{cycle}",
        )
        for cycle in (1, 2)
    ]
    noted = [
        event
        for id in ("a1", "a2", "w1", "w2")
        for event in (
            told("intake", f"noted {id}", "TicketProgressed", fact_id=id),
            told("sla", f"fact {id}", "FactHeard", fact={"id": id}),
        )
    ]
    assert effects_once([*STORY, *AGAIN, *work, *visits, *noted]) == []
    again = replace(visits[1], data={**visits[1].data, "visit": 1})
    assert len(effects_once([*STORY, *AGAIN, *work, visits[0], again, *noted])) == 1
    assert len(effects_once([*STORY, *work, *visits, *noted])) == 2


def test_a_status_that_is_told_twice_or_not_as_the_ticket_ended() -> None:
    def becomes(*statuses: str) -> list[EventRow]:
        changes = [told("intake", status, "TicketStatusChanged", status=status) for status in statuses]
        return [replace(event, position=number) for number, event in enumerate(changes)]

    assert effects_once([*STORY, *becomes("in_triage", "repaired")]) == []
    assert len(effects_once([*STORY, *becomes("in_triage", "in_triage")])) == 1
    assert len(effects_once([*STORY, *becomes("in_triage", "closed")])) == 1


def test_a_story_with_something_missing_doubled_or_made_up() -> None:
    about = {"ticket_id": TICKET}
    events = [told("triage", "t", "TriageStarted", None, **about), told("intake", "o", "TicketOpened", None, **about)]
    events.append(told("dispatch", "b", "EngineerBound", engineer_id="e"))
    assert story_complete(events, ["t"], ["intake", "triage", "dispatch"]) == []
    for news in ([], ["t", "t"], ["t", "z"]):
        assert len(story_complete(events, news, ["intake", "triage", "dispatch"])) == 1


NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LANES = {
    "w1": [
        Step("departure", "p1", NOW),
        Step("arrival", "p2", NOW + timedelta(minutes=20)),
        Step("arrival", "p3", NOW + timedelta(minutes=20), refused="already-on-site"),
        Step("rejection", "p4", NOW + timedelta(hours=1)),
    ]
}


def stepped(version: int, type: str, **after: int) -> EventRow:
    at = NOW + timedelta(**after)
    stream = "work_order-w1"
    return EventRow("dispatch", version, f"d{version}", stream, version, f"dispatch.{type}", {}, TICKET, occurred_at=at)


VISIT = [
    stepped(1, "WorkOrderCreated"),
    stepped(2, "EngineerDeparted"),
    stepped(3, "OnSiteArrived", minutes=20),
    stepped(4, "RepairRejected", hours=1),
    stepped(5, "ReworkOrdered", hours=1),
]


def test_steps_of_a_phone_that_stand_as_they_were_done() -> None:
    assert steps_in_order(LANES, VISIT) == []


@pytest.mark.parametrize(
    "events",
    [
        VISIT[:4],
        [*VISIT[:1], *VISIT[2:]],
        [*VISIT, stepped(6, "OnSiteArrived", minutes=20)],
        [*VISIT[:1], replace(VISIT[2], version=2), replace(VISIT[1], version=3), *VISIT[3:]],
        [*VISIT[:2], stepped(3, "OnSiteArrived", minutes=21), *VISIT[3:]],
    ],
    ids=["lost at the end", "lost within", "twice", "another order", "at another time"],
)
def test_steps_of_a_phone_that_were_lost_doubled_or_moved(events: Sequence[EventRow]) -> None:
    assert len(steps_in_order(LANES, events)) == 1


RATINGS = {"c1": Rated("l1", "a1", 4)}
RATED = [
    told("intake", "u", "LinkUsed", link_id="l1", answer_id="a1"),
    told("survey", "r", "CallbackCompleted", outcome="by_link", callback_id="c1", score=4),
    told("survey", "s", "CallbackCompleted", outcome="reached", callback_id="c2", score=5),
]


def test_a_rating_by_link_that_counts_once() -> None:
    assert ratings_once(RATINGS, RATED) == []


@pytest.mark.parametrize(
    "events",
    [
        RATED[1:],
        RATED[:1],
        [*RATED, RATED[0]],
        [*RATED, RATED[1]],
        [*RATED, told("intake", "v", "LinkUsed", link_id="l1", answer_id="a2")],
        [*RATED, told("survey", "t", "CallbackCompleted", outcome="by_link", callback_id="c2", score=1)],
    ],
    ids=["not used", "not scored", "used twice", "scored twice", "used by two", "scored without"],
)
def test_a_rating_by_link_that_was_lost_doubled_or_made_up(events: Sequence[EventRow]) -> None:
    assert len(ratings_once(RATINGS, events)) == 1


@pytest.mark.parametrize(
    ("kind", "target", "hindered"),
    [
        ("http killed", "intake", True),
        ("http killed", "gateway.http2", True),
        ("issuer held", "issuer", True),
        ("PostgreSQL killed", "postgres", True),
        ("next release", "survey", True),
        ("http killed", "dispatch.http2", False),
        ("worker killed", "survey.worker2", False),
        ("Kafka away", "kafka", False),
    ],
)
def test_gateways_are_hindered_by_what_they_stand_before(kind: str, target: str, hindered: bool) -> None:
    assert ("gateway" in Fault(kind, target).hinders) == hindered
