"""The verdict of a fault run: each invariant with what it looked at and what is wrong."""

import asyncio
import re
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from deploy.devstack.process import clean_environment
from libs.services import EVENT_SERVICES
from tests.faults.checker import (
    answers_fair,
    commands_kept,
    commands_recorded,
    lanes_contiguous,
    repeats_answered_alike,
    streams_contiguous,
    timers_fired_once,
    topics_hold_lanes,
)
from tests.faults.effects import effects_once, story_complete
from tests.faults.environment import DRAIN_SECONDS
from tests.faults.evidence import EventRow, Evidence, Sent
from tests.faults.faults import Struck, hits
from tests.faults.gateways import ratings_once, steps_in_order
from tests.faults.ledger import Ledger
from tests.faults.next_release import UNREAD
from tests.faults.run import Outcome

SMALL_RUN = 100
"""In a run of fewer tickets the upgrade may come when all have ended."""


@dataclass(frozen=True, slots=True)
class Check:
    """One invariant: how much it was checked over, and what is wrong. A check over nothing fails."""

    name: str
    count: int
    wrong: Sequence[str]

    @property
    def holds(self) -> bool:
        return self.count > 0 and not self.wrong


@dataclass(frozen=True)
class Demand:
    """What makes a run count: so many faults of so many kinds that hit work in flight."""

    faults: int
    kinds: int


def judge(outcome: Outcome, evidence: Evidence, demand: Demand) -> list[Check]:
    """I1 to I3, the outside view of I4, and I6 to I8."""
    ledger, events = outcome.ledger, evidence.events
    acknowledged = ledger.acknowledged
    services = sorted({event.service for event in events})
    fired = [event for event in events if event.type.startswith("sla.Deadline")]
    return [
        _faults_hit(outcome, demand),
        Check("tickets that came to their end", outcome.tickets, ledger.unfinished),
        Check(
            "I1 every acknowledged command's answer is kept, once",
            len(acknowledged),
            commands_kept(acknowledged, evidence.kept),
        ),
        Check(
            "I1 every acknowledged command's events stand, once",
            len(acknowledged),
            commands_recorded(acknowledged, events),
        ),
        Check(
            "I1 the same key, the same answer",
            len(ledger.repeats),
            repeats_answered_alike(acknowledged, ledger.repeats),
        ),
        Check("I2 streams have no gap", len(events), streams_contiguous(events)),
        Check(
            "I3 lanes have no gap in the store", len(evidence.published), lanes_contiguous(events, evidence.published)
        ),
        Check(
            "I3 nor on Kafka, repeats dropped",
            len(evidence.sent),
            topics_hold_lanes(events, evidence.published, evidence.sent),
        ),
        Check("I4 every cause had its effect, once", len(events), effects_once(events)),
        *_another_round(outcome, events),
        Check(
            "I4 the story over all services is whole",
            len(evidence.history),
            story_complete(events, evidence.history, services),
        ),
        Check(
            "I6 every deadline fired once", len(fired), timers_fired_once(events, ledger.late_tickets, evidence.timers)
        ),
        _drained(outcome, evidence),
        Check(
            "I8 no answer above 499 but by a fault",
            ledger.answers,
            answers_fair(ledger.failures, [one.window for one in outcome.struck], ledger.leaks),
        ),
        *_taken_without_kafka(outcome),
        *sent_without_a_leader(outcome.struck, evidence.sent, time.time() - time.monotonic()),
        *_beside_the_next(outcome, evidence),
    ]


def _faults_hit(outcome: Outcome, demand: Demand) -> Check:
    hit = [one for one in outcome.struck if one.hit]
    kinds = {one.fault.kind for one in hit}
    wrong = (
        []
        if len(hit) >= demand.faults
        else [f"only {len(hit)} faults hit work in flight, {demand.faults} are asked for"]
    )
    wrong += [] if len(kinds) >= demand.kinds else [f"of {len(kinds)} kinds, {demand.kinds} are asked for"]
    return Check(f"faults that hit work in flight, of {len(kinds)} kinds", hits(outcome.struck), wrong)


def _another_round(outcome: Outcome, events: Sequence[EventRow]) -> list[Check]:
    """Tickets that were opened again and came to a second end."""
    again = sum(event.type == "intake.TicketReopened" for event in events)
    return [] if outcome.tickets < SMALL_RUN else [Check("tickets that were opened again", again, [])]


def _drained(outcome: Outcome, evidence: Evidence) -> Check:
    left = outcome.left
    wrong = ["the databases did not answer"] if left is None else [left.everywhere] if left.everywhere else []
    wrong += [f"{n} parked events or stopped lanes in {name}" for name, n in (left.stuck if left else {}).items() if n]
    wrong += [f"{evidence.open_clocks} clocks of ended tickets still run"] if evidence.open_clocks else []
    return Check(
        f"I7 all arrived after {outcome.drained:.1f} s (at most {DRAIN_SECONDS:.0f})", len(evidence.published), wrong
    )


def _taken_without_kafka(outcome: Outcome) -> list[Check]:
    """Commands acknowledged while Kafka was away; that none was refused because of it is part of I8."""
    away = [one.window for one in outcome.struck if one.fault.kind == "Kafka away"]
    taken = [c for c in outcome.ledger.acknowledged.values() if any(w.begin < c.at < w.end for w in away)]
    return [Check("commands taken while Kafka was away", len(taken), [])] if away else []


def sent_without_a_leader(struck: Sequence[Struck], sent: Sequence[Sent], ahead: float) -> list[Check]:
    """Events sent by another relay: while the one that led stood still, nobody else made them.

    `ahead` is what the wall clock has before the monotonic one.
    """
    checks = []
    for one in struck:
        if one.fault.kind == "leader frozen" and one.held is not None:
            begin, end = one.held.begin + ahead, one.held.end + ahead
            others = [each for each in sent if each.source == one.fault.service and begin < each.at < end]
            checks.append(Check(f"events of {one.fault.service} sent while its leader was frozen", len(others), []))
    return checks


def _beside_the_next(outcome: Outcome, evidence: Evidence) -> list[Check]:
    """Events of the next release that the older one beside it could not read, and the commands it left to it."""
    if outcome.tickets < SMALL_RUN or all(one.fault.kind != "next release" for one in outcome.struck):
        return []
    left = sum("newer-release" in failure.body for failure in outcome.ledger.failures)
    unread = sum(event.type == UNREAD for event in evidence.events)
    return [Check(f"events that only the next release reads ({left} commands left to it)", unread, [])]


def through_the_gateways(ledger: Ledger, events: Sequence[EventRow]) -> list[Check]:
    """What phones sent and customers did by links, beside what holds for all commands."""
    steps = sum(map(len, ledger.lanes.values()))
    return [
        Check("steps of phones stand once, in order, at their time", steps, steps_in_order(ledger.lanes, events)),
        Check("ratings by link count once", len(ledger.ratings), ratings_once(ledger.ratings, events)),
        Check("progress was shown by links", ledger.looked, []),
    ]


def none_ended_by_itself(outcome: Outcome, revived: Sequence[str]) -> Check:
    """Services were started again as often as we killed them: what is out of reach ends nobody."""
    killed = Counter(one.fault.target for one in outcome.struck if one.fault.kind.endswith("killed"))
    ended = Counter(revived) - killed
    wrong = [
        f"{name} ended {times} times by itself; see its log"
        for name, times in ended.items()
        if name.partition(".")[0] in EVENT_SERVICES
    ]
    return Check("services ended by our hand alone", len(EVENT_SERVICES), wrong)


async def views_equal_the_fold(service: str, settings: Mapping[str, str], release: Path) -> Check:
    """I4: the rebuild of the service's release compares every view with the fold of its history."""
    command = [sys.executable, "-m", "libs.events.projection.rebuild", service, "--check"]
    child = await asyncio.create_subprocess_exec(
        *command,
        cwd=release,
        env={**clean_environment(), **settings},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output = (await child.communicate())[0].decode()
    lines = output.strip().splitlines() or ["it said nothing"]
    wrong = [line for line in lines if "DIFFERENT" in line] or lines[-1:] if child.returncode else []
    return Check(f"I4 views of {service} are the fold", sum(map(int, re.findall(r"(\d+) rows", output))), wrong)


def rebuild_settings(service: str, environment: Mapping[str, str]) -> dict[str, str]:
    """The environment in which a service's rebuild may ask the other services' feeds."""
    secret = Path(environment["OIDC_STATE"]) / "clients" / service
    return {**environment, "OIDC_CLIENT_ID": service, "OIDC_CLIENT_SECRET_FILE": str(secret)}
