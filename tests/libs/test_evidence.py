"""Late evidence: marked where it is recorded, and accepted or refused once, by somebody who did not record it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from libs.events import Catalogue, Decider, Evidence, Refused, event
from libs.events.chronology import after_opening, after_order, after_step
from libs.events.contracts.dispatch.work_orders import EvidenceAccepted, EvidenceRefused
from libs.events.log.evidence import AcceptEvidence, Late, RefuseEvidence, evidence_of, evidence_views
from libs.events.log.intent import Intent
from libs.events.log.unit import Unit
from libs.events.message import AnyRecorded
from tests.spec import Given

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LATE = Late("event-1", "ticket-1", "anna", NOW)
ACCEPTED = EvidenceAccepted(ticket_id="ticket-1", event_id="event-1")
REFUSED = EvidenceRefused(ticket_id="ticket-1", event_id="event-1", reason_id="text-1")

evidence = Given(evidence_of(EvidenceAccepted, EvidenceRefused))


def test_somebody_else_than_its_author_accepts_or_refuses_it() -> None:
    assert evidence.when(AcceptEvidence(LATE, "bert")) == [ACCEPTED]
    assert evidence.when(RefuseEvidence(LATE, "bert", "text-1")) == [REFUSED]
    for command in (AcceptEvidence(LATE, "anna"), RefuseEvidence(LATE, "anna", "text-1")):
        with evidence.refuses("own-evidence") as given:
            given.when(command)


def test_nobody_decides_about_it_before_it_was_recorded() -> None:
    for command in (AcceptEvidence(LATE, "bert"), RefuseEvidence(LATE, "bert", "text-1")):
        with evidence.refuses("before-evidence") as given:
            given.when(command, NOW - timedelta(microseconds=1))


@pytest.mark.parametrize(("first", "code"), [(ACCEPTED, "evidence-accepted"), (REFUSED, "evidence-refused")])
def test_it_is_decided_once(first: EvidenceAccepted | EvidenceRefused, code: str) -> None:
    for command in (AcceptEvidence(LATE, "bert"), RefuseEvidence(LATE, "bert", "text-1")):
        with evidence.given(first).refuses(code) as given:
            given.when(command)


@event("dispatch.Noticed")
class Noticed(Evidence, frozen=True, kw_only=True):
    """Somebody noticed something."""


notices: Decider[None, int, Noticed] = Decider(
    "notice", Catalogue(Noticed), 0, lambda command, state, at: [Noticed(ticket_id="t")], lambda n, _: n + 1, str
)


async def noticed(**intent: Any) -> AnyRecorded:
    """What is recorded at NOW, by a unit that bears with a day offline."""

    async def empty(stream: str) -> list[AnyRecorded]:
        return []

    unit = Unit(NOW, empty, offline=timedelta(days=1))
    (decided,) = await unit.decide(notices.on("1", None), Intent(**intent))
    return decided.events[0]


@pytest.mark.parametrize(("hours", "late"), [(0, False), (24, False), (24.01, True), (10_000, True)])
async def test_evidence_that_is_recorded_long_after_it_happened_is_late(hours: float, late: bool) -> None:
    assert (await noticed(occurred_at=NOW - timedelta(hours=hours))).event.late is late


async def test_what_a_reaction_makes_of_evidence_is_late_if_that_was_and_only_then() -> None:
    long_ago = NOW - timedelta(days=9)
    assert (await noticed(occurred_at=long_ago, late=False)).event.late is False
    assert (await noticed(occurred_at=NOW, late=True)).event.late is True


async def test_late_evidence_waits_in_a_list_and_what_a_service_made_of_it_does_not() -> None:
    view, _ = evidence_views
    late = await noticed(occurred_at=NOW - timedelta(days=9), actor="anna")
    row = view.fold([late])[late.id]
    assert row is not None
    assert (row.type, row.ticket_id, row.actor) == ("dispatch.Noticed", "t", "anna")
    assert view.fold([await noticed(occurred_at=NOW, late=True, actor="service:dispatch")]) == {}
    assert view.fold([await noticed(occurred_at=NOW)]) == {}


@pytest.mark.parametrize(
    ("check", "code"),
    [(after_opening, "before-ticket"), (after_order, "before-work-order"), (after_step, "before-previous-step")],
)
def test_what_contradicts_what_was_recorded_before_is_refused(check: Any, code: str) -> None:
    check(NOW, NOW)
    check(NOW, None)
    with pytest.raises(Refused) as refused:
        check(NOW - timedelta(microseconds=1), NOW)
    assert refused.value.code == code
