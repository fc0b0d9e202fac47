"""The list's rows, folded from history."""

from hypothesis import given
from hypothesis import strategies as st

from libs.events import Event, Recorded
from libs.events.contracts.triage.cases import (
    CauseDetermined,
    FaultClassified,
    RemoteSupportFailed,
    RemoteSupportStarted,
    RemoteSupportSucceeded,
    TriageStarted,
    WorkAuthorised,
)
from services.triage.cases.domain import CaseEnded, CaseEvent, CaseReopened, CaseResumed, case
from services.triage.cases.view import CaseRow, case_view
from tests.spec import MONDAY

T = "t1"
STARTED = TriageStarted(ticket_id=T, customer_id="c1")
LATER: list[CaseEvent] = [
    FaultClassified(ticket_id=T, level=2, maintenance_type="corrective"),
    RemoteSupportStarted(ticket_id=T, note_id="n1"),
    RemoteSupportFailed(ticket_id=T, note_id="n2"),
    RemoteSupportSucceeded(ticket_id=T),
    CauseDetermined(ticket_id=T, cause="normal_wear", explanation_id="x1"),
    WorkAuthorised(ticket_id=T, customer_id="c1", job_type="repair", payable=False, skills=["hvac"]),
]


def row(*events: Event) -> CaseRow | None:
    history = [
        Recorded(event=event, id=str(n), stream=f"case-{T}", version=n, occurred_at=MONDAY, recorded_at=MONDAY)
        for n, event in enumerate(events, 1)
    ]
    return case_view.fold(history)[T]


def test_a_started_case_is_on_the_list() -> None:
    assert row(STARTED) == CaseRow(id=T, status="open", version=1, opened_at=MONDAY)


def test_the_list_shows_what_was_found_out() -> None:
    line = row(STARTED, LATER[0], LATER[1], LATER[2], LATER[4], LATER[5])
    assert line == CaseRow(
        id=T,
        status="authorised",
        level=2,
        maintenance_type="corrective",
        remote_support="failed",
        remote_note_id="n2",
        cause="normal_wear",
        explanation_id="x1",
        job_type="repair",
        payable=False,
        skills=["hvac"],
        version=6,
        opened_at=MONDAY,
    )


ENDS: list[list[CaseEvent]] = [
    [],
    [CaseEnded(because="closed")],
    [CaseEnded(because="cancelled"), CaseResumed()],
    [CaseEnded(because="closed"), CaseReopened()],
]


@given(st.lists(st.sampled_from(LATER), max_size=8), st.sampled_from(ENDS))
def test_the_list_says_what_the_decider_says(later: list[CaseEvent], ends: list[CaseEvent]) -> None:
    history: list[CaseEvent] = [STARTED, *later, *ends]
    line = row(*history)
    assert line is not None
    assert (line.status, line.version) == (case.status(case.fold(history)), len(history))


def test_a_ticket_that_ended_before_its_triage_is_not_on_the_list() -> None:
    assert row(CaseEnded(because="cancelled")) is None
